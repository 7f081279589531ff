"""Recordings played back through a model: encode, decode, and let the vocoder sing what the model heard.

With sliders, novelty or other models the recording drives them: see `engine.generation.driven`.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import find_recordings, read
from engine.audio.source import RecordingError
from engine.audio.stage import cut
from engine.curves import is_zero
from engine.dataset.clips import frame_levels
from engine.dataset.corpus import Mixed
from engine.errors import DatasetError, ParameterError
from engine.export.formats import FORMATS
from engine.export.measure import Measured
from engine.export.tags import Tags
from engine.export.target import check_target
from engine.settings import ChannelsIn, ExportSettings, GenerateSettings
from engine.sliders import REGISTER
from engine.studio.blends import refuse_blend
from engine.studio.checks import check_generate
from engine.studio.delivery import Delivery
from engine.studio.models import find_model
from engine.studio.opening import Opened, Opener
from engine.studio.passport import RECONSTRUCTED, describe_export, issue_passport, passport_to_tags
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Named = tuple[Path, Path]  # a file, and what it is called in the folder of those that are written

HEARD = Delivery(ExportSettings(remove_dc=False))  # what a model makes of a recording is compared with the recording
UNCHANGED = GenerateSettings(novelty=0.0)  # a recording as the model hears it
NOTES_STAY = "the slider register does nothing here: the sounds of a recording keep their notes"
LOOKED_AT = {"sliders", "keep", "novelty", "blend", "source", "seed", "device"}
SUFFIXES = {suffix for kind in FORMATS.values() for suffix in kind.suffixes}


@dataclass(frozen=True)
class Reconstructed:
    """A recording played back through a model."""

    file: str
    path: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A recording that could not be read."""

    file: str
    reason: str


@dataclass(frozen=True)
class ReconstructReport:
    """The yield of `reconstruct`."""

    files: tuple[Reconstructed, ...]
    skipped: tuple[LeftOut, ...]
    render_seconds: float
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        files, skipped = ([asdict(one) for one in some] for some in (self.files, self.skipped))
        return {
            "files": files,
            "skipped": skipped,
            "render_seconds": self.render_seconds,
            "notices": list(self.notices),
        }


def reconstruct(
    model: str,
    inputs: Sequence[Path | Named],
    out: Path,
    *,
    settings: GenerateSettings = UNCHANGED,
    delivery: Delivery = HEARD,
    channels_in: ChannelsIn = "auto",
    on_progress: Callable[[float, str], None] = lambda *_: None,
) -> ReconstructReport:
    """Play recordings back through a model: encode, decode, and let the vocoder sing what the model heard.

    Args:
        model: Name or id.
        inputs: Files, folders of files, and files with the names that theirs shall have in a folder.
        out: A file name for a single file, else a folder; names are kept, the suffix becomes that of the format.
        settings: Source, sliders, novelty, blend, seed and device are looked at; curves go by the seconds of each
            recording.
        delivery: How they become files.
        channels_in: How their channels are read.
        on_progress: Told the share that is done, 0 to 1, and the name of the file, often; may raise to stop, which
            keeps the files that are done.

    Raises:
        DatasetError: nothing was given that can be read.
        ModelError: there is no such model, or it is a blend.
        ParameterError: two files would get the same name, or settings cannot be used here.
    """
    refuse_other_settings(settings)
    pairs = pair_up(inputs, out, usual_suffix(delivery.export))
    for _, target in pairs:
        check_target(target, delivery.export, force=delivery.force)
    refuse_blend(find_model(model), "Reconstruct with one of its models")
    asked = check_generate(model, settings)
    opened = Opener(settings.device).open(model, asked.blend)
    from engine.export.master import write_sound  # loads torch

    begun = time.monotonic()
    done: list[Reconstructed] = []
    skipped: list[LeftOut] = []
    for place, (path, target) in enumerate(pairs):
        tell = partial(_tell, on_progress, place, len(pairs), path.name)
        tell(0.0)
        try:
            samples = read(path, channels_in)
        except RecordingError as error:
            skipped.append(LeftOut(str(path), error.reason))
            continue
        sung = watch(cut(play_through(opened, settings, samples), 0, len(samples)), len(samples), tell)
        exported = write_sound(
            sung,
            target,
            delivery.export,
            tags=_heard(opened, path.name, target, settings, delivery),
            force=delivery.force,
            expected_samples=len(samples),
        )
        done.append(Reconstructed(str(path), str(target), len(samples) / SAMPLE_RATE, exported.notes))
    if not done:
        raise DatasetError(f"none of the files could be read: {skipped[0].reason}")
    notices = asked.notices if is_zero(settings.sliders.get(REGISTER, 0.0)) else (*asked.notices, NOTES_STAY)
    return ReconstructReport(tuple(done), tuple(skipped), time.monotonic() - begun, notices)


