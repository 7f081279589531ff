import numpy as np
import pytest
import soundfile

from engine.errors import ExportError, ShapeError
from engine.export import formats
from engine.export.formats import check_target, open_sound

NOISE = np.random.default_rng(0).uniform(-1, 1, (20_000, 2)).astype(np.float32)


def write(path, sound, size=20_000, **options):
    with open_sound(path, sound.shape[1], **options) as file:
        for at in range(0, len(sound), size):
            file.write(sound[at : at + size])
    return soundfile.read(path, dtype="float64", always_2d=True)[0]


def test_24_bit_is_written_unless_told_otherwise(tmp_path):
    assert np.abs(write(tmp_path / "a.wav", NOISE) - NOISE).max() <= 2.0**-24
    info = soundfile.info(str(tmp_path / "a.wav"))
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (48_000, 2, "PCM_24", 20_000)


def test_32_bit_float_keeps_every_bit_and_goes_above_full_scale(tmp_path):
    assert np.array_equal(write(tmp_path / "a.wav", 3 * NOISE, bit_depth="32f"), 3 * NOISE)


@pytest.mark.parametrize("bit_depth", ["16", "24"])
def test_what_exceeds_full_scale_is_clipped_and_does_not_wrap(tmp_path, bit_depth):
    read = write(tmp_path / "a.wav", np.array([[2.0], [-2.0]], np.float32), bit_depth=bit_depth)
    assert read[:, 0] == pytest.approx([1.0, -1.0], abs=1e-4)


def test_16_bit_is_dithered_so_that_quiet_sound_survives(tmp_path):
    quiet = np.full((200_000, 1), 0.3 * 2.0**-15, np.float32)
    read = write(tmp_path / "a.wav", quiet, bit_depth="16") * 2.0**15
    assert read.mean() == pytest.approx(0.3, abs=0.02)
    assert read.var() == pytest.approx(0.25, abs=0.01)  # triangular noise of two steps and the rounding: 1/6 + 1/12


def test_dither_is_the_same_however_the_sound_is_cut(tmp_path):
    whole = write(tmp_path / "a.wav", NOISE, bit_depth="16")
    assert np.array_equal(write(tmp_path / "b.wav", NOISE, size=777, bit_depth="16"), whole)


def test_the_sample_rate_is_written(tmp_path):
    write(tmp_path / "a.wav", NOISE, sample_rate=96_000)
    assert soundfile.info(str(tmp_path / "a.wav")).samplerate == 96_000


def test_missing_folders_are_made(tmp_path):
    write(tmp_path / "new" / "größe 日本" / "a.wav", NOISE)
    assert [path.name for path in (tmp_path / "new" / "größe 日本").iterdir()] == ["a.wav"]


def test_an_existing_file_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"precious")
    with pytest.raises(ExportError, match=r"a\.wav exists already; use --force"), open_sound(tmp_path / "a.wav", 1):
        pytest.fail("work began")
    assert (tmp_path / "a.wav").read_bytes() == b"precious"
    write(tmp_path / "a.wav", NOISE, force=True)
    assert soundfile.info(str(tmp_path / "a.wav")).frames == 20_000


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_is_not_finished_leaves_nothing_and_harms_nothing(tmp_path, error):
    (tmp_path / "a.wav").write_bytes(b"precious")

    def work():
        with open_sound(tmp_path / "a.wav", 2, force=True) as file:
            file.write(NOISE)
            raise error

    with pytest.raises(error):
        work()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.wav", b"precious")]


def test_errors_of_the_work_itself_are_not_renamed(tmp_path):
    with pytest.raises(FileNotFoundError), open_sound(tmp_path / "a.wav", 2):
        (tmp_path / "recording").read_bytes()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.xyz", r"a\.xyz: the name must end in \.wav"),
        ("n" * 300 + ".wav", "the name is too long"),
        ("folder.wav", "is a folder"),
        ("file/a.wav", "is a file, not a folder"),
    ],
)
def test_impossible_places_are_refused_in_one_line(tmp_path, name, reason):
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=reason) as caught:
        check_target(tmp_path / name, force=True)
    assert "\n" not in caught.value.message


def test_an_unknown_bit_depth_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(ExportError, match="must be one of 16, 24, 32f"):
        write(tmp_path / "a.wav", NOISE, bit_depth="8")


def test_a_full_disk_ends_in_one_line_and_leaves_nothing(tmp_path):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(ExportError, match=r"a\.wav cannot be written"), open_sound(tmp_path / "a.wav", 2) as file:
            file.write(NOISE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_a_folder_without_permission_is_named(tmp_path, monkeypatch):
    def touch(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.touch", touch)
    with pytest.raises(ExportError, match="you have no permission"), open_sound(tmp_path / "a.wav", 1):
        pytest.fail("work began")


def test_what_outgrows_a_wav_becomes_rf64_when_the_length_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "LARGEST_WAV", 60_000)
    write(tmp_path / "a.wav", NOISE, expected_samples=len(NOISE))
    assert soundfile.info(str(tmp_path / "a.wav")).format == "RF64"
    with pytest.raises(ExportError, match="more than 10000 samples"):
        write(tmp_path / "b.wav", NOISE)
    write(tmp_path / "c.wav", NOISE[:10_000])
    assert soundfile.info(str(tmp_path / "c.wav")).format == "WAV"


def test_invalid_numbers_and_shapes_are_refused(tmp_path):
    with pytest.raises(ExportError, match="NaN"):
        write(tmp_path / "a.wav", np.full((3, 1), np.nan, np.float32))
    with pytest.raises(ShapeError, match=r"\(samples, 2\)"), open_sound(tmp_path / "a.wav", 2) as file:
        file.write(NOISE[:, :1])
    assert not list(tmp_path.iterdir())
