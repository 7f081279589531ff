"""Changes since a page looked last."""

from flask import Blueprint

from engine.studio.models import library_notices
from webui.context import desktop, room
from webui.endpoint import endpoint
from webui.schemas.jobs import show_unchecked
from webui.schemas.state import State, StateQuery

blueprint = Blueprint("state", __name__)


@endpoint(blueprint, "GET", "/api/state", query=StateQuery, returns=State)
def show(query: StateQuery) -> State:
    """Say what has changed since a version, and how jobs and workers stand."""
    window = desktop()
    closing = window.tell_closing() if window else False
    version, revisions = room().changes.look()
    notices = (*library_notices(), *room().notices())
    if version == query.since and not notices:
        return State(version=version)
    jobs = tuple(show_unchecked(job) for job in room().jobs.list())
    return State(
        version=version,
        revisions=revisions,
        jobs=jobs,
        workers=room().describe(),
        closing=closing,
        notices=notices,
    )
