"""Foreign and hostile archives: each is refused with one line that says why, and leaves nothing behind."""

import json
import stat
import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from small_library import make_folder

from engine.errors import LibraryError
from engine.library.archive import export_model, import_model
from engine.library.archive_checks import MANIFEST_BYTES, Limits
from engine.library.models import list_models
from engine.library.store import Catalogue
from engine.paths import import_folder, models_folder

MODEL = {"format": 1, "id": "0123456789ab", "name": "sax"}
Changes = dict[str, object]


class Crafted:
    """An archive in the making, right in everything that is not changed on purpose."""

    def __init__(self) -> None:
        self.files: list[tuple[ZipInfo, bytes]] = []
        self.listed: list[dict[str, object]] = []
        self.about: dict[str, object] = {"format": 1, "program": "0.1"}
        self.add("model.json", json.dumps(MODEL).encode())
        self.add("weights.safetensors", b"weights")

    def add(self, name: str, content: bytes, *, way: int = ZIP_STORED, listed: bool = True) -> ZipInfo:
        info = ZipInfo(name)
        info.compress_type = way
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        self.files.append((info, content))
        if listed:
            self.listed.append({"name": name, "size": len(content), "sha256": sha256(content).hexdigest()})
        return info

    def replace(self, name: str, content: bytes) -> None:
        """Put other content under a name, without listing it."""
        self.files = [(info, content if info.filename == name else before) for info, before in self.files]

    def list_as(self, listed: str, **values: object) -> None:
        for part in self.listed:
            if part["name"] == listed:
                part.update(values)

    def write(self, path: Path) -> Path:
        manifest = {"files": self.listed, **self.about}
        with ZipFile(path, "w") as zipped:
            for info, content in self.files:
                zipped.writestr(info, content)
            zipped.writestr("manifest.json", json.dumps(manifest))
        return path


@pytest.fixture
def sda(tmp_path: Path) -> Path:
    return tmp_path / "foreign.sda"


def refused(store: Catalogue, path: Path, limits: Limits = Limits()) -> LibraryError:  # noqa: B008
    """Import an archive that must be refused; return the error after checking that nothing is left of it."""
    with pytest.raises(LibraryError) as caught:
        import_model(store, path, accept, limits=limits)
    assert "\n" not in caught.value.message
    assert caught.value.message.startswith(f"{path} is not imported: ")
    assert "Nothing was changed" in caught.value.message
    assert list_models(store) == []
    assert not import_folder().exists()
    assert not models_folder().exists()
    return caught.value


def accept(_: Path) -> None:
    return None


def test_what_is_crafted_without_a_change_is_accepted(store: Catalogue, sda: Path):
    assert import_model(store, Crafted().write(sda), accept).entry.name == "sax"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("../model.json", "leads out of its folder"), ("a/../../b", "leads out of its folder"),
     ("..\\model.json", "leads out of its folder"), ("..", "leads out of its folder"),
     ("/etc/passwd", "is an absolute path"), ("\\\\server\\share", "is an absolute path"),
     ("C:\\Windows\\x.json", "is an absolute path"), ("c:x.json", "is an absolute path"),
     ("sub/model.json", "is no part of a model"), ("./model.json", "is no part of a model"),
     ("MODEL.JSON", "is no part of a model"), ("model.json\0.txt", "is no part of a model"),
     ("model.json:stream", "is no part of a model"), ("run.sh", "is no part of a model"),
     ("a/", "is no part of a model"),
     ("a\nb", "is no part of a model"), ("x" * 5000, "is no part of a model")],
)  # fmt: skip
def test_a_name_that_is_not_a_known_one_is_refused(store: Catalogue, sda: Path, name: str, reason: str):
    crafted = Crafted()
    info = crafted.add("placeholder", b"x")
    info.filename = info.orig_filename = name
    crafted.list_as("placeholder", name=name)
    assert reason in refused(store, crafted.write(sda)).message


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(stat.S_IFLNK, "is a link"), (stat.S_IFDIR, "not a plain file"), (stat.S_IFIFO, "not a plain file"),
     (stat.S_IFCHR, "not a plain file")],
)  # fmt: skip
def test_links_and_devices_are_refused(store: Catalogue, sda: Path, kind: int, reason: str):
    crafted = Crafted()
    crafted.add("corpus.f32", b"/etc/passwd").external_attr = (kind | 0o777) << 16
    assert reason in refused(store, crafted.write(sda)).message


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["model.json", "manifest.json"])
def test_a_name_that_occurs_twice_is_refused(store: Catalogue, sda: Path, name: str):
    crafted = Crafted()
    crafted.add(name, b"{}", listed=False)
    assert f"{name!r} more than once" in refused(store, crafted.write(sda)).message


