import numpy as np
import pytest
import soundfile

from engine.audio.channels import Mixer, find_speakers, mixing_matrix
from engine.audio.files import stream

SIDE = 0.5**0.5
ROOMS = {3: "L R C", 4: "L R Ls Rs", 5: "L R C Ls Rs", 6: "L R C LFE Ls Rs", 7: "L R C LFE Cs Ls Rs",
         8: "L R C LFE Lb Rb Ls Rs"}  # fmt: skip
HEARD = {"L": (1, 0), "R": (0, 1), "C": (SIDE, SIDE), "LFE": (0, 0), "Cs": (0.5, 0.5), "Ls": (SIDE, 0), "Rs": (0, SIDE),
         "Lb": (SIDE, 0), "Rb": (0, SIDE)}  # fmt: skip
AMBIX = {"left": (1, 1, 0, 0), "right": (1, -1, 0, 0), "front": (1, 0, 0, 1), "above": (1, 0, 1, 0)}


def mix_one(channels: int, place: int, mixer: Mixer) -> np.ndarray:
    block = np.zeros((1, channels), np.float32)
    block[0, place] = 1.0
    return mixer.mix(block)[0]


@pytest.mark.parametrize("channels", ROOMS)
def test_each_loudspeaker_is_heard_where_bs775_has_it(channels: int):
    mixer = Mixer(channels, find_speakers(channels))
    left = mix_one(channels, 0, mixer)[0]
    for place, name in enumerate(ROOMS[channels].split()):
        assert mix_one(channels, place, mixer) / left == pytest.approx(HEARD[name], abs=1e-6), name


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8, 12])
def test_no_mix_exceeds_full_scale(channels: int):
    gains = mixing_matrix(channels, find_speakers(channels))
    assert gains.sum(axis=0) == pytest.approx([1.0, 1.0])


def test_ogg_has_another_order():
    mixer = Mixer(6, find_speakers(6, "OGG"))
    heard = [mix_one(6, place, mixer) for place in range(6)]
    assert heard[1][0] == heard[1][1] > 0
    assert heard[0][1] == heard[2][0] == 0
    assert not heard[5].any()


def test_the_mask_of_a_wav_tells_the_loudspeakers():
    assert find_speakers(4, mask=0x107) == ("FL", "FR", "FC", "BC")
    assert find_speakers(4, mask=0x3) == ("FL", "FR", "BL", "BR")
    assert find_speakers(9) == ()


def test_channels_nobody_knows_alternate_between_left_and_right():
    block = np.arange(10, dtype=np.float32)[None]
    assert Mixer(10).mix(block).tolist() == [[4.0, 5.0]]


def test_mono_and_stereo_pass_unchanged():
    for channels in (1, 2):
        block = np.random.default_rng(1).normal(size=(10, channels)).astype(np.float32)
        assert Mixer(channels).mix(block) is block


@pytest.mark.parametrize(("wanted", "heard"), [("left", 1.0), ("right", 3.0), ("mono", 2.0)])
def test_the_person_says_what_is_used_of_stereo(wanted, heard: float):
    mixer = Mixer(2, (), wanted)
    assert (mixer.channels, mixer.mix(np.float32([[1.0, 3.0]])).tolist()) == (1, [[heard]])
    assert Mixer(1, (), wanted).mix(np.float32([[5.0]])).tolist() == [[5.0]]


def test_left_and_right_of_surround_are_those_loudspeakers():
    block = np.arange(6, dtype=np.float32)[None]
    assert Mixer(6, find_speakers(6, "OGG"), "right").mix(block).tolist() == [[2.0]]
    assert Mixer(6, find_speakers(6), "right").mix(block).tolist() == [[1.0]]
    assert Mixer(6, find_speakers(6), "mono").channels == 1


@pytest.mark.parametrize("channels", [4, 9, 16])
def test_ambisonics_are_heard_from_where_they_come(channels: int):
    mixer = Mixer(channels, find_speakers(channels), "ambix")
    for name, gains in AMBIX.items():
        block = np.zeros((1, channels), np.float32)
        block[0, :4] = gains
        left, right = mixer.mix(block)[0]
        assert (left, right) == pytest.approx({"left": (1, 0), "right": (0, 1)}.get(name, (0.5, 0.5))), name


def test_what_cannot_be_ambisonics_is_mixed_as_ever():
    block = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    assert np.array_equal(Mixer(6, find_speakers(6), "ambix").mix(block), Mixer(6, find_speakers(6)).mix(block))
    stereo = block[:, :2]
    assert Mixer(2, (), "ambix").mix(stereo) is stereo


def test_a_file_with_a_mask_is_heard_by_it(tmp_path):
    sound = np.zeros((48_000, 5), np.float32)
    sound[:, 3] = 0.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    soundfile.write(tmp_path / "a.wav", sound, 48_000, format="WAVEX", subtype="PCM_24")
    heard = np.concatenate(list(stream(tmp_path / "a.wav")))
    assert heard[:, 0].std() > 0.1
    assert not heard[:, 1].any()
