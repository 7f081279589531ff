#!/usr/bin/env python3
"""Run a task of this project, in an environment that is made when it is missing: python3 scripts/dev.py TASK.

    demo [--minutes M] [--out FILE]   make a small data set, train, generate, print where the sound is
    app [--browser]                   open the window, or serve the same page for a browser
    test [ARGUMENTS FOR PYTEST]       format, lint, types and tests
    package                           build the installable program
    TASK [ARGUMENTS]                  any other task of [tool.poe.tasks] in pyproject.toml

Needs nothing but Python 3.11 or newer. The environment is .venv in the project folder; SDA_VENV moves it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_TIMEOUT_SECONDS = 5.0
STILL_WORKING_SECONDS = 20.0
STAMP = "small-dataset-audio.json"  # in the environment: what was installed
UNFINISHED = "unfinished"
TASK_EXTRAS = {"bench": "bench", "package": "package"}
TASK_STEPS = {"test": ("check", "test")}


class Failed(Exception):
    """Something is missing that this script cannot make; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run the task named first, with the arguments after it; return the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    task, extra_arguments = arguments[0], arguments[1:]
    try:
        check_python()
        venv = Path(os.environ.get("SDA_VENV") or ROOT / ".venv").expanduser().absolute()
        make_environment(venv)
        install(venv, {"dev", TASK_EXTRAS.get(task, "dev")})
        return run_task(venv, task, extra_arguments)
    except Failed as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def say(line: str) -> None:
    """Tell the person what happens, apart from the output of the task."""
    print(f"[dev] {line}", file=sys.stderr, flush=True)


def check_python() -> None:
    """Refuse a Python that is too old, or that cannot make environments, with the way out."""
    if sys.version_info < OLDEST_PYTHON:
        raise Failed(
            f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is {sys.version.split()[0]} "
            f"({sys.executable}). Install a newer one, and start this script with it: python3.12 scripts/dev.py"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Failed(
            "this Python cannot make environments (venv or ensurepip is missing). "
            "On Debian and Ubuntu: sudo apt install python3-venv"
        ) from None


def python_of(venv: Path) -> Path:
    """Return the environment's interpreter."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def make_environment(venv: Path) -> None:
    """Make the environment, unless a working one is there; a broken one is made anew.

    An installation that was killed may have left half a package that looks whole, so that counts as broken.
    """
    interrupted = read_stamp(venv / STAMP)[0] == UNFINISHED
    probe = [str(python_of(venv)), "-m", "pip", "--version"]
    works = python_of(venv).exists() and subprocess.run(probe, capture_output=True, check=False).returncode == 0
    if works and not interrupted:
        return
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        raise Failed(f"{venv} is there and is no Python environment: remove it, or set SDA_VENV to another folder.")
    say(f"Making a Python environment in {venv}")
    run_quietly([sys.executable, "-m", "venv", "--clear", str(venv)])


def install(venv: Path, extras: set[str]) -> None:
    """Install the project and its packages, unless exactly these were installed completely before."""
    stamp = venv / STAMP
    fingerprint = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    installed, installed_extras = read_stamp(stamp)
    if installed == fingerprint and extras <= installed_extras:
        return
    extras |= installed_extras
    pip = [str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    write_stamp(stamp, UNFINISHED, extras)
    try:
        install_torch(pip)
        say("Installing the project and its packages (some minutes the first time)")
        run_quietly([*pip, "install", "--editable", f"{ROOT}[{','.join(sorted(extras))}]"])
    except Failed:
        stamp.unlink()  # pip ended by itself, and left nothing half done
        raise
    write_stamp(stamp, fingerprint, extras)


def read_stamp(stamp: Path) -> tuple[str, set[str]]:
    """Return fingerprint and extras of the last installation; both empty when there was none."""
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
        return str(found["fingerprint"]), set(found["extras"])
    except (OSError, ValueError, LookupError, TypeError):
        return "", set()


def write_stamp(stamp: Path, fingerprint: str, extras: set[str]) -> None:
    """Write what `read_stamp` reads."""
    stamp.write_text(json.dumps({"fingerprint": fingerprint, "extras": sorted(extras)}), encoding="utf-8")


def install_torch(pip: list[str]) -> None:
    """On Linux without an NVIDIA GPU, install the CPU build of torch where one can be found.

    Elsewhere pip's choice is right already. A CPU build carries a local version (2.13.0+cpu), which pip prefers
    to the plain one of the same number, so it is enough to show pip where such builds are.
    """
    wanted = torch_requirement()
    if not sys.platform.startswith("linux") or has_nvidia_gpu() or is_satisfied(pip, wanted):
        return
    say("No NVIDIA GPU here: looking for a CPU build of torch")
    index = ["--extra-index-url", CPU_INDEX]
    if lists_cpu_build(pip, []):
        index = []
    elif not (answers(f"{CPU_INDEX}/torch/") and lists_cpu_build(pip, index)):
        index = []
        say("None within reach: installing torch with its CUDA libraries, several GB, which takes a while")
    run_quietly([*pip, "install", *index, wanted])


def has_nvidia_gpu() -> bool:
    """Say whether an NVIDIA driver is here."""
    return shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia").exists()


def is_satisfied(pip: list[str], requirement: str) -> bool:
    """Say whether the environment has what a requirement asks for."""
    command = [*pip, "--isolated", "install", "--dry-run", "--no-index", "--no-deps", requirement]
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def lists_cpu_build(pip: list[str], index: list[str]) -> bool:
    """Say whether pip, as it is configured here and with these index options, sees a CPU build of torch."""
    command = [*pip, "index", "versions", *index, "torch"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return "+cpu" in done.stdout


def answers(url: str) -> bool:
    """Say whether an address can be read within INDEX_TIMEOUT_SECONDS."""
    try:
        with urllib.request.urlopen(url, timeout=INDEX_TIMEOUT_SECONDS) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):
        return False


def torch_requirement() -> str:
    """Return the requirement on torch as pyproject.toml states it."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return next(str(line) for line in project["dependencies"] if line.startswith("torch>"))


def run_quietly(command: list[str]) -> None:
    """Run a command whose output matters only when it fails; say now and then that it is still working."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            while (status := process_status(process, STILL_WORKING_SECONDS)) is None:
                say(f"... still working, {time.monotonic() - started:.0f} s")
        except BaseException:
            process.kill()
            process.wait()
            raise
        if status != 0:
            log.seek(0)
            print("".join(log.readlines()[-40:]), file=sys.stderr)
            raise Failed(f"this command ended with status {status}; what it said last is above: {' '.join(command)}")


def process_status(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Wait for a process to end and return its exit status; None when it has not ended by then."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def run_task(venv: Path, task: str, arguments: list[str]) -> int:
    """Run a task of pyproject.toml in the environment; return its exit status."""
    environment = {**os.environ, "VIRTUAL_ENV": str(venv)}
    environment["PATH"] = os.pathsep.join([str(python_of(venv).parent), environment.get("PATH", os.defpath)])
    environment.pop("PYTHONHOME", None)
    *first, last = TASK_STEPS.get(task, (task,))
    for step, step_arguments in [*((step, []) for step in first), (last, arguments)]:
        command = [str(python_of(venv)), "-m", "poethepoet", "--directory", str(ROOT), step, *step_arguments]
        status = subprocess.run(command, env=environment, check=False).returncode
        if status != 0:
            return status if status > 0 else 128 - status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
