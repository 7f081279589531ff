"""Models of the library: listed, described, labelled, deleted and brought back, their recordings heard and seen."""

from flask import Blueprint, Response

from engine.studio import models as library
from engine.studio import recordings
from engine.studio.blends import blends_needing
from engine.studio.map import MapReport, describe_map
from engine.studio.sliders import describe_sliders
from webui.answers import (
    PEAKS,
    PICTURE,
    PeaksQuery,
    PictureQuery,
    answer_peaks,
    answer_picture,
    samples_to_bytes,
)
from webui.context import room, touch
from webui.endpoint import endpoint
from webui.schemas.models import (
    ModelCard,
    ModelChanged,
    ModelDetail,
    ModelLabels,
    ModelList,
    ModelsQuery,
    MomentQuery,
    RecordingCard,
    RecordingList,
    SlidersAnswer,
    StretchQuery,
    model_to_card,
    models_to_cards,
    show_to_detail,
)
from webui.sounds import SOUND, answer_sound

blueprint = Blueprint("models", __name__)


@endpoint(blueprint, "GET", "/api/models", query=ModelsQuery, returns=ModelList)
def list_models(query: ModelsQuery) -> ModelList:
    """List the models of the library, newest first."""
    found = library.list_models(query.words, all_versions=query.all_versions)
    return ModelList(models=models_to_cards(found))


@endpoint(blueprint, "GET", "/api/models/<model>", returns=ModelDetail)
def show(model: str) -> ModelDetail:
    """Return everything that is known of a model, and its versions."""
    return show_to_detail(library.find_model(model), library.show_model(model))


@endpoint(blueprint, "PATCH", "/api/models/<model>", body=ModelLabels, returns=ModelCard)
def label(model: str, body: ModelLabels) -> ModelCard:
    """Change what is written on a model; its name is that of all its versions."""
    entry = library.label_model(model, **dict(body))
    touch("models")
    return model_to_card(entry)


@endpoint(blueprint, "DELETE", "/api/models/<model>", returns=ModelChanged)
def delete(model: str) -> ModelChanged:
    """Move a version of a model to the trash."""
    room().let_go(library.find_model(model).id)
    entry = library.delete_model(model)
    touch("models", "trash")
    needing = (
        f"blend {blend.name!r} needs {entry.name}, and cannot be used until it is back"
        for blend in blends_needing(entry)
    )
    return ModelChanged(model=model_to_card(entry), notes=tuple(needing))


@endpoint(blueprint, "POST", "/api/models/<model>/restore", returns=ModelCard)
def restore(model: str) -> ModelCard:
    """Bring a model back from the trash."""
    entry = library.restore_model(model)
    touch("models", "trash")
    return model_to_card(entry)


@endpoint(blueprint, "POST", "/api/models/<model>/use", returns=ModelCard)
def use(model: str) -> ModelCard:
    """Let the model's name mean this version from now on."""
    entry = library.use_version(model)
    touch("models")
    return model_to_card(entry)


@endpoint(blueprint, "GET", "/api/models/<model>/sliders", returns=SlidersAnswer)
def show_sliders(model: str) -> SlidersAnswer:
    """Say what the sliders of a model do, as its certificate has it."""
    report = describe_sliders(model)
    return SlidersAnswer.model_construct(**{**vars(report), "sliders": (*report.sliders, *report.discovered)})


@endpoint(blueprint, "GET", "/api/models/<model>/map", returns=MapReport)
def show_map(model: str) -> MapReport:
    """Say where the moments of a model's recordings lie on its map."""
    return describe_map(model)


@endpoint(blueprint, "GET", "/api/models/<model>/moments/<int:moment>/sound", query=MomentQuery, returns=SOUND)
def hear_moment(model: str, moment: int, query: MomentQuery) -> Response:
    """Return the recording from a moment of the map on."""
    return _answer_excerpt(recordings.read_moment(model, moment, query.seconds))


@endpoint(blueprint, "GET", "/api/models/<model>/recordings", returns=RecordingList)
def list_recordings(model: str) -> RecordingList:
    """List the recordings that a model keeps."""
    found = enumerate(recordings.list_recordings(model))
    return RecordingList(
        recordings=tuple(
            RecordingCard(index=index, name=one.name, seconds=one.seconds, synthetic=one.synthetic)
            for index, one in found
        )
    )


@endpoint(blueprint, "GET", "/api/models/<model>/recordings/<int:recording>/sound", query=StretchQuery, returns=SOUND)
def hear_recording(model: str, recording: int, query: StretchQuery) -> Response:
    """Return a stretch of a recording."""
    return _answer_excerpt(recordings.read_recording(model, recording, query.start, query.seconds))


@endpoint(blueprint, "GET", "/api/models/<model>/recordings/<int:recording>/peaks", query=PeaksQuery, returns=PEAKS)
def draw_peaks(model: str, recording: int, query: PeaksQuery) -> Response:
    """Return the outline of a recording."""
    peaks, seconds = recordings.draw_recording_peaks(model, recording, query.points)
    return answer_peaks(peaks.tobytes(), points=len(peaks), seconds=seconds)


@endpoint(
    blueprint, "GET", "/api/models/<model>/recordings/<int:recording>/picture", query=PictureQuery, returns=PICTURE
)
def draw_picture(model: str, recording: int, query: PictureQuery) -> Response:
    """Return the spectrum of a recording over time."""
    picture, seconds = recordings.draw_recording(model, recording, query.columns, query.rows)
    return answer_picture(picture.tobytes(), columns=query.columns, rows=query.rows, seconds=seconds)


def _answer_excerpt(excerpt: recordings.Excerpt) -> Response:
    return answer_sound(
        samples_to_bytes(excerpt.blocks()),
        channels=excerpt.channels,
        first=excerpt.first,
        samples=len(excerpt.samples),
    )
