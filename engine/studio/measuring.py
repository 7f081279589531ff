"""The certificate of a model made anew: its sliders swept, rendered and measured, however long that takes."""

from collections.abc import Callable

from engine.device import set_threads
from engine.errors import Cancelled
from engine.latent.certificate import save_certificate
from engine.studio.blends import refuse_blend
from engine.studio.models import find_model
from engine.studio.sliders import SlidersReport, describe_sliders


def measure_sliders(
    model: str,
    *,
    on_slider: Callable[[str], None],
    on_measured: Callable[[str, str], None],
    should_stop: Callable[[], bool],
) -> SlidersReport:
    """Measure what each slider of a model does, and keep it instead of what was measured before.

    Positions mean what was measured, so outputs with sliders may differ afterwards from those made before.

    Args:
        model: Name or id.
        on_slider: Told which slider is measured next.
        on_measured: Told the state of each that was measured.
        should_stop: Asked often, from several threads.

    Raises:
        ModelError: there is no such model, it is a blend, or it is damaged.
        Cancelled: it was stopped; the certificate is the one it was.
    """
    entry = find_model(model)
    refuse_blend(entry, "Measure one of its models")
    from engine.generation.certify import certify  # loads torch
    from engine.latent.space import load_space

    set_threads(1)  # outputs are made one on each core
    certificate = certify(load_space(entry.path), None, on_slider, on_measured, should_stop)
    if should_stop():
        raise Cancelled("stopped; the sliders are as they were measured before")
    save_certificate(entry.path, certificate)
    return describe_sliders(entry.id)
