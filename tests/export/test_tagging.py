import dataclasses
import io
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3, TIT2, TPE1, TYER
from mutagen.mp3 import MP3
from mutagen.wave import WAVE

from engine.errors import ExportError
from engine.export.formats import FORMATS, choose_encoding
from engine.export.loop import Loop
from engine.export.measure import Measured
from engine.export.png import indices_to_png
from engine.export.riff import append_chunks
from engine.export.tagging import detect_format, read_loop, read_tags, write_tags
from engine.export.tags import Tags
from engine.settings import ExportSettings

PASSPORT = (
    '{"model": "säx 日本", "text": "a \\"quoted\\"\\nline", "numbers": [' + ", ".join(map(str, range(2_500))) + "]}\n "
)
COVER = indices_to_png(
    np.random.default_rng(0).integers(0, 200, (300, 300)).astype(np.uint8), np.zeros((200, 3), np.uint8)
)
TAGS = Tags(
    title="Dämmerung 🎷",
    artist="Ärtist; of two",
    album=" spaces ",
    comment="first line\nsecond line",
    date="2026-11-22T10:30:00",
    software="Program 1.0",
    model="säx 2",
    seed=2**31 - 1,
    passport=PASSPORT,
    cover=COVER,
)
SOUND = (0.1 * np.random.default_rng(0).normal(size=(30_001, 1))).astype(np.float32)
KINDS = [*FORMATS, "rf64"]


def sound_file(folder: Path, kind: str) -> Path:
    path = folder / f"a.{kind}"
    container, subtype = (
        ("RF64", "PCM_24") if kind == "rf64" else (FORMATS[kind].container, list(FORMATS[kind].subtypes.values())[-1])
    )
    soundfile.write(path, SOUND, 48_000, subtype, format=container)
    return path


def tag(path: Path, kind: str, tags: Tags = TAGS, loop: Loop | None = None) -> Path:
    encoding = choose_encoding(Path("any"), ExportSettings(format="wav" if kind == "rf64" else kind))
    write_tags(path, encoding, tags, Measured(30_001, 48_000, 1, -20.0, -3.0), loop)
    return path


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def test_every_field_comes_back_to_the_letter_and_the_sound_is_untouched(tmp_path, kind):
    path = sound_file(tmp_path, kind)
    before = soundfile.read(path)[0]
    assert len(PASSPORT.encode()) > 10_000
    assert read_tags(tag(path, kind)) == TAGS
    assert np.array_equal(soundfile.read(path)[0], before)


def test_the_content_says_the_format_and_not_the_name(tmp_path, kind):
    path = tag(sound_file(tmp_path, kind), kind).rename(tmp_path / "renamed.txt")
    assert read_tags(path) == TAGS
    with path.open("rb") as file:
        assert detect_format(file) == ("wav" if kind == "rf64" else kind)


def test_what_is_empty_stays_empty(tmp_path, kind):
    assert read_tags(tag(sound_file(tmp_path, kind), kind, Tags())) == Tags()


@pytest.mark.parametrize("date", ["2026", "2026-11", "2026-11-22", "2026-11-22T10:30"])
def test_dates_keep_their_precision(tmp_path, kind, date):
    assert read_tags(tag(sound_file(tmp_path, kind), kind, Tags(date=date))).date == date


def test_files_without_our_tags_have_empty_ones(tmp_path, kind):
    tags = read_tags(sound_file(tmp_path, kind))
    assert dataclasses.replace(tags, software="") == Tags()


def test_loops_come_back_where_the_format_has_a_place_for_them(tmp_path, kind):
    path = tag(sound_file(tmp_path, kind), kind, loop=Loop(5, 30_001))
    assert read_loop(path) == (None if kind == "mp3" else Loop(5, 30_001))
    assert read_tags(path) == TAGS
    (tmp_path / "other").mkdir()
    assert read_loop(tag(sound_file(tmp_path / "other", kind), kind)) is None


def test_mutagen_s_own_wave_reader_finds_the_tags(tmp_path):
    tags = WAVE(tag(sound_file(tmp_path, "wav"), "wav")).tags
    assert tags["TIT2"].text == [TAGS.title]
    assert tags["TXXX:PASSPORT"].text == [PASSPORT]
    assert tags.getall("APIC")[0].data == COVER


def test_a_wave_with_an_info_list_only_is_understood(tmp_path):
    path = sound_file(tmp_path, "wav")
    with soundfile.SoundFile(path, "w", 48_000, 1) as file:
        file.title, file.artist = "from elsewhere", "somebody"
        file.write(SOUND)
    assert (read_tags(path).title, read_tags(path).artist) == ("from elsewhere", "somebody")


