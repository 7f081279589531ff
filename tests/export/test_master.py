import dataclasses
import tracemalloc

import numpy as np
import pyloudnorm
import pytest
import soundfile

from engine.audio.true_peak import true_peak_db
from engine.errors import ExportError, ParameterError, ShapeError
from engine.export import master
from engine.export.formats import FORMATS
from engine.export.loop import Loop
from engine.export.master import write_sound
from engine.export.tagging import read_loop, read_tags
from engine.export.tags import Tags
from engine.settings import ExportSettings

MATRIX = [
    (kind.name, rate, bit_depth, channels)
    for kind in FORMATS.values()
    for rate in kind.sample_rates
    for bit_depth in kind.bit_depths or ("auto",)
    for channels in (1, 2)
]
SAMPLES = 24_001
TIME = np.arange(SAMPLES) / 48_000
CHORD = sum(0.2 / k * np.sin(2 * np.pi * 220 * k * TIME + k) for k in range(1, 12)).astype(np.float32)
HITS = (
    np.random.default_rng(1).normal(size=(96_000, 2)) * np.exp(-(np.arange(96_000) % 12_000) / 900)[:, None]
).astype(np.float32)
PEAKS = np.tile(0.5 * CHORD[:24_000, None], (4, 1)) + 0.9 * (np.arange(96_000) % 9_600 < 9)[:, None].astype(np.float32)
TAGS = Tags("Title ä", "Artist", "Album", "Comment", "2026-11-22", "Program 1.0", "sax", 7, '{"seed": 7}')


def in_blocks(sound, size=5_000):
    return (sound[at : at + size] for at in range(0, len(sound), size))


def write(path, sound, size=5_000, *, tags=Tags(), loop=False, **settings):  # noqa: B008 - frozen
    return write_sound(in_blocks(sound, size), path, ExportSettings(**settings), tags=tags, loop=loop)


def read(path):
    return soundfile.read(path, always_2d=True)[0]


def level_db(sound):
    return 20 * np.log10(np.std(sound))


@pytest.mark.parametrize(("kind", "rate", "bit_depth", "channels"), MATRIX)
def test_every_combination_has_its_length_level_and_tags(tmp_path, kind, rate, bit_depth, channels):
    path = tmp_path / f"a.{kind}"
    sound = np.stack([CHORD, CHORD[::-1]], axis=1)[:, :channels]
    exported = write(path, sound, tags=TAGS, sample_rate=rate, bit_depth=bit_depth)
    found = read(path)
    assert found.shape == (round(SAMPLES * rate / 48_000), channels)
    assert soundfile.info(path).samplerate == rate
    inside = slice(rate // 10, -rate // 10)
    assert level_db(found[inside]) == pytest.approx(level_db(sound[4_800:-4_800]), abs=0.1)
    assert read_tags(path) == TAGS
    assert (exported.measured.samples, exported.measured.sample_rate) == (len(found), rate)
    assert not exported.notes
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("kind", "bit_depth", "floor_db"),
    [("wav", "16", -96.3), ("flac", "16", -96.3), ("wav", "24", -149.2), ("flac", "24", -149.2)],
)
def test_the_noise_floor_is_that_of_the_bit_depth(tmp_path, kind, bit_depth, floor_db):
    sound = CHORD[:, None]
    write(tmp_path / f"a.{kind}", sound, bit_depth=bit_depth, remove_dc=False)
    assert level_db(read(tmp_path / f"a.{kind}") - sound) == pytest.approx(floor_db, abs=0.2)


def test_32_bit_float_has_no_noise_at_all(tmp_path):
    write(tmp_path / "a.wav", CHORD[:, None], bit_depth="32f", remove_dc=False)
    assert np.array_equal(read(tmp_path / "a.wav"), CHORD[:, None])


@pytest.mark.parametrize("kind", ["ogg", "opus", "mp3"])
def test_no_decoded_lossy_file_has_a_true_peak_above_the_ceiling(tmp_path, kind):
    exported = write(tmp_path / f"a.{kind}", 4 * HITS)
    assert -1.6 < true_peak_db(read(tmp_path / f"a.{kind}").astype(np.float32)) <= -1.0
    assert exported.measured.true_peak_db <= -1.0


