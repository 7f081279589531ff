"""The program and the computer that it runs on."""

import platform
from pathlib import Path
from typing import Any

from flask import Blueprint
from werkzeug.exceptions import NotFound

from engine import __version__, paths
from engine.errors import EngineError, ParameterError
from engine.studio.doctor import DoctorReport, examine_installation
from engine.studio.history import existing_file, find_output
from engine.studio.models import find_model
from engine.studio.preferences import read_export_folder
from engine.studio.reveal import show_in_folder
from engine.studio.welcome import is_first_run
from webui.bodies import checked_file_name
from webui.context import Desktop, desktop, opened, room, touch
from webui.endpoint import Empty, endpoint
from webui.schemas.opened import ForwardedAnswer
from webui.schemas.system import (
    CloseGiven,
    FolderAnswer,
    FolderGiven,
    RevealGiven,
    SystemAnswer,
    TargetAnswer,
    TargetGiven,
)

blueprint = Blueprint("system", __name__)

DEVICE_SECONDS = 0.5  # that a page waits for what is not needed at its start


@endpoint(blueprint, "GET", "/api/system", returns=SystemAnswer)
def show() -> SystemAnswer:
    """Say what the page needs to know at its start."""
    return SystemAnswer(
        version=__version__,
        platform=platform.system().lower(),
        desktop=desktop() is not None,
        first_run=is_first_run(),
        data_folder=str(paths.data_folder()),
        export_folder=str(read_export_folder()),
        outputs_folder=str(paths.outputs_folder()),
        device=_device(),
    )


@endpoint(blueprint, "GET", "/api/system/doctor", returns=DoctorReport)
def examine() -> DoctorReport:
    """Say what a bug report needs to know, as `sda doctor --json` does."""
    return examine_installation(device=_device(), workers=room().describe())


@endpoint(blueprint, "POST", "/api/system/arrived", body=Empty, returns=Empty)
def arrive(body: Empty) -> Empty:
    """Take note that the page is there and works."""
    window = desktop()
    if window:
        window.arrived()
    return body


@endpoint(blueprint, "POST", "/api/system/reveal", body=RevealGiven, returns=Empty)
def reveal(body: RevealGiven) -> Empty:
    """Show the file of an output, a model, or a folder in the file manager."""
    show_in_folder(_wanted(body))
    return Empty()


@endpoint(blueprint, "POST", "/api/system/choose-folder", body=FolderGiven, returns=FolderAnswer)
def choose_folder(body: FolderGiven) -> FolderAnswer:
    """Let the person choose a folder in a native dialog; a browser has none."""
    folder = _window().choose_folder(body.title)
    return FolderAnswer(folder=str(folder) if folder else None)


@endpoint(blueprint, "POST", "/api/system/choose-files", body=FolderGiven, returns=ForwardedAnswer)
def choose_files(body: FolderGiven) -> ForwardedAnswer:
    """Let the person choose files in a native dialog; they then wait in `/api/opened`."""
    refused = opened().add(_window().choose_files(body.title))
    touch("opened")
    return ForwardedAnswer(refused=tuple(refused))


@endpoint(blueprint, "POST", "/api/system/choose-target", body=TargetGiven, returns=TargetAnswer)
def choose_target(body: TargetGiven) -> TargetAnswer:
    """Let the person choose where a file is written, in a native dialog."""
    file = _window().choose_target(body.title, checked_file_name(body.name))
    return TargetAnswer(file=str(file) if file else None)


@endpoint(blueprint, "POST", "/api/system/close", body=CloseGiven, returns=Empty)
def close(body: CloseGiven) -> Empty:
    """Answer whether the window closes that was asked to while a training is under way, see `closing` of the state."""
    _window().answer_closing(body.keep)
    return Empty()


def _window() -> Desktop:
    """Return the native window."""
    window = desktop()
    if window is None:
        raise NotFound("a browser has no dialogs and no window of the program")
    return window


def _device() -> dict[str, Any] | None:
    """Return where sound is computed, if the player is warm enough to say so at once."""
    if room().describe()["player"]["state"] != "ready":
        return None
    try:
        return room().ask("device", {}, timeout_seconds=DEVICE_SECONDS)
    except EngineError:
        return None


def _wanted(body: RevealGiven) -> Path:
    if len(body.model_dump(exclude_none=True)) != 1:
        raise ParameterError("give one of history, model and folder", field="history")
    if body.history is not None:
        return existing_file(find_output(body.history))
    if body.model is not None:
        return find_model(body.model).path
    return read_export_folder() if body.folder == "export" else paths.data_folder()
