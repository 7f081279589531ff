"""Growth of a model that was trained on: nearer to what is new, and how far from what it knew."""

from collections.abc import Iterable
from copy import deepcopy

import torch

from engine.dataset.corpus import Corpus
from engine.errors import ModelError
from engine.latent.checks import Check, carry_on
from engine.latent.fidelity import measure_distances
from engine.library.entries import ModelEntry
from engine.library.store import Catalogue
from engine.library.versions import next_version
from engine.model.checkpoint import load_weights
from engine.model.shape import shape_from_dict
from engine.model.vae import Vae
from engine.studio.growth_report import Change, GrowthReport
from engine.studio.run import PARENT_FILE, Growth, Run

MIXES = (1.0, 0.85, 0.7, 0.5, 0.25)  # shares of the trained network that are tried, the parent's being the rest
FORGOTTEN_PERCENT = 5.0  # of the distance from known recordings, that may be paid for new ones


def hold_to_known(run: Run, growth: Growth, corpus: Corpus, vae: Vae, check: Check = carry_on) -> Vae:
    """Return a trained network, drawn back towards its parent as far as it forgot.

    Between two networks of which one was trained on from the other lie networks that know both their recordings
    (Wortsman et al. 2022): a little way back gives up less of what is new than it wins of what was forgotten.

    Args:
        run: That holds the parent's weights.
        growth: What it goes on from.
        corpus: Known recordings and new ones.
        vae: The network that was trained, on the CPU.
        check: Called often; may raise to stop.

    Returns:
        The first of MIXES that is not FORGOTTEN_PERCENT farther from the real recordings that the parent had.

    Raises:
        ModelError: the parent's weights are damaged.
    """
    parent = load_parent(run, growth)
    known = [place for place in range(growth.known) if not corpus.recordings[place].synthetic]
    if not known:
        return vae
    before = _mean(measure_distances(parent, corpus, known, check).values())
    mixed = vae
    for share in MIXES:
        mixed = mix_networks(parent, vae, share)
        after = _mean(measure_distances(mixed, corpus, known, check).values())
        if Change(before, after).percent <= FORGOTTEN_PERCENT:
            break
    return mixed


def mix_networks(parent: Vae, trained: Vae, share: float) -> Vae:
    """Return the network whose weights lie between two, `share` of the way from the first to the second."""
    mixed, first = deepcopy(trained), parent.state_dict()
    mixed.load_state_dict({name: torch.lerp(first[name], value, share) for name, value in trained.state_dict().items()})
    return mixed.eval()


def load_parent(run: Run, growth: Growth) -> Vae:
    """Return the network that a run goes on from, ready for use.

    Raises:
        ModelError: its weights are damaged.
    """
    return load_weights(run.folder / PARENT_FILE, shape_from_dict(growth.shape))


def compare_with_parent(
    run: Run, growth: Growth, corpus: Corpus, vae: Vae, version: int, check: Check = carry_on
) -> tuple[GrowthReport, dict[str, float]]:
    """Hear known and new recordings through the parent's network and through the one it became.

    Args:
        run: That holds the parent's weights.
        growth: What it goes on from.
        corpus: Known recordings and new ones.
        vae: The network that was trained.
        version: That it will be.
        check: Called often; may raise to stop.

    Returns:
        The growth of the model, and the distances of all its real recordings when they were first learned.

    Raises:
        ModelError: the parent's weights are damaged.
    """
    parent = load_parent(run, growth)
    real = [place for place, recording in enumerate(corpus.recordings) if not recording.synthetic]
    known = [place for place in real if place < growth.known]
    new = range(growth.known, len(corpus.recordings))
    known_before, known_after = (measure_distances(network, corpus, known, check) for network in (parent, vae))
    new_before, new_after = (measure_distances(network, corpus, new, check) for network in (parent, vae))
    first = {**known_before, **growth.distances}
    names = {corpus.recordings[place].name for place in real}
    report = GrowthReport(
        kind=growth.kind,
        version=version,
        parent=growth.parent.id,
        parent_name=f"{growth.parent.name}@{growth.parent.version}",
        known_files=growth.known,
        new_files=len(new),
        known=Change(_mean(known_before.values()), _mean(known_after.values())) if known else None,
        new=Change(_mean(new_before.values()), _mean(new_after.values())),
        drift_percent=_drift_percent(first, known_after),
        real_seconds=corpus.seconds - corpus.synthetic_seconds,
        synthetic_seconds=corpus.synthetic_seconds,
        cap=growth.cap,
    )
    return report, {name: value for name, value in {**new_after, **first}.items() if name in names}


def version_after(parent: ModelEntry, catalogue: Catalogue) -> int:
    """Return the number that the next version of a model has; the model may have been deleted meanwhile."""
    try:
        return next_version(catalogue, parent.id)
    except ModelError:
        return parent.version + 1


def _drift_percent(first: dict[str, float], now: dict[str, float]) -> float | None:
    """Return by how much the distances of recordings grew since they were first learned, per cent."""
    if not now:
        return None
    return Change(_mean(first[name] for name in now), _mean(now.values())).percent


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
