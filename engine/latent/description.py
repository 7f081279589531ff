"""The description of a model in its folder, read without opening its weights."""

import json
from pathlib import Path
from typing import Any

from engine.errors import ModelError
from engine.library.entries import BLEND

FORMAT = 2  # 1 had no chart and no certificate
PARTLY_HEARD = 4  # of a model that heard a part of its recordings; 3 is a blend
NEWEST = PARTLY_HEARD
FIRST_WITH_CHART = 2
DESCRIPTION_FILE = "model.json"
WEIGHTS_FILE = "weights.safetensors"
TRACKS_FILE = "tracks.safetensors"


def read_description(folder: Path) -> dict[str, Any]:
    """Read what a model says of itself.

    Raises:
        ModelError: there is no description, it is damaged, or a newer version of the program wrote it.
    """
    path = folder / DESCRIPTION_FILE
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the folder holds no model, or a damaged one") from error
    if not isinstance(description, dict) or type(description.get("format")) is not int:
        raise ModelError(f"{path} does not describe a model of this program")
    if description.get("kind") == BLEND:
        raise ModelError(
            f"model {description.get('name')!r} is a blend of other models and has no recordings of its own; use one "
            "of its models here: sda models show names them",
            code="model_is_blend",
        )
    if description["format"] > NEWEST:
        raise ModelError(
            f"{folder.name} has format {description['format']}, this version reads up to {NEWEST}; update the program"
        )
    return description
