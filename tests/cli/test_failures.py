import errno
from pathlib import Path

import pytest

from engine.cli.failures import describe_failure
from engine.errors import Cancelled, DatasetError, ModelError


def test_an_error_of_the_engine_is_its_message_and_code():
    failure = describe_failure(ModelError("there is no model 'x'", code="model_unknown"))
    assert (failure.code, failure.message, failure.status) == ("model_unknown", "there is no model 'x'", 1)


def test_a_message_of_several_lines_becomes_one():
    assert describe_failure(DatasetError("first\n  second")).message == "first second"


def test_what_the_person_stopped_is_no_error():
    assert describe_failure(Cancelled("stopped")).status == 130


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "does not allow it"), (errno.EROFS, "does not allow it")],
)
def test_the_system_s_refusal_is_said_in_words_with_the_file(number: int, said: str):
    failure = describe_failure(OSError(number, "whatever", "take.wav"))
    assert failure.code == "system"
    assert failure.message.startswith("take.wav: ")
    assert said in failure.message


def test_a_fault_of_the_program_is_one_line_and_its_traceback_a_file(data_home: Path):
    failure = describe_failure(caught(lambda: {}["gone"]))
    (log,) = (data_home / "logs").iterdir()
    assert failure.status == 1
    assert failure.code == "internal"
    assert "KeyError" in failure.message
    assert str(log) in failure.message
    assert "\n" not in failure.message
    assert "Traceback" in log.read_text("utf-8")


def test_without_a_writable_data_folder_the_traceback_goes_elsewhere(
    data_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    data_home.write_text("a file where the folder should be")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    failure = describe_failure(caught(lambda: {}["gone"]))
    (log,) = tmp_path.glob("error-*.txt")
    assert str(log) in failure.message


def caught(action) -> Exception:
    with pytest.raises(KeyError) as found:
        action()
    return found.value
