"""Workers are other processes: they find the tests' modules where this process does."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from trained_library import library, recordings, trained_home  # noqa: F401 - fixtures
