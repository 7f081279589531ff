"""A model in its folder, read and checked without its network: what needs no sound of it needs no torch.

`engine.latent.space` opens a model on top of this, so that what is refused here is refused there, and the other way
round.
"""

from dataclasses import dataclass
from pathlib import Path

from engine.dataset.corpus import Corpus, load_corpus
from engine.latent.certificate import Certificate, load_certificate, unmeasured
from engine.latent.chart import Chart, complete_chart, draw_chart, load_chart
from engine.latent.description import FIRST_WITH_CHART, WEIGHTS_FILE, read_description
from engine.latent.tracks import Tracks, load_tracks
from engine.model.shape import VaeShape, expected_weights, shape_from_dict
from engine.model.tensors import load_arrays


@dataclass(frozen=True)
class Stored:
    """All of a model but its network.

    Attributes:
        shape: Of its network.
        corpus: The recordings.
        heard: What it heard in them.
        chart: Its directions, its reach, its map.
        certificate: What its sliders do.
    """

    shape: VaeShape
    corpus: Corpus
    heard: Tracks
    chart: Chart
    certificate: Certificate


def load_stored(folder: Path) -> Stored:
    """Read a model without its network; the chart of one from before there were charts is drawn anew.

    Args:
        folder: The folder of a finished model.

    Raises:
        ModelError: something is missing, damaged, foreign or newer; nothing of it is used.
    """
    description = read_description(folder)
    shape = shape_from_dict(description.get("shape"))
    corpus = load_corpus(folder)
    heard = load_tracks(folder, description, corpus, shape.latent)
    if description["format"] < FIRST_WITH_CHART:
        return Stored(shape, corpus, heard, draw_chart(corpus, heard.clips, heard.tracks), unmeasured())
    chart = complete_chart(load_chart(folder, description.get("chart"), shape.latent, len(corpus.recordings)), corpus)
    return Stored(shape, corpus, heard, chart, load_certificate(folder))


def read_chart(folder: Path) -> tuple[Chart, tuple[str, ...]]:
    """Return the chart of a model and the names of its recordings, reading no more than that takes.

    Raises:
        ModelError: it is damaged.
    """
    description = read_description(folder)
    if description["format"] < FIRST_WITH_CHART:
        stored = load_stored(folder)
        return stored.chart, tuple(recording.name for recording in stored.corpus.recordings)
    corpus = load_corpus(folder)
    latent = shape_from_dict(description.get("shape")).latent
    chart = load_chart(folder, description.get("chart"), latent, len(corpus.recordings))
    return complete_chart(chart, corpus), tuple(recording.name for recording in corpus.recordings)


def check_model(folder: Path) -> None:
    """Check every part of a model as opening it does.

    Args:
        folder: The folder of a finished model.

    Raises:
        ModelError: something is missing, damaged, foreign or newer.
    """
    shape = shape_from_dict(read_description(folder).get("shape"))
    load_arrays(folder / WEIGHTS_FILE, expected_weights(shape))
    load_stored(folder)
