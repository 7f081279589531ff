"""Passports of files, read by the player."""

from flask import Blueprint

from engine.workers.foreign import reading_foreign
from webui.bodies import Upload, Uploaded
from webui.context import room
from webui.endpoint import endpoint
from webui.schemas.passports import PassportAnswer

blueprint = Blueprint("passports", __name__)


@endpoint(blueprint, "POST", "/api/passports", body=Upload(), returns=PassportAnswer)
def read(upload: Uploaded) -> PassportAnswer:
    """Read the passport of a sound file, and check it against its samples and the library."""
    with reading_foreign(upload.name):
        found = room().ask("passport", {"path": str(upload.path), "name": upload.name})
    return PassportAnswer.model_validate(found)
