"""Data sets: made, filled, examined, left out of, deleted and brought back; their recordings heard and seen."""

from pathlib import Path

from flask import Blueprint, Response

from engine.studio import set_recordings, sets
from engine.studio.set_contents import summarise
from engine.workers.foreign import reading_foreign
from webui.answers import PEAKS, PICTURE, PeaksQuery, PictureQuery, answer_peaks, answer_picture
from webui.api.jobs import show as job_to_answer
from webui.bodies import Upload, Uploaded
from webui.context import room, touch
from webui.endpoint import endpoint
from webui.schemas.jobs import JobShown
from webui.schemas.sets import (
    HearQuery,
    RecordingAdded,
    RemovedShown,
    SetCard,
    SetChanges,
    SetGiven,
    SetList,
    SetShown,
)
from webui.sounds import SOUND, answer_stream

blueprint = Blueprint("sets", __name__)

EXAMINE = "examine"
MENDING_SECONDS = 300.0


@endpoint(blueprint, "GET", "/api/sets", returns=SetList)
def list_sets() -> SetList:
    """List the data sets, the latest first."""
    return SetList(sets=tuple(SetCard(**summarise(one)) for one in sets.list_sets()))


@endpoint(blueprint, "POST", "/api/sets", body=SetGiven, returns=SetShown, status=201)
def create(body: SetGiven) -> SetShown:
    """Make a data set of a folder, or an empty one that recordings are sent to."""
    one = sets.create_set(body.name, Path(body.folder) if body.folder else None)
    touch("sets")
    return _show(one.id)


@endpoint(blueprint, "POST", "/api/sets/demo", returns=SetShown, status=201)
def create_demo() -> SetShown:
    """Make a data set of recordings that are computed, to try the program without any of one's own."""
    one = sets.create_demo_set()
    touch("sets")
    return _show(one.id)


@endpoint(blueprint, "GET", "/api/sets/<one>", returns=SetShown)
def show(one: str) -> SetShown:
    """Return a data set with its recordings, and what to do about them."""
    return _show(one)


@endpoint(blueprint, "PATCH", "/api/sets/<one>", body=SetChanges, returns=SetShown)
def change(one: str, body: SetChanges) -> SetShown:
    """Rename a data set, say which recordings are left out, mend some, or put removed ones back.

    A mended recording takes the place of the one before, which can be put back. Examine the set again afterwards.
    """
    found = sets.change_set(one, name=body.name, left_out=body.left_out)
    if body.mend:
        room().ask("mend", {"set": found.id, "recordings": body.mend}, timeout_seconds=MENDING_SECONDS)
    for removed in body.restore:
        set_recordings.restore_recording(found.id, removed)
    touch("sets", "trash")
    return _show(found.id)


@endpoint(blueprint, "DELETE", "/api/sets/<one>", returns=SetCard)
def delete(one: str) -> SetCard:
    """Put a data set into the trash, with the recordings that it keeps; a folder of the person stays as it is."""
    gone = sets.delete_set(one)
    touch("sets", "trash")
    return _card(gone.id, deleted=True)


@endpoint(blueprint, "POST", "/api/sets/<one>/restore", returns=SetShown)
def restore(one: str) -> SetShown:
    """Bring a data set back from the trash."""
    back = sets.restore_set(one)
    touch("sets", "trash")
    return _show(back.id)


@endpoint(blueprint, "PUT", "/api/sets/<one>/files", body=Upload(), returns=RecordingAdded, status=201)
def add_recording(one: str, upload: Uploaded) -> RecordingAdded:
    """Put a recording into a data set that keeps its recordings itself."""
    added = set_recordings.add_recording(one, upload.path, upload.name)
    touch("sets")
    return RecordingAdded(recording=added.id, name=added.name, known=added.known)


@endpoint(blueprint, "DELETE", "/api/sets/<one>/recordings/<recording>", returns=RemovedShown)
def remove_recording(one: str, recording: str) -> RemovedShown:
    """Take a recording out of a data set that keeps its recordings itself; its new id puts it back."""
    removed = set_recordings.remove_recording(one, recording)
    touch("sets", "trash")
    return RemovedShown(id=removed.id, name=removed.name, size_bytes=removed.size_bytes, removed=removed.removed)


@endpoint(blueprint, "POST", "/api/sets/<one>/examine", returns=JobShown, status=202)
def examine(one: str) -> JobShown:
    """Let the doctor look at a data set; one look at a time."""
    found = sets.find_set(one)
    begun = _examining(found.id)
    if begun:
        return job_to_answer(room().jobs.get(begun))
    return job_to_answer(room().jobs.submit(EXAMINE, found.name, {"set": found.id}))


@endpoint(blueprint, "GET", "/api/sets/<one>/recordings/<recording>/sound", query=HearQuery, returns=SOUND)
def hear(one: str, recording: str, query: HearQuery) -> Response:
    """Return the sound of a recording."""
    path = set_recordings.find_recording(one, recording)
    with reading_foreign(path.name):
        return answer_stream(room().stream("recording", {"path": str(path), "at": query.start}, page="", number=0))


@endpoint(blueprint, "GET", "/api/sets/<one>/recordings/<recording>/peaks", query=PeaksQuery, returns=PEAKS)
def draw_peaks(one: str, recording: str, query: PeaksQuery) -> Response:
    """Return the outline of a recording."""
    path = set_recordings.find_recording(one, recording)
    with reading_foreign(path.name):
        said, data = room().ask_bytes("peaks", {"path": str(path), **dict(query)})
    return answer_peaks(data, points=said["points"], seconds=said["seconds"])


@endpoint(blueprint, "GET", "/api/sets/<one>/recordings/<recording>/picture", query=PictureQuery, returns=PICTURE)
def draw_picture(one: str, recording: str, query: PictureQuery) -> Response:
    """Return the spectrum of a recording over time."""
    path = set_recordings.find_recording(one, recording)
    with reading_foreign(path.name):
        said, data = room().ask_bytes("picture", {"path": str(path), **dict(query)})
    return answer_picture(data, columns=said["columns"], rows=said["rows"], seconds=said["seconds"])


def _show(one: str) -> SetShown:
    contents = sets.show_set(one)
    return SetShown(**contents.to_dict(), examining=_examining(contents.about.id))


def _card(one: str, *, deleted: bool) -> SetCard:
    found = next(contents for contents in sets.list_sets(deleted=deleted) if contents.about.id == one)
    return SetCard(**summarise(found))


def _examining(one: str) -> str | None:
    """Return the id of the job that examines a set, or is waiting to."""
    jobs = (job for job in room().jobs.list() if job.kind == EXAMINE and job.values.get("set") == one)
    return next((job.id for job in jobs if not job.has_ended), None)
