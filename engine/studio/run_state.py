"""The state of a training in its run's folder: from it the training goes on."""

from dataclasses import replace

from engine.model.checkpoint import load_tensors, save_tensors
from engine.studio.run import STATE_FILE, Run, save_run
from engine.training.loop import Trainer


def save_checkpoint(run: Run, trainer: Trainer, share: float) -> Run:
    """Write a trainer's state into its run, and return the run as it now stands."""
    save_tensors(run.folder / STATE_FILE, trainer.state())
    saved = replace(run, steps=trainer.steps, share=share, validation=trainer.best_validation)
    save_run(saved)
    return saved


def restore_checkpoint(run: Run, trainer: Trainer) -> None:
    """Put a trainer where its run's checkpoint left it.

    Raises:
        ModelError: the checkpoint is missing or damaged.
    """
    trainer.restore(load_tensors(run.folder / STATE_FILE, trainer.expected_state()), run.validation)
