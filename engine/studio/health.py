"""Looking at material before anything is made of it."""

from engine.dataset.health import inspect_folder as inspect
from engine.dataset.report import FileHealth, HealthReport

__all__ = ["FileHealth", "HealthReport", "inspect"]