def test_an_encrypted_entry_is_refused(store: Catalogue, sda: Path):
    whole = bytearray(Crafted().write(sda).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(signature) + offset] |= 1
    sda.write_bytes(whole)
    assert "is encrypted" in refused(store, sda).message


def test_an_unusual_compression_is_refused(store: Catalogue, sda: Path):
    crafted = Crafted()
    crafted.add("corpus.f32", b"x" * 1000, way=ZIP_BZIP2)
    assert "compressed in a way that is not known" in refused(store, crafted.write(sda)).message


def test_a_bomb_by_ratio_is_refused(store: Catalogue, sda: Path):
    crafted = Crafted()
    crafted.add("corpus.f32", bytes(1 << 20), way=ZIP_DEFLATED)
    assert "packed more than 200 times smaller" in refused(store, crafted.write(sda)).message


def test_a_bomb_by_count_is_refused(store: Catalogue, sda: Path):
    crafted = Crafted()
    for number in range(100):
        crafted.add(f"file{number}", b"")
    assert "holds 103 files, and may hold 64" in refused(store, crafted.write(sda)).message


def test_a_list_of_contents_without_end_is_not_even_read(store: Catalogue, sda: Path):
    with ZipFile(sda, "w") as zipped:
        for number in range(20):
            info = ZipInfo(f"{number:05}" + "x" * 30_000)
            info.comment = b"c" * 60_000
            zipped.writestr(info, b"")
    assert "its list of contents is longer than" in refused(store, sda).message


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(file_bytes=999), "'corpus.f32' has 1000 bytes or more, and may have 999"),
     (Limits(json_bytes=20), "'model.json' has 50 bytes or more, and may have 20"),
     (Limits(total_bytes=1050), "have 1057 bytes together, and may have 1050"), (Limits(files=3), "holds 4 files")],
)  # fmt: skip
def test_a_bomb_by_size_is_refused(store: Catalogue, sda: Path, limits: Limits, reason: str):
    crafted = Crafted()
    crafted.add("corpus.f32", b"x" * 1000)
    assert reason in refused(store, crafted.write(sda), limits).message