@pytest.mark.parametrize("rate", [44_100, 96_000])
@pytest.mark.parametrize("ceiling", [-1.0, -3.0])
def test_the_ceiling_holds_at_the_rate_of_the_file(tmp_path, rate, ceiling):
    exported = write(tmp_path / "a.wav", 4 * HITS, sample_rate=rate, ceiling=ceiling)
    assert ceiling - 0.2 < true_peak_db(read(tmp_path / "a.wav").astype(np.float32)) <= ceiling
    assert any("peaks were taken down by up to" in note for note in exported.notes)


@pytest.mark.parametrize(
    ("kind", "rate"), [("wav", 48_000), ("wav", 44_100), ("flac", 96_000), ("mp3", 44_100), ("opus", 48_000)]
)
@pytest.mark.parametrize(("sound", "loudness"), [(0.1 * HITS, -30.0), (PEAKS, -13.0)], ids=["free", "limited"])
def test_the_loudness_is_the_one_that_was_asked_for(tmp_path, kind, rate, sound, loudness):
    exported = write(tmp_path / f"a.{kind}", sound, sample_rate=rate, loudness=loudness)
    measured = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(read(tmp_path / f"a.{kind}"))
    assert measured == pytest.approx(loudness, abs=0.1)
    assert exported.measured.loudness_lufs == pytest.approx(loudness, abs=0.1)
    assert exported.measured.true_peak_db <= -1.0


def test_a_loudness_that_the_ceiling_forbids_is_told(tmp_path):
    clicks = np.zeros((96_000, 1), np.float32)
    clicks[::9_600] = 0.9
    exported = write(tmp_path / "a.wav", clicks, loudness=-8.0, ceiling=-6.0)
    assert exported.measured.true_peak_db <= -6.0
    assert any("not -8: below a ceiling of -6 dBTP" in note for note in exported.notes)


def test_a_sound_whose_peaks_are_all_it_has_is_not_crushed_for_a_loudness_it_cannot_have(tmp_path):
    exported = write(tmp_path / "a.wav", HITS, loudness=-6.0)
    assert exported.limited_db < 20
    assert exported.measured.loudness_lufs < -12
    assert any("not -6: below a ceiling of -1 dBTP" in note for note in exported.notes)


def test_silence_stays_silence_whatever_loudness_was_asked_for(tmp_path):
    exported = write(tmp_path / "a.wav", np.zeros((48_000, 2), np.float32), loudness=-14.0)
    assert not read(tmp_path / "a.wav").any()
    assert exported.notes == ("the sound is too quiet to be brought to -14 LUFS; its level is its own",)


def test_fades_and_removal_of_an_offset_can_be_asked_for(tmp_path):
    steady = np.full((48_000, 1), 0.25, np.float32)
    write(tmp_path / "a.wav", steady, fade_in=0.1, fade_out=0.2, remove_dc=False, bit_depth="32f")
    found = read(tmp_path / "a.wav")[:, 0]
    assert found[[0, -1]].tolist() == [0, 0]
    assert found[[2_400, -4_800]] == pytest.approx(0.125, abs=1e-3)
    assert (found[5_000:38_000] == 0.25).all()
    write(tmp_path / "b.wav", steady)
    assert np.abs(read(tmp_path / "b.wav")[-24_000:]).max() < 1e-4


