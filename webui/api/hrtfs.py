"""The person's own HRTFs: checked by a process of their own, and kept."""

from flask import Blueprint

from engine.studio import hrtfs
from webui.bodies import Upload, Uploaded
from webui.context import room, touch
from webui.endpoint import endpoint
from webui.schemas.hrtfs import HrtfCard, HrtfList

blueprint = Blueprint("hrtfs", __name__)


@endpoint(blueprint, "GET", "/api/hrtfs", returns=HrtfList)
def list_hrtfs() -> HrtfList:
    """List the HRTFs that are kept, but for those that were taken off the list."""
    return HrtfList(hrtfs=tuple(map(_card, hrtfs.list_hrtfs())))


@endpoint(blueprint, "POST", "/api/hrtfs", body=Upload(), returns=HrtfCard, status=201)
def add(upload: Uploaded) -> HrtfCard:
    """Keep a SOFA file that can be used."""
    found = room().ask_apart("hrtf", {"path": str(upload.path), "name": upload.name}, upload.name)
    kept = hrtfs.keep_hrtf(upload.path, upload.name, int(found["positions"]))
    touch("preferences")
    return _card(kept)


@endpoint(blueprint, "DELETE", "/api/hrtfs/<one>", returns=HrtfCard)
def hide(one: str) -> HrtfCard:
    """Take an HRTF off the list; its file stays for outputs that were made with it."""
    return _hide(one, hidden=True)


@endpoint(blueprint, "POST", "/api/hrtfs/<one>/restore", returns=HrtfCard)
def restore(one: str) -> HrtfCard:
    """Put an HRTF back on the list."""
    return _hide(one, hidden=False)


def _hide(one: str, *, hidden: bool) -> HrtfCard:
    kept = hrtfs.hide_hrtf(one, hidden=hidden)
    touch("preferences")
    return _card(kept)


def _card(kept: hrtfs.KeptHrtf) -> HrtfCard:
    return HrtfCard(id=kept.id, name=kept.name, positions=kept.positions)
