import numpy as np
import pytest

from engine.generation.score.composing import event_times
from engine.settings import GenerateSettings
from engine.spatial.motion import home
from engine.studio.scene import MOST_SOUNDS, STEP_SECONDS, describe_scene


def settings(**values) -> GenerateSettings:
    return GenerateSettings(channels="binaural", **values)


def test_sounds_begin_when_the_score_has_them():
    wanted = settings(duration=10, density=2.0, seed=7)
    found = describe_scene(wanted, 0.0, 10.0)
    assert [one.start for one in found.sounds] == pytest.approx([now for _, now in event_times(wanted)], abs=1e-4)


def test_a_sound_that_keeps_still_is_at_its_own_place():
    found = describe_scene(settings(seed=3), 0.0, 10.0)
    homes = [home(index, 3)[0] for index in range(len(found.sounds))]
    assert [one.azimuth_degrees[0] for one in found.sounds] == pytest.approx(
        [(azimuth + 180.0) % 360.0 - 180.0 for azimuth in homes], abs=0.06
    )
    assert {len(one.azimuth_degrees) for one in found.sounds} == {1}
    assert {one.metres for one in found.sounds} == {(1.0,)}


def test_an_orbit_turns_all_sounds_once_in_its_time():
    found = describe_scene(settings(movement="orbit", orbit_seconds=4.0, density=0.5), 0.0, 10.0)
    steps = np.diff(np.unwrap(np.radians(found.sounds[0].azimuth_degrees)))
    assert np.degrees(steps[:-1]) == pytest.approx(360.0 * STEP_SECONDS / 4.0, abs=0.7)


def test_the_slider_moves_sounds_away():
    near, far = (describe_scene(settings(distance=value), 0.0, 5.0).sounds[0].metres[0] for value in (-10.0, 10.0))
    assert (near, far) == pytest.approx((0.4, 45.0))


def test_a_stretch_has_what_sounds_in_it_and_no_more():
    wanted = settings(duration=600, density=5.0)
    found = describe_scene(wanted, 100.0, 20.0)
    assert all(one.start < 120.0 and one.start + one.seconds > 100.0 for one in found.sounds)
    assert 95 <= len(found.sounds) <= 110


def test_of_a_dense_stretch_the_first_sounds_are_told():
    assert len(describe_scene(settings(duration=600, density=20.0), 0.0, 600.0).sounds) == MOST_SOUNDS


def test_a_one_shot_is_one_sound():
    assert len(describe_scene(settings(one_shot=True), 0.0, 10.0).sounds) == 1
