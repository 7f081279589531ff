import json
from pathlib import Path
from types import SimpleNamespace

from engine.settings import ExportSettings
from engine.studio.sharing import find_makers


def test_a_pack_is_asked_for_and_told(sda, studio):
    calls = []
    samples = (SimpleNamespace(pitch_hz=440.0), SimpleNamespace(pitch_hz=None))
    made = SimpleNamespace(
        folder="p", samples=samples, loudness_lufs=-18.04, notes=("one is silent",), to_dict=lambda: {"folder": "p"}
    )

    def make_pack(*arguments, on_progress, **options):
        on_progress(0.5)
        calls.append((arguments, options))
        assert find_makers() is not None
        return made

    studio("delivery", Delivery=lambda export, tags, force: (export, tags, force))
    studio("pack", make_pack=make_pack)
    outcome = sda("pack", "sax", "--out", "p", "--count", 2, "--format", "flac", "--force")
    assert outcome.out == "p\n2 samples at -18.0 LUFS, 1 of them with a pitch\n"
    assert outcome.err.splitlines()[-1] == "Note: one is silent"
    (model, out, settings), options = calls[0]
    assert (model, out, settings.count) == ("sax", Path("p"), 2)
    assert options["delivery"][0] == ExportSettings(format="flac")
    assert options["delivery"][2] is True
    assert json.loads(sda("pack", "sax", "--out", "p", "--json").out) == {"folder": "p"}


def test_a_pack_that_no_sampler_takes_is_refused(sda):
    outcome = sda("pack", "sax", "--out", "p", "--count", 129)
    assert outcome.status == 1
    assert outcome.err.startswith("sda: count = 129: must be a whole number from 1 to 128")
