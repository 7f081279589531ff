"""A test that needs a program says so in one way: left out with the way to get it, and a failure where CI=true."""

import re
from pathlib import Path

import pytest
from required_programs import describe_left_out, require_chromium, require_program

TESTS = Path(__file__).parent
CI = (TESTS.parent / ".ci" / "run").read_text("utf-8")
NEEDED = re.compile(r"require_program\(\S+, \"([\w.-]+)\"\)")
LOOKS_FOR_PROGRAMS = re.compile(r"skip(if)?\(.*\bwhich\(|\bwhich\(.*\n(.*\n)?.*\bskip\(")


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SDA_CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.usefixtures("nothing_installed")
def test_a_test_whose_program_is_missing_is_left_out_and_says_how_to_get_it():
    with pytest.raises(pytest.skip.Exception, match=r"ffprobe is not installed; .* sudo apt install ffmpeg"):
        require_program("ffprobe", "ffmpeg")


@pytest.mark.usefixtures("nothing_installed")
def test_in_continuous_integration_it_fails(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "true")
    for require in (lambda: require_program("soxi", "sox"), require_chromium):
        with pytest.raises(pytest.fail.Exception, match="is not installed"):
            require()


def test_every_test_asks_for_its_programs_here_and_continuous_integration_installs_them():
    needed: set[str] = set()
    for path in sorted(TESTS.rglob("*.py")):
        text = path.read_text("utf-8")
        needed |= set(NEEDED.findall(text))
        assert path == Path(__file__) or not LOOKS_FOR_PROGRAMS.search(text), path
    assert {"ffmpeg", "sox", "chromium", "xvfb"} <= needed
    installed = {word for line in CI.splitlines() if "#" not in line for word in line.split()}
    assert needed <= installed


def test_what_was_left_out_is_told_once_with_the_way_to_get_it_all():
    missing = "Skipped: {} is not installed; on Debian and Ubuntu: sudo apt install {}"
    reasons = [missing.format("ffprobe", "ffmpeg")] * 10 + [missing.format("soxi", "sox")] * 5 + ["of Linux only"]
    assert describe_left_out(reasons) == [
        "10 left out: ffprobe is not installed",
        "5 left out: soxi is not installed",
        "1 left out: of Linux only",
        "To run these too, on Debian and Ubuntu: sudo apt install ffmpeg sox",
    ]
    assert describe_left_out(["of Linux only"]) == ["1 left out: of Linux only"]
    assert describe_left_out([]) == []
