#!/usr/bin/env python3
"""Make the HRTF that comes with the program from the MIT KEMAR set: python scripts/build_hrtf.py [SOURCE.sofa].

The source is the normal pinna of Gardner and Martin (1994) as a SOFA file of 710 directions, 512 taps and 44.1 kHz; on
Debian the package libmysofa1 carries it. Each response is resampled to 48 kHz and taken apart into a delay and a short
minimum-phase response, levels as measured. The result is written as SOFA and, the same numbers, as an array file, whose
checksum goes into engine/spatial/hrtf.py by hand. Then the result is compared with the source.
"""

import argparse
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sofar
from numpy.typing import NDArray
from safetensors.numpy import save

from engine.spatial.direction import directions_to_sofa
from engine.spatial.hrtf import KEMAR_ARRAYS, KEMAR_SOFA, Hrtf, load_hrtf
from engine.spatial.minimum_phase import TAPS, resample
from engine.spatial.sofa import Measurement, read_sofa
from engine.units import SAMPLE_RATE

SOURCE = Path("/usr/share/libmysofa/MIT_KEMAR_normal_pinna.sofa")
TARGET = Path(__file__).resolve().parents[1] / "engine" / "spatial"
STEP = 2.0**-20  # responses and delays are rounded to it (-120 dB): it packs well, and 32-bit floats hold it exactly
EAR_METRES = 0.09  # from the middle of the head, as in the source
COMPARED_HZ = 1000.0 * 2.0 ** (np.arange(-6, 13) / 3.0)  # third octaves from 250 Hz to 16 kHz

LICENCE = (
    "Copyright 1994 by the MIT Media Laboratory. It is provided free with no restrictions on use, provided the authors "
    "are cited when the data is used in any research or commercial application."
)
ATTRIBUTES = {
    "GLOBAL_Title": "MIT KEMAR, normal pinna, 48 kHz, minimum phase",
    "GLOBAL_DatabaseName": "MIT",
    "GLOBAL_ListenerShortName": "KEMAR, normal pinna",
    "GLOBAL_AuthorContact": "Bill Gardner and Keith Martin, MIT Media Lab Machine Listening",
    "GLOBAL_Organization": "MIT Media Laboratory",
    "GLOBAL_License": LICENCE,
    "GLOBAL_References": "Gardner, W. G. and Martin, K. D. (1994): HRTF Measurements of a KEMAR Dummy-Head Microphone, "
    "MIT Media Lab Perceptual Computing Technical Report 280",
    "GLOBAL_ApplicationName": "Small DataSet Audio, scripts/build_hrtf.py",
    "GLOBAL_Comment": "Not equalised: loudspeaker and ear canal are in the responses. Delays are not whole samples.",
    "GLOBAL_History": "Converted from the MIT format; upgraded from SOFA 0.6; resampled to 48 kHz; delay and "
    f"minimum-phase response separated (300 to 2000 Hz); cut to {TAPS} taps; rounded to 20 bits after the point",
    "GLOBAL_Origin": "Acoustical measurement; derived from MIT_KEMAR_normal_pinna.sofa",
    "GLOBAL_RoomType": "free field",
}


def rounded(values: NDArray) -> NDArray[np.float64]:
    """Round to whole multiples of STEP."""
    return np.round(np.asarray(values, np.float64) / STEP) * STEP


def save_as_sofa(path: Path, hrtf: Hrtf, created: str) -> None:
    """Write a SOFA file, checked against the standard."""
    sofa = sofar.Sofa("SimpleFreeFieldHRIR")
    for name, value in ATTRIBUTES.items():
        setattr(sofa, name, value)
    sofa.GLOBAL_DateCreated = created
    sofa.GLOBAL_DateModified = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    sofa.ReceiverPosition = [[0.0, EAR_METRES, 0.0], [0.0, -EAR_METRES, 0.0]]
    sofa.SourcePosition = directions_to_sofa(hrtf.places)
    sofa.SourcePosition_Type = "spherical"
    sofa.SourcePosition_Units = "degree, degree, metre"
    sofa.Data_IR = hrtf.responses.astype(np.float64)
    sofa.Data_Delay = hrtf.delays_samples
    sofa.Data_SamplingRate = float(SAMPLE_RATE)
    sofar.write_sofa(str(path), sofa, compression=9)


