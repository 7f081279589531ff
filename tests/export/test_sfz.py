import re

import pytest

from engine.export.sfz import Sample, hz_to_key, key_to_note, map_keys, map_pitches


def regions(text: str) -> list[dict[str, str]]:
    """Read a map as a sampler does: opcodes after <region>; the sample's name may hold spaces."""
    lines = [line for line in text.splitlines() if line.startswith("<region>")]
    return [dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", line)) for line in lines]


def test_concert_pitch_and_its_neighbours():
    assert hz_to_key(440.0) == (69, 0.0)
    assert hz_to_key(261.6256) == (60, pytest.approx(0.0, abs=0.01))
    assert hz_to_key(450.0) == (69, pytest.approx(38.9, abs=0.1))
    assert hz_to_key(4.0)[0] == 0
    assert [key_to_note(key) for key in (0, 60, 69, 127)] == ["C-1", "C4", "A4", "G9"]


def test_every_sample_has_a_key_of_its_own():
    text = map_keys([Sample(f"a {place}.wav", None) for place in range(100)], ["a pack"])
    found = regions(text)
    assert text.startswith("// a pack\n<group> pitch_keytrack=0")
    assert [int(region["key"]) for region in found] == list(range(28, 128))
    assert found[3]["sample"] == "a 3.wav"
    assert regions(map_keys([Sample("a.wav", None)]))[0]["key"] == "36"


def test_pitched_samples_share_the_keyboard_without_gaps():
    samples = [Sample("high.wav", 880.0), Sample("noise.wav", None), Sample("low.wav", 111.0), Sample("low2.wav", 110)]
    found = regions(map_pitches(samples))
    assert [region["sample"] for region in found] == ["low.wav", "low2.wav", "high.wav"]
    assert [(region["lokey"], region["hikey"]) for region in found] == [("0", "62"), ("0", "62"), ("63", "127")]
    assert [region["pitch_keycenter"] for region in found] == ["45", "45", "81"]
    assert [region["tune"] for region in found] == ["-16", "0", "0"]
    assert [region.get("seq_position") for region in found] == ["1", "2", None]
    assert found[0]["seq_length"] == "2"
