"""Errors as the person using the software meets them.

EngineError                 anything below; never shown as a traceback
├── ParameterError          a setting is outside its range, or two settings contradict
├── ShapeError              an array has the wrong number of axes or a wrong length
├── DatasetError            a folder or a recording cannot be used
├── ModelError              a model is missing, damaged, foreign or newer than this program
├── LibraryError            the catalogue of models, presets and history cannot be used
├── ExportError             a sound cannot be written where or how it was asked for
└── Cancelled               the person stopped it; what was done is kept

Every message names the thing, its value, what is allowed with its unit, and the next step. `code` is stable
and is what scripts and the window test; the message may be reworded at any time.
"""


class EngineError(Exception):
    """Base of all errors that the engine raises on purpose."""

    code = "engine"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        """Keep the message, a code more precise than the class's where there is one, and the setting that is wrong."""
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field


class ParameterError(EngineError):
    """A setting is outside its range, or two settings contradict each other."""

    code = "parameter"


class ShapeError(EngineError):
    """An array has the wrong number of axes, or an axis has the wrong length."""

    code = "shape"


class DatasetError(EngineError):
    """A folder or a recording cannot be used for what was asked."""

    code = "dataset"


class ModelError(EngineError):
    """A model is missing, damaged, foreign, or made by a newer version of the program."""

    code = "model"


class LibraryError(EngineError):
    """The catalogue of models, presets and history cannot be read or written."""

    code = "library"


class ExportError(EngineError):
    """A sound cannot be written where, or in the form, it was asked for."""

    code = "export"


class Cancelled(EngineError):
    """The person stopped the work; what was done until then is kept."""

    code = "cancelled"
