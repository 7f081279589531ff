"""The certificate of a model: its sliders rendered and measured after its training, and further at any time."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.device import set_threads
from engine.errors import Cancelled, ModelError
from engine.latent.certificate import Certificate, inherit, load_certificate, save_certificate
from engine.studio.blends import refuse_blend
from engine.studio.models import find_model
from engine.studio.run import PARENT_CERTIFICATE_FILE, Run
from engine.studio.sliders import SlidersReport, describe_sliders
from engine.training.events import Listener, Measured, Stage

if TYPE_CHECKING:
    from engine.latent.space import SoundSpace


def measure_sliders(
    model: str,
    *,
    minutes: float | None = None,
    on_slider: Callable[[str], None],
    on_measured: Callable[[str, str], None],
    should_stop: Callable[[], bool],
) -> SlidersReport:
    """Measure what each slider of a model does, going on from what was measured before where that still holds.

    Positions mean what was measured, so outputs with sliders may differ afterwards from those made before.

    Args:
        model: Name or id.
        minutes: That it may take; None measures by a fixed plan, however long it takes.
        on_slider: Told which slider is measured next.
        on_measured: Told the state of each that was measured, and again where it has become another.
        should_stop: Asked often, from several threads; what was measured until then is kept.

    Raises:
        ModelError: there is no such model, it is a blend, or it is damaged.
        Cancelled: it was stopped before every slider was measured; the certificate is the one it was.
    """
    entry = find_model(model)
    refuse_blend(entry, "Measure one of its models")
    from engine.generation.calibration.certify import certify  # loads torch
    from engine.generation.calibration.readings import load_readings, save_readings
    from engine.latent.space import load_space

    set_threads(1)  # outputs are made one on each core
    space = load_space(entry.path)
    before = load_readings(entry.path, space.certificate)
    seconds = None if minutes is None else 60 * minutes
    found = certify(space, seconds, on_slider, on_measured, should_stop, before)
    if found.readings is None or (should_stop() and not found.is_whole):
        raise Cancelled("stopped; the sliders are as they were measured before")
    save_certificate(entry.path, inherit(found.certificate, space.certificate, ""))
    save_readings(entry.path, found.readings, found.certificate)
    return describe_sliders(entry.id)


def measure_trained(
    run: Run, space: "SoundSpace", seconds: float | None, on_event: Listener, should_stop: Callable[[], bool]
) -> "SoundSpace":
    """Return a model that was just trained with a certificate; what is left unmeasured is its parent's, if it has one.

    Args:
        run: That it comes from; its readings are written into its folder.
        space: The model.
        seconds: That measuring may take; 0 learns the ear alone, None measures by a fixed plan.
        on_event: Told what happens.
        should_stop: Asked often, from several threads.
    """
    from engine.generation.calibration.certify import certify  # loads torch
    from engine.generation.calibration.readings import save_readings

    set_threads(1)
    on_event(Stage("measuring"))
    found = certify(
        space,
        seconds,
        lambda name: on_event(Stage("measuring", name)),
        lambda name, state: on_event(Measured(name, state)),
        should_stop,
    )
    if found.readings:
        save_readings(run.folder, found.readings, found.certificate)
    return replace(space, certificate=with_parent(run, found.certificate))


def with_parent(run: Run, own: Certificate) -> Certificate:
    """Return a certificate in which a version that grew has the figures of its parent until it has its own."""
    if run.growth is None:
        return own
    try:
        before = load_certificate(run.folder, PARENT_CERTIFICATE_FILE)
    except ModelError:  # of a run that began before there was one, or it was damaged
        return own
    parent = run.growth.parent
    return inherit(own, before, f"{parent.name}@{parent.version}")
