"""Recordings played back through a model in the ways the benchmark tells apart, and through a baseline without one."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from measures import VISQOL_SECONDS, Distance, Doubles, compare, read_mono
from numpy.typing import NDArray

from engine.audio.files import read
from engine.audio.limiter import TruePeakLimiter
from engine.features.mel import analysis_window, magnitude_to_mel, mel_filters, spectrum
from engine.features.torchaudio_loading import load_torchaudio
from engine.generation.event.sing import sing_long
from engine.latent.encode import encode
from engine.latent.space import SoundSpace
from engine.settings import GenerateSettings
from engine.units import HOP, N_FFT, SAMPLE_RATE
from engine.vocoder.search import Voice, build_voice
from engine.vocoder.strand import Strand

Floats = NDArray[np.float32]

MEASURED_SECONDS = 6.0  # of each file, from its beginning
SPARE_SECONDS = 1.0  # played beyond that, so that the measured end is no end of a sound
GRIFFIN_LIM_ITERATIONS = 32
FILE_STEPS = 2.0**23  # of a 24-bit file, from zero to full scale
DEFAULT_SOURCE = float(GenerateSettings.model_fields["source"].default)
WAYS = {
    "program": "as the program does it",
    "left_out": "as the program does it, the recording itself taken out of the voice",
    "dreamt": "dreamt only: source 0",
    "exact_mel": "baseline without a model: the exact mel, inverted by least squares and Griffin-Lim",
}


@dataclass(frozen=True)
class Played:
    """A recording and what the ways of WAYS make of it; each in mono, at most MEASURED_SECONDS."""

    file: str
    original: Doubles
    ways: dict[str, Doubles]


def play_all(space: SoundSpace, folder: Path, names: list[str]) -> list[Played]:
    """Play recordings back in every way that applies.

    Args:
        space: The open model.
        folder: Of the recordings.
        names: Of the recordings inside it; a way that needs a recording to be in the model, or another one beside
            it, is left out where that is not so.
    """
    learned = {recording.name: index for index, recording in enumerate(space.corpus.recordings)}
    return [play(space, folder / name, name, learned.get(name)) for name in names]


def play(space: SoundSpace, path: Path, name: str, index: int | None) -> Played:
    """Play one recording back; `index` is its place in the model's corpus, None if it has none."""
    length = round(MEASURED_SECONDS * SAMPLE_RATE)
    samples = read(path)[: length + round(SPARE_SECONDS * SAMPLE_RATE)]
    ways = {"program": resynthesise(space, samples, DEFAULT_SOURCE)}
    if index is not None and len(space.corpus.recordings) > 1:
        without = replace(space, voice=leave_out(space.voice, index))
        ways["left_out"] = resynthesise(without, samples, DEFAULT_SOURCE)
    ways["dreamt"] = resynthesise(space, samples, 0.0)
    ways["exact_mel"] = invert_exact_mel(samples.mean(axis=1))
    cut = {way: sound[:length].astype(np.float64) for way, sound in ways.items()}
    return Played(name, read_mono(path, MEASURED_SECONDS), cut)


def resynthesise(space: SoundSpace, samples: Floats, source: float) -> Floats:
    """Encode, decode and sing a recording (samples, channels) as `sda reconstruct` does, in mono.

    The limiter and the 24 bits of the file are part of it.
    """
    track = encode(space.vae, samples.mean(axis=1))
    limiter = TruePeakLimiter(space.corpus.channels)
    blocks = [limiter.process(block) for block in sing_long(space, track, source)]
    sung = np.concatenate([*blocks, limiter.flush()])[: len(samples)]
    return (np.round(sung * FILE_STEPS) / FILE_STEPS).mean(axis=1)


def leave_out(voice: Voice, recording: int) -> Voice:
    """Return a voice without one recording, at any speed: what it sings is then no replay of that recording."""
    strands = []
    for strand in np.unique(voice.strands[voice.recordings != recording]):
        (frames,) = np.nonzero(voice.strands == strand)
        strands.append(
            Strand(
                recording=int(voice.recordings[frames[0]]),
                start=round(voice.centres[frames[0]]),
                speed=float(voice.speeds[frames[0]]),
                recorded=voice.recorded[frames],
                heard=voice.heard[frames],
                offset=int(voice.offsets[strand]),
            )
        )
    return build_voice(voice.samples, strands)


def invert_exact_mel(mono: Floats) -> Floats:
    """Return what Griffin-Lim makes of a sound's true mel spectrogram, spread over the bins by least squares.

    Momentum 0.99 is that of Perraudin, Balazs and Sondergaard 2013, and torchaudio's default.
    """
    mel = magnitude_to_mel(spectrum(torch.from_numpy(np.ascontiguousarray(mono))).abs())
    magnitude = (torch.linalg.pinv(mel_filters()) @ mel).clamp_min(0.0) * (N_FFT / 4)  # as torch.stft has it
    torch.manual_seed(0)  # of the first phases
    found = load_torchaudio().functional.griffinlim(
        magnitude,
        window=analysis_window(),
        n_fft=N_FFT,
        hop_length=HOP,
        win_length=N_FFT,
        power=1.0,
        n_iter=GRIFFIN_LIM_ITERATIONS,
        momentum=0.99,
        length=len(mono),
        rand_init=True,
    )
    return found.numpy()


def measure_all(played: list[Played], judged: int, workers: Executor) -> dict[str, dict[str, Distance]]:
    """Measure everything that was played against its original.

    Args:
        played: From `play_all`.
        judged: Number of files that ViSQOL, which takes about as long as the sound, is asked about.
        workers: Where the measuring is done.

    Returns:
        For each way, for each file, its distance.
    """
    asked = spread([one.file for one in played if len(one.original) >= VISQOL_SECONDS * SAMPLE_RATE], judged)
    waiting: list[tuple[str, str, Future[Distance]]] = [
        (way, one.file, workers.submit(compare, one.original, sound, with_visqol=one.file in asked))
        for one in played
        for way, sound in one.ways.items()
    ]
    found: dict[str, dict[str, Distance]] = {}
    for way, file, distance in waiting:
        found.setdefault(way, {})[file] = distance.result()
    return found


def spread(names: list[str], count: int) -> set[str]:
    """Return at most `count` names, evenly from first to last."""
    places = np.linspace(0, len(names) - 1, min(count, len(names)))
    return {names[place] for place in places.round().astype(int)}
