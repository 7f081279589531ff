from pathlib import Path

import netCDF4
import pytest
import sofar
from simple_head import simple_head

from engine.spatial.binaural import Listener, open_listener
from engine.spatial.hrtf import Hrtf, even_vectors, load_kemar


@pytest.fixture(scope="session")
def kemar() -> Hrtf:
    """The HRTF that comes with the program."""
    return load_kemar()


@pytest.fixture(scope="session")
def listener(kemar: Hrtf) -> Listener:
    """The bundled HRTF, made ready."""
    return open_listener(kemar)


class SofaWriter:
    """Writes small SOFA files, right or wrong in one respect."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name="own.sofa", *, vectors=None, responses=None, rate=48_000.0, convention=None, **values):
        vectors = even_vectors(40) if vectors is None else vectors
        sofa = sofar.Sofa("SimpleFreeFieldHRIR")
        sofa.Data_IR = simple_head(vectors, sample_rate=rate) if responses is None else responses
        sofa.Data_SamplingRate = rate
        sofa.SourcePosition = vectors * (1.4, -1.4, 1.4)
        sofa.SourcePosition_Type = "cartesian"
        sofa.SourcePosition_Units = "metre"
        sofa.GLOBAL_Title = "A simple head"
        for key, value in values.items():
            setattr(sofa, key, value)
        path = self.folder / name
        sofar.write_sofa(str(path), sofa)
        if convention:
            with netCDF4.Dataset(path, "r+") as file:
                file.SOFAConventions = convention
        return path


@pytest.fixture
def write_sofa(tmp_path: Path) -> SofaWriter:
    """Write a SOFA file into a folder of the test."""
    return SofaWriter(tmp_path)
