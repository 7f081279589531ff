"""Files as they come when they are damaged, or made to do harm: for tests of what opens files of others."""

import copy
import io
import json
import random
import stat
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import soundfile
from small_corpus import noise, tone

NESTED = json.loads("[" * 60 + "]" * 60)
ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, float("nan"), float("inf"), 2**31, 2**63, 10**400, "", "x" * 5_000, "\0", "\ud800",
    "../..", "/etc/passwd", "C:\\a", [], {}, [[]], {"": {}}, NESTED, [0] * 5_000,
)  # fmt: skip
ODD_NAMES = (
    "../../out.wav", "/tmp/out.wav", "C:\\out.wav", "con.wav", "nul", "a\0.wav", "a\n.wav", "x" * 300 + ".wav", ".wav",
    "..", "a.wav.", "a.wav ", "🎷.wav", "\u202egnp.wav", "%2e%2e%2fout.wav", "model.sda", "head.sofa", "a.exe",
)  # fmt: skip
SOUNDS = (
    ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "MS_ADPCM"), ("AIFF", "PCM_24"), ("FLAC", "PCM_24"),
    ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("RF64", "PCM_16"), ("CAF", "ALAC_16"),
)  # fmt: skip
START = 2_000  # bytes at a file's begin, where its headers are
BOMB = 32 << 20  # bytes that a bomb becomes


def damage(content: bytes, rng: random.Random) -> bytes:
    """Return a file with some of its bytes changed, cut off, copied or put in, more often near its beginning."""
    found = bytearray(content)
    reach = min(len(found), START) if rng.random() < 0.7 else len(found)
    if rng.random() < 0.15:
        return bytes(found[: rng.randrange(len(found))])
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at, size = rng.randrange(min(reach, len(found))), rng.choice((1, 2, 4, 8, 64))
        match rng.randrange(5):
            case 0:
                found[at] ^= 1 << rng.randrange(8)
            case 1:
                found[at : at + size] = b"\xff" * size
            case 2:
                found[at : at + size] = rng.randbytes(size)
            case 3:
                start = rng.randrange(reach)
                found[at : at + size] = found[start : start + size]
            case _:
                found[at:at] = rng.randbytes(size)
    return bytes(found)


def twist(values: Any, rng: random.Random) -> Any:
    """Return plain values with one of them, somewhere inside, replaced, taken out or given twice."""
    twisted = copy.deepcopy(values)
    inside = twisted
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = rng.choice(keys)
        if not (isinstance(inside[key], dict | list) and inside[key]) or rng.random() < 0.3:
            break
        inside = inside[key]
    if rng.random() < 0.15:
        del inside[key]
    elif rng.random() < 0.1 and isinstance(inside, list):
        inside.extend(inside[:] * 50)
    else:
        inside[key] = rng.choice(ODD_VALUES)
    return twisted


def make_sounds() -> list[bytes]:
    """Return a short sound in each of SOUNDS."""
    sound = np.stack([tone(440, 0.2), noise(0.2)], axis=1)
    made = []
    for kind, subtype in SOUNDS:
        file = io.BytesIO()
        soundfile.write(file, sound, 48_000, format=kind, subtype=subtype)
        made.append(file.getvalue())
    return made


def damage_archive(files: Mapping[str, bytes], rng: random.Random) -> bytes:
    """Return an archive of a model that is wrong somewhere: in what it holds, in what it lists, or in its bytes."""
    match rng.randrange(6):
        case 0:
            return damage(zip_files(files), rng)
        case 1:
            return zip_files(files, hostile=rng.choice(HOSTILE))
        case 2:
            return zip_files(files, twist_manifest=lambda listed: twist(listed, rng))
    changed = dict(files)
    name = rng.choice(sorted(files))
    if name.endswith(".json") and rng.random() < 0.8:
        changed[name] = json.dumps(twist(json.loads(files[name]), rng)).encode()
    else:
        changed[name] = damage(files[name], rng)
    return zip_files(changed)


def zip_files(
    files: Mapping[str, bytes],
    *,
    hostile: tuple[str, int, bytes] | None = None,
    twist_manifest: Callable[[Any], Any] = lambda listed: listed,
) -> bytes:
    """Return files as an archive of a model whose manifest is right, but for what is done to it."""
    entries = [(name, stat.S_IFREG, content) for name, content in files.items()]
    if hostile:
        entries = [entry for entry in entries if entry[0] != hostile[0]] + [hostile]
    listed = [{"name": name, "size": len(data), "sha256": sha256(data).hexdigest()} for name, _, data in entries]
    manifest = twist_manifest({"format": 1, "program": "0.1", "files": listed})
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:
        for name, kind, content in [*entries, ("manifest.json", stat.S_IFREG, json.dumps(manifest).encode())]:
            info = ZipInfo("x")
            info.filename = info.orig_filename = name
            info.compress_type = ZIP_DEFLATED if len(content) >= BOMB else ZIP_STORED
            info.external_attr = (kind | 0o644) << 16
            archive.writestr(info, content)
    return written.getvalue()


HOSTILE: tuple[tuple[str, int, bytes], ...] = (
    ("../../out", stat.S_IFREG, b"out"),
    ("/tmp/out", stat.S_IFREG, b"out"),
    ("..\\..\\out", stat.S_IFREG, b"out"),
    ("C:out", stat.S_IFREG, b"out"),
    ("a\0b", stat.S_IFREG, b"out"),
    ("card.json", stat.S_IFLNK, b"/etc/passwd"),
    ("card.json", stat.S_IFIFO, b""),
    ("card.json", stat.S_IFREG, b"[" * 100_000),
    ("card.json", stat.S_IFREG, b'{"tags": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
    ("corpus.f32", stat.S_IFREG, bytes(BOMB)),
    ("corpus.json", stat.S_IFREG, b" " * BOMB),
    ("weights.safetensors", stat.S_IFREG, b"\xff" * 8 + b"{}"),
)
