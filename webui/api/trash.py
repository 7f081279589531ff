"""The trash: looked into, and emptied."""

from flask import Blueprint

from engine.studio.trash import KINDS, Trash, purge_trash, show_trash
from webui.api.presets import preset_to_card
from webui.context import touch
from webui.endpoint import endpoint
from webui.schemas.history import entry_to_answer
from webui.schemas.models import models_to_cards
from webui.schemas.trash import DeletedRecording, DeletedSet, PurgeGiven, TrashAnswer

blueprint = Blueprint("trash", __name__)


@endpoint(blueprint, "GET", "/api/trash", returns=TrashAnswer)
def show() -> TrashAnswer:
    """Say what is in the trash."""
    return _answer(show_trash())


@endpoint(blueprint, "POST", "/api/trash/purge", body=PurgeGiven, returns=TrashAnswer)
def purge(body: PurgeGiven) -> TrashAnswer:
    """Remove what is in the trash for good, and say what that was."""
    gone = purge_trash(body.older_than_days, [kind for kind in KINDS if getattr(body, kind)])
    touch("trash")
    return _answer(gone)


def _answer(trash: Trash) -> TrashAnswer:
    return TrashAnswer(
        models=models_to_cards(trash.models),
        history=tuple(map(entry_to_answer, trash.entries)),
        presets=tuple(map(preset_to_card, trash.presets)),
        sets=tuple(
            DeletedSet(id=one.id, name=one.name, created=one.created, deleted=one.deleted) for one in trash.sets
        ),
        recordings=tuple(DeletedRecording(id=one.id, name=one.name, set=one.set) for one in trash.recordings),
        size_bytes=trash.size_bytes,
    )