@pytest.mark.parametrize(("kind", "rate"), [("wav", 48_000), ("wav", 44_100), ("flac", 96_000)])
def test_a_loop_goes_on_at_its_seam_and_the_file_says_so(tmp_path, kind, rate):
    period = np.arange(48_000) / 48_000
    tone = (0.9 * np.sin(2 * np.pi * 50 * period) + 0.9 * np.cos(2 * np.pi * 330 * period))[:, None].astype(np.float32)
    write(tmp_path / f"a.{kind}", tone, loop=True, sample_rate=rate)
    once = read(tmp_path / f"a.{kind}")
    assert read_loop(tmp_path / f"a.{kind}") == Loop(0, rate)
    seam = np.concatenate([once[-500:], once[:500]])[:, 0]
    curvature = np.abs(np.diff(seam, 2))
    assert curvature[490:510].max() < 1.2 * curvature[:400].max()
    assert level_db(once[: rate // 10]) == pytest.approx(level_db(once[-rate // 10 :]), abs=0.01)


def test_loops_in_mp3_are_not_marked_and_short_ones_lead_into_themselves_several_times(tmp_path):
    exported = write(tmp_path / "a.mp3", CHORD[:3_000, None], loop=True)
    assert exported.measured.samples == 3_000
    assert any("an MP3 cannot say that it is a loop" in note for note in exported.notes)


def test_a_faded_loop_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="a loop cannot be faded"):
        write(tmp_path / "a.wav", CHORD[:, None], loop=True, fade_out=1.0)


def test_the_cover_shows_the_sound(tmp_path):
    write(tmp_path / "a.flac", CHORD[:, None], cover=True, tags=TAGS)
    tags = read_tags(tmp_path / "a.flac")
    assert tags.cover.startswith(b"\x89PNG")
    assert dataclasses.replace(tags, cover=b"") == TAGS


@pytest.mark.parametrize(
    "settings", [{}, {"bit_depth": "16"}, {"bit_depth": "32f"}, {"sample_rate": 44_100}, {"loudness": -20.0}]
)
def test_the_same_sound_gives_the_same_bytes_however_it_is_cut(tmp_path, settings):
    write(tmp_path / "a.wav", HITS, 96_000, tags=TAGS, **settings)
    write(tmp_path / "b.wav", HITS, 1_234, tags=TAGS, **settings)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


@pytest.mark.parametrize("settings", [{}, {"loudness": -20.0, "sample_rate": 44_100}])
def test_memory_does_not_grow_with_the_length(tmp_path, settings):
    noise = np.random.default_rng(0).normal(0, 0.1, (48_000, 2)).astype(np.float32)

    def peak(seconds):
        tracemalloc.start()
        write_sound((noise for _ in range(seconds)), tmp_path / "a.wav", ExportSettings(**settings), force=True)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20) < 1.1 * peak(4)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_disk_that_takes_no_more_ends_in_one_line_and_leaves_nothing(tmp_path, kind):
    resource = pytest.importorskip("resource")
    write(tmp_path / f"whole.{kind}", HITS)
    (tmp_path / f"whole.{kind}").rename(tmp_path / "whole")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    tail = (tmp_path / "whole").stat().st_size - 1_000  # encoders do not tell when only their last page is lost
    resource.setrlimit(resource.RLIMIT_FSIZE, (tail, before[1]))
    try:
        with pytest.raises(ExportError, match=rf"a\.{kind} cannot be written: "):
            write(tmp_path / f"a.{kind}", HITS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_a_file_that_lost_its_end_is_not_taken_for_whole(tmp_path, monkeypatch):
    def measured_short(path):
        found = master_measure(path)
        return dataclasses.replace(found, samples=found.samples - 1)

    master_measure = master.measure
    monkeypatch.setattr(master, "measure", measured_short)
    with pytest.raises(ExportError, match=r"a\.wav cannot be written"):
        write(tmp_path / "a.wav", CHORD[:, None])
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_sound_itself_is_not_renamed_and_leaves_nothing(tmp_path):
    def broken():
        yield CHORD[:, None]
        raise FileNotFoundError("a recording")

    for name in ("a.wav", "a.mp3"):
        with pytest.raises(FileNotFoundError, match="a recording"):
            write_sound(broken(), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg"])
@pytest.mark.parametrize("blocks", [[], [np.zeros((0, 1), np.float32)]])
def test_no_sound_is_refused(tmp_path, name, blocks):
    with pytest.raises(ExportError, match="there is no sound to write"):
        write_sound(blocks, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_blocks_of_other_shapes_are_refused(tmp_path):
    for shape in ((100,), (100, 3)):
        with pytest.raises(ShapeError, match=r"\(samples, 1 or 2\)"):
            write_sound([np.zeros(shape, np.float32)], tmp_path / "a.wav")
    with pytest.raises(ShapeError, match=r"\(samples, 2\)"):
        write_sound([np.zeros((10, 2), np.float32), np.zeros((10, 1), np.float32)], tmp_path / "a.wav")


def test_nothing_is_asked_of_the_sound_before_the_file_can_be_written(tmp_path):
    def never():
        pytest.fail("work began")
        yield

    (tmp_path / "a.wav").touch()
    for path, tags in (
        (tmp_path / "a.wav", Tags()),
        (tmp_path / "a.xyz", Tags()),
        (tmp_path / "b.wav", Tags(date="now")),
    ):
        with pytest.raises((ExportError, ParameterError)):
            write_sound(never(), path, tags=tags)
