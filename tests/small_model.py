"""Model folders for tests: with recordings, a chart and a certificate; and one that has weights as well, all zero."""

import json
from pathlib import Path

import numpy as np
from small_corpus import make_corpus, noise, tone
from small_network import SMALL

from engine.dataset.clips import Clip
from engine.dataset.corpus import load_corpus
from engine.latent.basis import Basis
from engine.latent.certificate import Certificate, SliderCertificate, save_certificate, unmeasured
from engine.latent.chart import NAMES, Chart, Moments, count_chart, save_chart
from engine.latent.description import DESCRIPTION_FILE, FORMAT, WEIGHTS_FILE
from engine.latent.tracks import choose_speeds, save_tracks, strand_frames
from engine.model.shape import expected_weights
from engine.model.tensors import save_arrays
from engine.sliders import SLIDERS
from engine.units import MEL_BANDS

RANGES = {"roughness": (-2.0, -1.0, -0.5), "tension": (0.4, 0.5, 0.6)}
PLACES = [(-1.2, 0.0), (-0.5, 0.5), (0.0, 0.0), (0.5, -0.5), (1.0, 0.25)]  # of five moments, one beyond the edge


def small_chart(discovered: int = 2) -> Chart:
    """Return a chart of five moments whose brightness rises with x, and whose warmth falls with y."""
    directions, latent = 3, SMALL.latent
    axes = np.eye(directions, latent, dtype=np.float32)
    basis = Basis(np.zeros(latent, np.float32), axes, *np.ones((2, directions), np.float32), 3.0)
    places = np.array(PLACES, np.float32)
    values = np.zeros((len(places), len(NAMES)), np.float32)
    values[:, NAMES.index("brightness")] = 10.0 + places[:, 0]
    values[:, NAMES.index("warmth")] = -6.0 * places[:, 1]
    moments = Moments(np.array([0, 0, 1, 1, 1]), np.array([0, 0.5, 0, 0.5, 1.0], np.float32), places, values)
    percentiles = np.tile(np.array([0.0, 1.0], np.float32), (len(NAMES), 1))
    return Chart(basis, np.ones(2, np.float32), np.eye(discovered, directions, dtype=np.float32), percentiles, moments)


def small_certificate(*changed: SliderCertificate, discovered: int = 2) -> Certificate:
    """Return a certificate in which every slider is certified, but for those that are given."""
    plain = unmeasured()
    measured = {
        name: SliderCertificate(
            name,
            state="certified",
            range=RANGES.get(name, (8.0, 9.0, 10.0)),
            curve=(8.0, 8.5, 9.0, 9.5, 10.0),
            steadiness=1.0,
            throw=0.9,
            side_effects={other: 0.05 for other in SLIDERS if other != name},
        )
        for name in SLIDERS
    }
    own = [
        SliderCertificate(f"discovered {number}", state="discovered", side_effects={"brightness": 0.3, "warmth": -0.6})
        for number in range(1, discovered + 1)
    ]
    sliders = {**measured, **{one.name: one for one in (*own, *changed)}}
    return Certificate(sliders, plain.ear_matrix, plain.ear_constant, seeds=4, seconds=2.0)


def write_small_model(home: Path, certificate: Certificate | None, name: str = "sax") -> Path:
    """Put a model into a data folder, where the library finds it by itself; without a certificate, an old one."""
    folder = home / "models" / "0123456789ab"
    folder.mkdir(parents=True)
    make_corpus(folder, tone(440, 1.0), noise(1.5))
    chart = small_chart()
    if certificate:
        save_chart(folder, chart)
        save_certificate(folder, certificate)
    described = {
        "format": FORMAT if certificate else 1,
        "id": folder.name,
        "name": name,
        "shape": SMALL.to_dict(),
        "chart": count_chart(chart),
    }
    (folder / DESCRIPTION_FILE).write_text(json.dumps(described), "utf-8")
    return folder


def write_whole_model(home: Path) -> Path:
    """Put a model into a data folder whose every part can be opened; its network makes nothing of anything."""
    folder = write_small_model(home, small_certificate())
    corpus = load_corpus(folder)
    weights = {name: np.zeros(size, kind) for name, (size, kind) in expected_weights(SMALL).items()}
    save_arrays(folder / WEIGHTS_FILE, weights)
    tracks = tuple(np.zeros((one.latent_frames, SMALL.latent), np.float32) for one in corpus.recordings)
    frames = sum(strand_frames(one, speed) for one in corpus.recordings for speed in choose_speeds(corpus))
    heard = np.zeros((frames, MEL_BANDS), np.float32)
    save_tracks(folder, (Clip(0, 0, 2, sustained=False, peak=0.5),), tracks, (), heard, heard)
    described = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
    (folder / DESCRIPTION_FILE).write_text(json.dumps({**described, "clips": 1}), "utf-8")
    return folder