def test_a_list_of_another_kind_does_not_hide_the_info_list(tmp_path):
    path = sound_file(tmp_path, "wav")
    append_chunks(path, {b"list": b"adtllabels", b"LIST": b"INFOINAM\4\0\0\0Dawn"})
    assert read_tags(path) == Tags(title="Dawn")


def test_foreign_tags_of_other_versions_and_several_values_are_understood(tmp_path):
    path = sound_file(tmp_path, "mp3")
    id3 = ID3()
    for frame in (TIT2(encoding=1, text="Ton"), TPE1(encoding=3, text=["one", "two"]), TYER(encoding=0, text="1999")):
        id3.add(frame)
    id3.save(path, v1=0, v2_version=3, v23_sep=None)
    assert read_tags(path) == Tags(title="Ton", artist="one; two", date="1999")
    flac = mutagen.File(sound_file(tmp_path, "flac"))
    flac["artist"] = ["one", "two"]
    flac["METADATA_BLOCK_PICTURE"] = ["no picture"]
    flac.save()
    assert read_tags(tmp_path / "a.flac").artist == "one; two"


def test_a_damaged_picture_does_not_hide_the_rest(tmp_path):
    path = tag(sound_file(tmp_path, "ogg"), "ogg")
    ogg = mutagen.File(path)
    ogg["METADATA_BLOCK_PICTURE"] = ["bm90IGEgcGljdHVyZQ=="]
    ogg.save()
    assert read_tags(path) == dataclasses.replace(TAGS, cover=b"")


def test_a_flac_behind_an_id3_tag_is_still_a_flac(tmp_path):
    path = tag(sound_file(tmp_path, "flac"), "flac")
    id3 = io.BytesIO()
    ID3().save(id3)
    path.write_bytes(id3.getvalue() + path.read_bytes())
    assert read_tags(path) == TAGS


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"a text\n" * 100, b"OggS" + bytes(60), b"FORM1234AIFF", bytes(1_000)]
)
@pytest.mark.parametrize("reader", [read_tags, read_loop])
def test_what_is_no_sound_file_is_refused_by_name(tmp_path, content, reader):
    (tmp_path / "strange.wav").write_bytes(content)
    with pytest.raises(ExportError, match=r"^strange\.wav is no sound file that holds tags; WAV, FLAC,") as caught:
        reader(tmp_path / "strange.wav")
    assert caught.value.code == "export.not_sound"


def test_what_cannot_be_opened_is_refused_by_name(tmp_path):
    for path in (tmp_path / "missing.wav", tmp_path):
        with pytest.raises(ExportError, match=f"{path.name} cannot be read: "):
            read_tags(path)


def test_damaged_files_give_tags_or_one_line(tmp_path, kind):
    whole = tag(sound_file(tmp_path, kind), kind, dataclasses.replace(TAGS, cover=COVER[:500])).read_bytes()
    starts = sorted({0, max(0, len(whole) - 16_000)})  # where tags are
    random = np.random.default_rng(0)
    path = tmp_path / "damaged"
    told = []
    for turn in range(60):
        content = bytearray(whole)
        start = starts[turn % len(starts)]
        for at in random.integers(start, min(len(whole), start + (200 if turn % 3 else 16_000)), 1 + turn % 8):
            content[at] = random.integers(256)
        path.write_bytes(content[: random.integers(len(content))] if turn % 4 == 0 else content)
        for reader in (read_tags, read_loop):
            try:
                reader(path)
            except ExportError as error:
                told.append(error.message)
    assert told
    assert not any("\n" in message for message in told)


def test_tags_do_not_change_how_long_an_mp3_is_said_to_be(tmp_path):
    path = sound_file(tmp_path, "mp3")
    before = MP3(path).info.length
    assert MP3(tag(path, "mp3")).info.length == before
    assert soundfile.info(path).frames == 30_001


def test_a_wave_without_room_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.export.riff.LARGEST_SIZE", 100_000)
    with pytest.raises(ExportError, match="no room for tags"):
        tag(sound_file(tmp_path, "wav"), "wav")


def test_a_damaged_id3_chunk_is_told(tmp_path):
    path = sound_file(tmp_path, "wav")
    append_chunks(path, {b"id3 ": b"no tag at all"})
    with pytest.raises(ExportError, match=r"the tags of a\.wav are damaged") as caught:
        read_tags(path)
    assert caught.value.code == "export.damaged"
