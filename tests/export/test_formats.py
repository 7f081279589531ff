from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import soundfile

from engine.errors import ExportError
from engine.export.formats import FORMATS, SAMPLE_RATES, choose_encoding
from engine.settings import ExportSettings, FormatName

MATRIX = [
    (kind, rate, subtype) for kind in FORMATS.values() for rate in SAMPLE_RATES for subtype in kind.subtypes.values()
]


def encoding(name, **settings):
    return choose_encoding(Path(name), ExportSettings(**settings))


def test_the_table_has_every_format_that_settings_know():
    assert tuple(FORMATS) == get_args(FormatName)
    assert all(name == kind.name for name, kind in FORMATS.items())


@pytest.mark.parametrize(("kind", "rate", "subtype"), MATRIX)
def test_the_table_is_what_libsndfile_does(tmp_path, kind, rate, subtype):
    def write():
        options = {"format": kind.container, **kind.quality}
        with soundfile.SoundFile(tmp_path / "a", "w", rate, 2, subtype, **options) as file:
            file.write(np.zeros((1_001, 2), np.float32))

    if rate not in kind.sample_rates:
        with pytest.raises(soundfile.LibsndfileError, match="only support"):
            write()
    else:
        write()
        info = soundfile.info(tmp_path / "a")
        assert (info.samplerate, info.frames, info.subtype) == (rate, 1_001, subtype)


@pytest.mark.parametrize(
    ("name", "settings", "kind", "bit_depth"),
    [
        ("a.wav", {}, "wav", "24"),
        ("a.WAVE", {"bit_depth": "32f"}, "wav", "32f"),
        ("a.flac", {"bit_depth": "16", "sample_rate": 192_000}, "flac", "16"),
        ("a.ogg", {"sample_rate": 96_000}, "ogg", ""),
        ("a.opus", {"format": "opus"}, "opus", ""),
        ("a.b.mp3", {"sample_rate": 44_100}, "mp3", ""),
        ("no suffix", {"format": "flac"}, "flac", "24"),
        ("take.1", {"format": "mp3"}, "mp3", ""),
    ],
)
def test_name_and_settings_together_say_how_it_is_written(name, settings, kind, bit_depth):
    found = encoding(name, **settings)
    assert (found.format.name, found.bit_depth) == (kind, bit_depth)
    assert found.sample_rate == settings.get("sample_rate", 48_000)
    assert found.subtype in FORMATS[kind].subtypes.values()


@pytest.mark.parametrize(
    ("name", "settings", "code", "said"),
    [
        ("a.xyz", {}, "format", r"a\.xyz: the name must end in \.wav, \.flac, \.ogg, \.opus or \.mp3"),
        ("a.wav", {"format": "mp3"}, "format", r"the name says WAV, the format MP3; let the name end in \.mp3"),
        (
            "a.opus",
            {"sample_rate": 44_100},
            "sample_rate",
            r"44100: Opus holds 48000 Hz only; .* WAV, FLAC, OGG Vorbis or MP3",
        ),
        (
            "a.mp3",
            {"sample_rate": 96_000},
            "sample_rate",
            r"96000: MP3 holds 44100 or 48000 Hz only; .* WAV, FLAC or OGG Vorbis",
        ),
        ("a.flac", {"bit_depth": "32f"}, "bit_depth", r"32f: FLAC holds 16 or 24 bits only; choose that, or write WAV"),
        ("a.mp3", {"bit_depth": "16"}, "bit_depth", r"16: MP3 has no bit depth; leave it out, or write WAV or FLAC"),
        ("a.ogg", {"bit_depth": "24"}, "bit_depth", r"24: OGG Vorbis has no bit depth"),
    ],
)
def test_what_does_not_go_together_is_answered_with_what_does(name, settings, code, said):
    with pytest.raises(ExportError, match=said) as caught:
        encoding(name, **settings)
    assert caught.value.code == f"export.{code}"
    assert "\n" not in caught.value.message