def save_as_arrays(path: Path, hrtf: Hrtf) -> None:
    """Write the array file that the program reads."""
    arrays = {
        "azimuth_degrees": hrtf.places.azimuth_degrees,
        "elevation_degrees": hrtf.places.elevation_degrees,
        "distance_metres": hrtf.places.distance_metres,
        "responses": hrtf.responses,
        "delays_samples": hrtf.delays_samples,
    }
    path.write_bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))


def interaural(spectra: NDArray[np.complex128]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return right minus left ear at 1 kHz, in seconds, and left minus right level in dB at COMPARED_HZ.

    Args:
        spectra: Shape (directions, 2, 24001), one bin a hertz.
    """
    phase = np.angle(spectra[:, 0, 1000] * spectra[:, 1, 1000].conj())
    levels = band_levels_db(spectra)
    return phase / (2.0 * np.pi * 1000.0), levels[:, 0] - levels[:, 1]


def nearest_period(itd: NDArray[np.float64], near: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return times in seconds that are known up to whole periods of 1 kHz, moved to the period nearest to `near`."""
    return itd + np.round((near - itd) / 0.001) * 0.001


def band_levels_db(spectra: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Return the level in the third octave around each of COMPARED_HZ, in dB, shape (…, bands)."""
    edges = [(round(hz * 2 ** (-1 / 6)), round(hz * 2 ** (1 / 6))) for hz in COMPARED_HZ]
    power = np.abs(spectra) ** 2
    return np.stack([10.0 * np.log10(power[..., low:high].sum(-1)) for low, high in edges], axis=-1)


def compare(source: Measurement, hrtf: Hrtf) -> None:
    """Print how far the result is from the source."""
    hz = np.arange(SAMPLE_RATE // 2 + 1)
    measured = np.fft.rfft(resample(source.responses, source.sample_rate), SAMPLE_RATE)
    made = np.fft.rfft(hrtf.responses.astype(np.float64), SAMPLE_RATE)
    made *= np.exp(-2j * np.pi * hz * hrtf.delays_samples[..., None] / SAMPLE_RATE)
    (itd, ild), (made_itd, made_ild) = interaural(measured), interaural(made)
    delays = (hrtf.delays_samples[:, 1] - hrtf.delays_samples[:, 0]) / SAMPLE_RATE
    itd, made_itd = nearest_period(itd, delays), nearest_period(made_itd, delays)
    itd_error = np.abs(made_itd - itd) * 1e6
    colour = np.abs(band_levels_db(made) - band_levels_db(measured))
    level = np.abs(hrtf.places.elevation_degrees) < 1
    for azimuth in (-90, -45, 0, 45, 90):
        index = int(np.flatnonzero(level & (np.abs(hrtf.places.azimuth_degrees - azimuth) < 1))[0])
        at_1k = np.argmin(np.abs(COMPARED_HZ - 1000))
        print(
            f"azimuth {azimuth:4}: delay of the right ear at 1 kHz {itd[index] * 1e6:7.1f} us in the source, "
            f"{made_itd[index] * 1e6:7.1f} here; level of the left ear {ild[index, at_1k]:6.2f} dB, "
            f"{made_ild[index, at_1k]:6.2f}; third octaves differ by up to "
            f"{np.abs(made_ild - ild)[index].max():.2f} dB between ears, {colour[index].max():.2f} dB at an ear"
        )
    ild_error = np.abs(made_ild - ild)
    print(f"all {len(hrtf.places)} directions: delay within {itd_error.max():.1f} us", end="; ")
    print(f"95 % of third octaves within {np.percentile(ild_error, 95):.2f} dB between ears", end=", ")
    print(f"{np.percentile(colour, 95):.2f} dB at an ear; worst {ild_error.max():.2f} and {colour.max():.2f} dB")


def main() -> None:
    """Read the command line, make both files and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, nargs="?", default=SOURCE, help="the SOFA file (default: %(default)s)")
    source_path = parser.parse_args().source
    source, made = read_sofa(source_path), load_hrtf(source_path)
    hrtf = Hrtf(made.title, made.places, rounded(made.responses).astype(np.float32), rounded(made.delays_samples))
    created = str(sofar.read_sofa(str(source_path), verify=False, verbose=False).GLOBAL_DateCreated)
    save_as_sofa(TARGET / KEMAR_SOFA, hrtf, created)
    save_as_arrays(TARGET / KEMAR_ARRAYS, hrtf)
    for name in (KEMAR_SOFA, KEMAR_ARRAYS):
        content = (TARGET / name).read_bytes()
        print(f"{name}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
    compare(source, hrtf)


if __name__ == "__main__":
    main()