def test_a_size_that_is_a_lie_is_noticed_while_reading(store: Catalogue, sda: Path):
    content = bytes(range(256)) * 40
    crafted = Crafted()
    crafted.add("corpus.f32", content, way=ZIP_DEFLATED)
    crafted.list_as("corpus.f32", size=10, sha256=sha256(content[:10]).hexdigest())
    whole = bytearray(crafted.write(sda).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        entry = whole.index(signature, whole.index(signature, whole.index(signature) + 4) + 4)
        assert struct.unpack_from("<I", whole, entry + offset) == (len(content),)
        struct.pack_into("<I", whole, entry + offset, 10)
    sda.write_bytes(whole)
    assert "damaged" in refused(store, sda).message


def test_other_content_than_is_listed_is_refused(store: Catalogue, sda: Path):
    crafted = Crafted()
    crafted.replace("weights.safetensors", b"WEIGHTS")
    assert "'weights.safetensors' is not what it was when it was exported" in refused(store, crafted.write(sda)).message


def test_a_changed_byte_is_noticed(store: Catalogue, sda: Path):
    whole = Crafted().write(sda).read_bytes()
    sda.write_bytes(whole.replace(b"weights", b"Weights", 2).replace(b"Weights.s", b"weights.s"))
    assert "damaged" in refused(store, sda).message


def drop_a_file(crafted: Crafted) -> None:
    crafted.files.pop()


def add_unlisted(crafted: Crafted) -> None:
    crafted.add("corpus.f32", b"x", listed=False)


def list_twice(crafted: Crafted) -> None:
    crafted.listed.append(crafted.listed[0])


def lie_about_a_size(crafted: Crafted) -> None:
    crafted.list_as("weights.safetensors", size=8)


@pytest.mark.parametrize(
    ("change", "reason"),
    [(drop_a_file, "lists other files than it holds"), (add_unlisted, "lists other files than it holds"),
     (list_twice, "lists other files than it holds"), (lie_about_a_size, "has 7 bytes, and 8 in its manifest.json")],
)  # fmt: skip
def test_files_and_manifest_have_to_agree(store: Catalogue, sda: Path, change: Callable[[Crafted], None], reason: str):
    crafted = Crafted()
    change(crafted)
    assert reason in refused(store, crafted.write(sda)).message


@pytest.mark.parametrize(
    ("about", "reason"),
    [({"format": "1"}, "no format number"), ({"format": None}, "no format number"), ({"files": 3}, "damaged (files: "),
     ({"files": [{"name": "model.json", "size": -1, "sha256": "0" * 64}]}, "damaged (files.0.size: "),
     ({"files": [{"name": "model.json", "size": 1, "sha256": "../"}]}, "damaged (files.0.sha256: "),
     ({"program": "x" * MANIFEST_BYTES}, "longer than 1048576 bytes")],
)  # fmt: skip
def test_a_damaged_manifest_is_refused(store: Catalogue, sda: Path, about: Changes, reason: str):
    crafted = Crafted()
    crafted.about.update(about)
    assert reason in refused(store, crafted.write(sda)).message


@pytest.mark.parametrize("manifest", ["", "{", "[]", "\ufeff{}", "[" * 100_000])
def test_a_manifest_that_is_none_is_refused(store: Catalogue, sda: Path, manifest: str):
    with ZipFile(sda, "w") as zipped:
        zipped.writestr("model.json", "{}")
        zipped.writestr("manifest.json", manifest)
    refused(store, sda)


def test_an_archive_without_manifest_is_refused(store: Catalogue, sda: Path):
    with ZipFile(sda, "w") as zipped:
        zipped.writestr("model.json", "{}")
    assert "has no manifest.json" in refused(store, sda).message


def test_a_newer_format_is_refused_and_says_so(store: Catalogue, sda: Path):
    crafted = Crafted()
    crafted.about = {"format": 2, "files": "in another way"}
    error = refused(store, crafted.write(sda))
    assert error.code == "archive_newer"
    assert "a newer version of the program wrote it (format 2, this one reads up to 1). Update" in error.message


@pytest.mark.parametrize(
    ("name", "content"),
    [("model.json", b"{"), ("model.json", b"[]"), ("model.json", b'{"format": 1, "id": "a/b", "name": "sax"}'),
     ("model.json", b'{"format": 1, "id": "a", "name": ""}'),
     ("model.json", b'{"format": 1, "id": "a", "name": "\\u001b"}'),
     ("model.json", b"[" * 200_000), ("card.json", b"{"), ("card.json", b'{"format": 1, "name": "\\u0000"}')],
)  # fmt: skip
def test_what_does_not_describe_a_model_is_refused(store: Catalogue, sda: Path, name: str, content: bytes):
    crafted = Crafted()
    crafted.files = [pair for pair in crafted.files if pair[0].filename != name]
    crafted.listed = [part for part in crafted.listed if part["name"] != name]
    crafted.add(name, content)
    assert "does not describe a model" in refused(store, crafted.write(sda)).message


def test_an_archive_without_a_model_is_refused(store: Catalogue, sda: Path):
    crafted = Crafted()
    del crafted.files[0], crafted.listed[0]
    assert "does not describe a model" in refused(store, crafted.write(sda)).message


@pytest.mark.parametrize("content", [b"", b"PK", b"RIFF....WAVE", b"\0" * 5000, b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(store: Catalogue, sda: Path, content: bytes):
    sda.write_bytes(content)
    refused(store, sda)


def test_an_archive_cut_off_anywhere_is_refused(store: Catalogue, sda: Path):
    whole = Crafted().write(sda).read_bytes()
    for length in range(0, len(whole), 5):
        sda.write_bytes(whole[:length])
        refused(store, sda)


def test_a_missing_file_or_a_folder_is_refused(store: Catalogue, sda: Path):
    assert "cannot be read (No such file" in refused(store, sda).message
    sda.mkdir()
    refused(store, sda)


def test_any_changed_byte_is_refused_or_makes_no_difference(store: Catalogue, sda: Path, tmp_path: Path):
    make_folder("0123456789ab", "sax")
    export_model(store, "sax", sda)
    whole = sda.read_bytes()
    content = {path.name: path.read_bytes() for path in (models_folder() / "0123456789ab").iterdir()}
    changed = tmp_path / "changed.sda"
    refusals = 0
    for place in range(0, len(whole), 3):
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        seen: list[dict[str, bytes]] = []

        def look(folder: Path, seen: list[dict[str, bytes]] = seen) -> None:
            seen.append({path.name: path.read_bytes() for path in folder.iterdir() if path.name != "model.json"})
            raise LibraryError("seen")

        with pytest.raises(LibraryError) as caught:
            import_model(store, changed, look)
        if seen:
            assert seen == [{name: kept for name, kept in content.items() if name != "model.json"}]
        else:
            refusals += 1
            assert caught.value.code in ("archive_refused", "archive_newer")
        assert "\n" not in caught.value.message
    assert refusals > 100
    assert len(list_models(store)) == 1