def _tell(on_progress: Callable[[float, str], None], place: int, files: int, name: str, share: float) -> None:
    on_progress((place + share) / files, name)


def watch(blocks: Iterator[Floats], samples: int, tell: Callable[[float], None]) -> Iterator[Floats]:
    """Yield a sound of so many samples, and tell before each block which share of it is there."""
    done = 0
    for block in blocks:
        tell(done / samples)
        yield block
        done += len(block)


def refuse_other_settings(settings: GenerateSettings) -> None:
    """Refuse settings that say when sounds are played and where: a recording brings its own.

    Raises:
        ParameterError: there are some.
    """
    changed = sorted(settings.model_dump(exclude_defaults=True).keys() - LOOKED_AT)
    if changed:
        raise ParameterError(
            f"{', '.join(changed)}: a recording brings its own time and place; give sliders, novelty, blend, source "
            "and seed only",
            field=changed[0],
        )


def play_through(opened: Opened, settings: GenerateSettings, samples: Floats) -> Iterator[Floats]:
    """Play a recording (samples, channels) through a model; what comes out is a little longer.

    Args:
        opened: The model, and those that are blended with it.
        settings: See `reconstruct`.
        samples: The recording.
    """
    from engine.generation.driven import drive  # loads torch
    from engine.generation.event.sing import sing_long
    from engine.latent.encode import encode

    mono = Mixed(samples)
    tracks = [encode(renderer.space.vae, mono) for renderer in opened.renderers]
    if len(tracks) == 1 and not settings.sliders and is_zero(settings.novelty):
        return sing_long(opened.renderer.space, tracks[0], settings.source)
    levels = frame_levels(samples, len(tracks[0]))
    return drive(opened.renderers, [one.share for one in opened.takings], settings, tracks, levels)


def _heard(
    opened: Opened, recording: str, target: Path, settings: GenerateSettings, delivery: Delivery
) -> Callable[[Measured], Tags]:
    """Return what tags a recording that was played back through a model."""

    def tag(measured: Measured) -> Tags:
        resolved = settings.model_copy(update={"blend": opened.blend})
        given = {"recording": recording, **resolved.model_dump(mode="json", include=LOOKED_AT - {"device", "seed"})}
        made = {"seconds": measured.samples / measured.sample_rate, "fingerprint": measured.fingerprint}
        export = describe_export(target, delivery.export)
        return passport_to_tags(
            issue_passport(opened.origin, RECONSTRUCTED, given, export, seed=settings.seed, **made), delivery.tags
        )

    return tag


def usual_suffix(export: ExportSettings) -> str:
    """Return how names of files in the format of these settings end."""
    return FORMATS[export.format].suffixes[0] if export.format != "auto" else ".wav"


def pair_up(inputs: Sequence[Path | Named], out: Path, suffix: str = ".wav") -> list[tuple[Path, Path]]:
    """Return each recording with the file it will be played into."""
    files: list[Named] = []
    for given in inputs:
        if isinstance(given, tuple):
            files.append(given)
        elif given.is_dir():
            files += [(path, path.relative_to(given)) for path in find_recordings(given)]
        else:
            files.append((given, Path(given.name)))
    if not files:
        raise DatasetError("there is nothing to reconstruct: the folders hold no recordings")
    if len(files) == 1 and out.suffix.lower() in SUFFIXES and not out.is_dir():
        return [(files[0][0], out)]
    pairs = [(path, out / name.with_suffix(suffix)) for path, name in files]
    targets = [target for _, target in pairs]
    twice = next((target for target in targets if targets.count(target) > 1), None)
    if twice:
        raise ParameterError(f"several recordings would be written to {twice}; reconstruct them into separate folders")
    return pairs
