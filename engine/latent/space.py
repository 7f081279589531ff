"""The sound space of a model: its network, its recordings, and where each of them lies in the latent space.

This is what a model is once it is open: everything that generation needs, read from one folder and checked.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.dataset.clips import Clip, find_clips
from engine.dataset.corpus import Corpus, Recording, load_corpus
from engine.errors import ModelError
from engine.latent.certificate import Certificate, load_certificate, save_certificate, unmeasured
from engine.latent.chart import Chart, count_chart, draw_chart, load_chart, save_chart
from engine.latent.description import DESCRIPTION_FILE, FIRST_WITH_CHART, FORMAT, read_description
from engine.latent.encode import decode_mel, encode, hear
from engine.library.durable import write_durably
from engine.model.checkpoint import load_tensors, load_weights, save_tensors, save_weights, shape_from_dict
from engine.model.vae import Vae
from engine.units import HOP, MEL_BANDS, SAMPLE_RATE
from engine.vocoder.search import Strand, Voice, build_voice

WEIGHTS_FILE = "weights.safetensors"
TRACKS_FILE = "tracks.safetensors"
HEARD_FRAMES = 250_000  # most frames that the vocoder searches: 45 minutes at one speed
TRIAL_SECONDS = 5  # heard to estimate how long the whole corpus takes
LISTENING_MARGIN = 1.5  # for resampling, searching and noise in the measurement
SPEED_STEPS = (0, -1, 1, -2, 2)  # semitones at which the recordings are heard, as many as fit

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class SoundSpace:
    """An open model.

    Attributes:
        vae: The network, ready for use, on its device.
        corpus: The recordings.
        clips: Where their sounds are.
        tracks: For each recording its latent means, (latent frames, latent).
        voice: The recordings as the vocoder plays them.
        chart: Its directions, its reach, its map.
        certificate: What its sliders do.
    """

    vae: Vae
    corpus: Corpus
    clips: tuple[Clip, ...]
    tracks: tuple[Floats, ...]
    voice: Voice
    chart: Chart
    certificate: Certificate

    @property
    def spread(self) -> Floats:
        """Return the standard deviation of each latent number over the corpus, (latent,)."""
        return np.concatenate(self.tracks).std(0)

    def track(self, clip: Clip) -> Floats:
        """Return the latent means of one clip, (latent frames, latent)."""
        return self.tracks[clip.recording][clip.first : clip.last]


def listen(vae: Vae, corpus: Corpus, on_recording: Callable[[str], None] | None = None) -> SoundSpace:
    """Hear every recording through the network, at several speeds, and lay out the sound space."""
    tracks, strands = [], []
    for index, recording in enumerate(corpus.recordings):
        if on_recording:
            on_recording(recording.name)
        mono = corpus.recorded(recording).mean(axis=1)
        for speed in _speeds(corpus):
            played = _played(mono, speed)
            track, spectrum = hear(vae, played)
            recorded, heard = map(_as_stored, (spectrum, decode_mel(vae, track)[: len(spectrum)]))
            strands.append(Strand(index, recording.start, speed, recorded, heard))
            if speed == 1.0:
                tracks.append(track)
    clips = find_clips(corpus)
    chart = draw_chart(corpus, clips, tuple(tracks))
    return SoundSpace(vae, corpus, clips, tuple(tracks), build_voice(corpus.samples, strands), chart, unmeasured())


def estimate_listening(vae: Vae, corpus: Corpus) -> float:
    """Return about how many seconds `listen` will take, from hearing a few seconds of the corpus."""
    piece = np.ascontiguousarray(corpus.samples[: TRIAL_SECONDS * SAMPLE_RATE].mean(axis=1))
    taken = 0.0
    for _ in range(2):  # the first time is longer than all others
        begun = time.monotonic()
        decode_mel(vae, encode(vae, piece))
        taken = time.monotonic() - begun
    return LISTENING_MARGIN * taken * len(_speeds(corpus)) * corpus.seconds * SAMPLE_RATE / len(piece)


def save_space(folder: Path, space: SoundSpace, description: dict[str, Any]) -> None:
    """Write a model into the folder that already holds its corpus; the description goes last and completes it.

    Args:
        folder: Where `space.corpus` was written.
        space: The open model.
        description: What else is known of it; plain JSON values.
    """
    save_weights(folder / WEIGHTS_FILE, space.vae)
    clips = [[clip.recording, clip.first, clip.last, clip.sustained] for clip in space.clips]
    tensors = {
        "tracks": torch.from_numpy(np.concatenate(space.tracks)),
        "heard": torch.from_numpy(space.voice.heard.astype(np.float16)),
        "recorded": torch.from_numpy(space.voice.recorded.astype(np.float16)),
        "clips": torch.tensor(clips, dtype=torch.int64),
        "peaks": torch.tensor([clip.peak for clip in space.clips], dtype=torch.float32),
    }
    save_tensors(folder / TRACKS_FILE, tensors)
    save_chart(folder, space.chart)
    save_certificate(folder, space.certificate)
    counts = {"clips": len(clips), "chart": count_chart(space.chart)}
    written = {"format": FORMAT, "shape": space.vae.shape.to_dict(), **counts, **description}
    text = json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False)
    write_durably(folder / DESCRIPTION_FILE, text.encode())


def load_space(folder: Path, device: str = "cpu") -> SoundSpace:
    """Open a model.

    Args:
        folder: The folder of a finished model.
        device: Where the network is to compute.

    Raises:
        ModelError: something is missing, damaged, foreign or newer; nothing of it is used.
    """
    description = read_description(folder)
    vae = load_weights(folder / WEIGHTS_FILE, shape_from_dict(description.get("shape"))).to(device)
    corpus = load_corpus(folder)
    speeds = _speeds(corpus)
    lengths = [_strand_frames(recording, speed) for recording in corpus.recordings for speed in speeds]
    count = description.get("clips")
    if type(count) is not int or not 1 <= count <= 10_000_000:
        raise ModelError(f"{folder / DESCRIPTION_FILE} says it has {count!r} clips; the model is damaged")
    latent_frames = [recording.latent_frames for recording in corpus.recordings]
    tensors = load_tensors(
        folder / TRACKS_FILE,
        {
            "tracks": ((sum(latent_frames), vae.shape.latent), torch.float32),
            "heard": ((sum(lengths), MEL_BANDS), torch.float16),
            "recorded": ((sum(lengths), MEL_BANDS), torch.float16),
            "clips": ((count, 4), torch.int64),
            "peaks": ((count,), torch.float32),
        },
    )
    tracks = tuple(part.numpy() for part in tensors["tracks"].split(latent_frames))
    heard, recorded = (iter(tensors[name].float().split(lengths)) for name in ("heard", "recorded"))
    strands = [
        Strand(index, recording.start, speed, next(recorded).numpy(), next(heard).numpy())
        for index, recording in enumerate(corpus.recordings)
        for speed in speeds
    ]
    clips, voice = _checked_clips(tensors, tracks), build_voice(corpus.samples, strands)
    if description["format"] < FIRST_WITH_CHART:
        return SoundSpace(vae, corpus, clips, tracks, voice, draw_chart(corpus, clips, tracks), unmeasured())
    counts = description.get("chart")
    chart = load_chart(folder, counts if isinstance(counts, dict) else {}, vae.shape.latent, len(tracks))
    return SoundSpace(vae, corpus, clips, tracks, voice, chart, load_certificate(folder))


def _speeds(corpus: Corpus) -> tuple[float, ...]:
    """Return the speeds at which the recordings are heard; the first is 1."""
    frames = max(1, sum(recording.frames for recording in corpus.recordings))
    fitting = max(1, min(len(SPEED_STEPS), HEARD_FRAMES // frames))
    odd = fitting - (1 - fitting % 2)  # up and down come in pairs
    return tuple(2.0 ** (step / 12) for step in SPEED_STEPS[:odd])


def _as_stored(spectrum: Floats) -> Floats:
    """Return a spectrum as it will be when it was saved and loaded: a new model sounds as it will sound later."""
    return spectrum.astype(np.float16).astype(np.float32)


def _played(mono: Floats, speed: float) -> Floats:
    """Return a recording at a speed, to the sample as long as `_strand_frames` counts on."""
    if speed == 1.0:
        return mono
    played = soxr.resample(mono, speed, 1.0, quality="MQ").astype(np.float32)
    wanted = max(1, int(len(mono) / speed))
    return np.pad(played[:wanted], (0, max(0, wanted - len(played))))


def _strand_frames(recording: Recording, speed: float) -> int:
    """Return how many frames a recording has at a speed."""
    return 1 + max(1, int(recording.samples / speed)) // HOP


def _checked_clips(tensors: dict[str, Tensor], tracks: tuple[Floats, ...]) -> tuple[Clip, ...]:
    """Turn stored rows into clips.

    Raises:
        ModelError: a row lies outside its recording.
    """
    rows = zip(tensors["clips"].tolist(), tensors["peaks"].tolist(), strict=True)
    clips = [Clip(recording, first, last, bool(held), peak) for (recording, first, last, held), peak in rows]
    for clip in clips:
        if not 0 <= clip.recording < len(tracks) or not 0 <= clip.first < clip.last <= len(tracks[clip.recording]):
            raise ModelError(f"the model's {clip} lies outside its recordings; the model is damaged")
    return tuple(clips)
