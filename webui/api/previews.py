"""Previews: an output, or one event of it, heard while the player makes it."""

from flask import Blueprint, Response

from engine.errors import ParameterError
from engine.studio.models import find_model
from webui.context import room
from webui.endpoint import endpoint
from webui.schemas.previews import PreviewAsked, PreviewShown
from webui.schemas.settings_given import check_generate_given
from webui.sounds import SOUND, answer_stream

blueprint = Blueprint("previews", __name__)


@endpoint(blueprint, "POST", "/api/previews", body=PreviewAsked, returns=SOUND)
def preview(body: PreviewAsked) -> Response:
    """Let an output be heard from a second on, or one event of it; a later question of the page overtakes this one."""
    _, values = check_generate_given(body.model, body.settings)
    asked = {"model": find_model(body.model).id, "settings": values, "what": body.what, "at": body.at}
    return answer_stream(room().stream("preview", asked, page=body.page, number=body.number))


@endpoint(blueprint, "GET", "/api/previews/<page>/<int:number>", returns=PreviewShown)
def show_preview(page: str, number: int) -> PreviewShown:
    """Return what is known of a preview: how new it is, which recording it is nearest to, what to know of it."""
    found = room().find_stream(page, number)
    if found is None:
        raise ParameterError(f"there is no preview {number} of this page any more", code="preview_unknown")
    values = found.reply.values
    state = "failed" if found.reply.failure else "done" if found.reply.ended else "running"
    event = values.get("event") or found.head.get("event")
    return PreviewShown(
        state=state, novelty=values.get("novelty"), notices=list(values.get("notices") or ()), event=event
    )
