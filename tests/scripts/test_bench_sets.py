"""Sets that anyone can make: the same every time, short or long as they are named."""

from pathlib import Path

import numpy as np
import soundfile
from bench_sets import SHORT, voice_of_texture, write_large, write_long
from flow import measure_flow


def test_the_large_set_has_short_sounds_of_every_kind_and_is_the_same_every_time(tmp_path: Path):
    for folder in ("a", "b"):
        write_large(tmp_path / folder, 6)
    files = sorted((tmp_path / "a").iterdir())
    assert len(files) == 6
    assert {file.name.partition("_")[0] for file in files} == {name for name, _ in SHORT}
    assert all(0.1 < soundfile.info(file).duration < 2.0 for file in files)
    assert all(file.read_bytes() == (tmp_path / "b" / file.name).read_bytes() for file in files)


def test_the_long_set_is_never_silent_and_never_stops(tmp_path: Path):
    write_long(tmp_path, minutes=0.1)
    (file,) = tmp_path.iterdir()
    samples, rate = soundfile.read(file)
    assert len(samples) / rate == 5.0
    flow = measure_flow(samples, rate)
    assert (flow.silent, flow.stops_a_minute) == (0.0, 0.0)
    assert np.abs(samples).max() < 1.0


def test_the_texture_changes_on_its_way():
    early, late = (voice_of_texture(place, np.random.default_rng(5)) for place in (0.0, 0.5))
    assert np.abs(np.corrcoef(early, late)[0, 1]) < 0.5
