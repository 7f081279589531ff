"""Settings as they stand in requests: checked by the classes of `engine.settings`, which also describe them."""

from typing import Annotated, Any

from pydantic import BaseModel, WithJsonSchema

from engine.checking import checked
from engine.settings import ExportSettings, GenerateSettings, GrowSettings, PackSettings, TagSettings, TrainSettings
from engine.studio.checks import check_generate
from engine.studio.hrtfs import find_hrtf

Values = dict[str, Any]

GenerateGiven = Annotated[Values, WithJsonSchema(GenerateSettings.model_json_schema())]
TrainGiven = Annotated[Values, WithJsonSchema(TrainSettings.model_json_schema())]
GrowGiven = Annotated[Values, WithJsonSchema(GrowSettings.model_json_schema())]
PackGiven = Annotated[Values, WithJsonSchema(PackSettings.model_json_schema())]
ExportGiven = Annotated[Values, WithJsonSchema(ExportSettings.model_json_schema())]
TagsGiven = Annotated[Values, WithJsonSchema(TagSettings.model_json_schema())]


def check_given(kind: type[BaseModel], values: Values) -> Values:
    """Return settings that a worker may be sent, as they were given.

    Raises:
        ParameterError: a name is unknown, or a value is outside its limits.
    """
    checked(kind, dict(values))
    return values


def check_generate_given(model: str, values: Values) -> tuple[GenerateSettings, Values]:
    """Return settings of an output, and the same as a worker is sent them; of an own HRTF the id becomes its file.

    Args:
        model: Name or id of the model.
        values: As they were given.

    Raises:
        ParameterError: a name is unknown, or a value is outside its limits.
        ModelError: there is no such model.
    """
    sent = dict(values)
    if sent.get("hrtf") is not None:
        sent["hrtf"] = str(find_hrtf(str(sent["hrtf"])))
    settings = checked(GenerateSettings, sent)
    check_generate(model, settings)
    return settings, sent
