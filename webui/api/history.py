"""The history of outputs: listed, labelled, heard, seen, deleted and brought back."""

from pathlib import Path

from flask import Blueprint, Response, send_file

from engine.studio import history
from engine.workers.foreign import reading_foreign
from webui.answers import (
    PEAKS,
    PICTURE,
    Binary,
    PeaksQuery,
    PictureQuery,
    answer_peaks,
    answer_picture,
)
from webui.context import room, touch
from webui.endpoint import endpoint
from webui.schemas.history import (
    Entry,
    HistoryLabels,
    HistoryPage,
    HistoryQuery,
    Location,
    SoundQuery,
    entry_to_answer,
    page_to_answer,
)
from webui.sounds import SOUND, answer_stream

blueprint = Blueprint("history", __name__)

KEPT_SECONDS = 31_536_000  # the sound of an entry never changes


@endpoint(blueprint, "GET", "/api/history", query=HistoryQuery, returns=HistoryPage)
def list_history(query: HistoryQuery) -> HistoryPage:
    """List outputs, newest first, a page at a time."""
    wanted = dict(query)
    return page_to_answer(history.list_outputs(wanted.pop("words"), **wanted))


@endpoint(blueprint, "GET", "/api/history/<output>", returns=Entry)
def show(output: str) -> Entry:
    """Return an output: what it was made with, and what is written on it."""
    return entry_to_answer(history.find_output(output))


@endpoint(blueprint, "PATCH", "/api/history/<output>", body=HistoryLabels, returns=Entry)
def label(output: str, body: HistoryLabels) -> Entry:
    """Change what is written on an output."""
    entry = history.change_output(output, star=body.star, note=body.note, tags=body.tags)
    touch("history")
    return entry_to_answer(entry)


@endpoint(blueprint, "DELETE", "/api/history/<output>", returns=Entry)
def delete(output: str) -> Entry:
    """Put an output into the trash; its file stays where it is."""
    entry = history.delete_output(output)
    touch("history", "trash")
    return entry_to_answer(entry)


@endpoint(blueprint, "POST", "/api/history/<output>/restore", returns=Entry)
def restore(output: str) -> Entry:
    """Bring an output back from the trash."""
    entry = history.restore_output(output)
    touch("history", "trash")
    return entry_to_answer(entry)


@endpoint(blueprint, "POST", "/api/history/<output>/locate", body=Location, returns=Entry)
def locate(output: str, body: Location) -> Entry:
    """Say where the file of an output is now; it must hold the same samples."""
    file = history.checked_location(output, body.file)
    with reading_foreign(file.name):
        found = room().ask("fingerprint", {"path": str(file)})
    entry = history.relink_output(output, file, str(found["fingerprint"]))
    touch("history")
    return entry_to_answer(entry)


@endpoint(blueprint, "GET", "/api/history/<output>/file", returns=Binary("audio/*"))
def send(output: str) -> Response:
    """Return the file of an output as it is, or a part of it."""
    response = send_file(_file(output), conditional=True, max_age=KEPT_SECONDS)
    response.cache_control.private, response.cache_control.public = True, False
    return response


@endpoint(blueprint, "GET", "/api/history/<output>/sound", query=SoundQuery, returns=SOUND)
def hear(output: str, query: SoundQuery) -> Response:
    """Return the sound of an output."""
    return answer_stream(room().stream("recording", {"path": str(_file(output)), "at": query.start}, page="", number=0))


@endpoint(blueprint, "GET", "/api/history/<output>/peaks", query=PeaksQuery, returns=PEAKS)
def draw_peaks(output: str, query: PeaksQuery) -> Response:
    """Return the outline of an output."""
    said, data = room().ask_bytes("peaks", {"path": str(_file(output)), **dict(query)})
    return answer_peaks(data, points=said["points"], seconds=said["seconds"])


@endpoint(blueprint, "GET", "/api/history/<output>/picture", query=PictureQuery, returns=PICTURE)
def draw_picture(output: str, query: PictureQuery) -> Response:
    """Return the spectrum of an output over time."""
    said, data = room().ask_bytes("picture", {"path": str(_file(output)), **dict(query)})
    return answer_picture(data, columns=said["columns"], rows=said["rows"], seconds=said["seconds"])


def _file(output: str) -> Path:
    return history.existing_file(history.find_output(output))
