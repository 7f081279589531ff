"""Where things live on this computer: one data folder per user, moved by SDA_HOME."""

import errno
import os
from pathlib import Path

from platformdirs import user_data_path, user_music_path

APP_NAME = "Small DataSet Audio"
HOME_VARIABLE = "SDA_HOME"
LONGEST_ON_WINDOWS = 259  # characters of a path, unless the system was told to take more
NOT_FOUND_ON_WINDOWS = frozenset({2, 3, 123, 206})  # its answers to a longer one
TOO_LONG = "the name is too long for this system; choose a shorter one, or a folder nearer to the root of the disk"


def data_folder() -> Path:
    """Return the folder that holds everything that is kept; SDA_HOME moves it. Not created here."""
    moved = os.environ.get(HOME_VARIABLE)
    return Path(moved).expanduser().absolute() if moved else user_data_path(APP_NAME, appauthor=False)


def catalogue_file() -> Path:
    """Return the TinyDB file of models and presets."""
    return data_folder() / "library.json"


def models_folder() -> Path:
    """Return the folder with one sub-folder for each model."""
    return data_folder() / "models"


def trash_folder() -> Path:
    """Return the folder to which deleted models move until they are restored or purged."""
    return data_folder() / "trash"


def runs_folder() -> Path:
    """Return the folder with one sub-folder for each training that has not yet become a model."""
    return data_folder() / "runs"


def history_folder() -> Path:
    """Return the folder with the TinyDB files of the history: what was made, with which settings."""
    return data_folder() / "history"


def import_folder() -> Path:
    """Return the folder in which a model is unpacked and checked before it joins the others."""
    return data_folder() / "import"


def arrivals_folder() -> Path:
    """Return the folder in which the file of a model waits that a page sent, until it is imported."""
    return data_folder() / "arrivals"


def sets_folder() -> Path:
    """Return the folder with one sub-folder for each data set: its own recordings and the doctor's report."""
    return data_folder() / "sets"


def outputs_folder() -> Path:
    """Return the folder into which the window puts the sounds that it makes."""
    return data_folder() / "outputs"


def converted_folder() -> Path:
    """Return the folder with one sub-folder for each process that made files for a while of what it cannot read."""
    return data_folder() / "converted"


def exports_folder() -> Path:
    """Return the folder for exported files as long as the person has chosen none."""
    return user_music_path() / APP_NAME if HOME_VARIABLE not in os.environ else data_folder() / "exports"


def hrtfs_folder() -> Path:
    """Return the folder with the person's own HRTFs."""
    return data_folder() / "hrtfs"


def is_too_long(path: Path | str, error: OSError) -> bool:
    """Say whether the system refused a path for its length; Windows itself says that there is no such file."""
    refused = getattr(error, "winerror", None) in NOT_FOUND_ON_WINDOWS and len(str(path)) > LONGEST_ON_WINDOWS
    return refused or error.errno == errno.ENAMETOOLONG
