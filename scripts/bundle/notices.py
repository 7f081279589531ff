"""Credit for others' work: notices to read, and a bill of materials for machines (CycloneDX)."""

import hashlib
import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bundle.parts import Part
from bundle.project import NAME, ROOT, SUMMARY, TITLE, read_version

FOLDER = "licences"
OWN_FILES = ("LICENSE", "NOTICE")
LINE = "=" * 100


def write_notices(bundle: Path, parts: Sequence[Part]) -> Path:
    """Write licences into a bundle: the program's own, and those of others in one file.

    Returns:
        The file with those of others.
    """
    folder = bundle / FOLDER
    folder.mkdir(exist_ok=True)
    for name in OWN_FILES:
        shutil.copy2(ROOT / name, folder / name)
    notices = folder / "THIRD-PARTY.txt"
    notices.write_text(format_notices(parts), "utf-8")
    return notices


def format_notices(parts: Sequence[Part]) -> str:
    """Return what is said of others' work: a list, then the texts, each once."""
    listed = [f"{part.name} {part.version}: {part.licence}" for part in parts]
    texts: dict[str, list[str]] = {}
    for part in parts:
        for text in part.texts:
            texts.setdefault(text.strip(), []).append(f"{part.name} {part.version}")
    chapters = [f"{LINE}\n{', '.join(names)}\n{LINE}\n\n{text}\n" for text, names in texts.items()]
    return "\n".join([f"{TITLE} comes with the following work of others.\n", *listed, "", *chapters])


def make_bill(parts: Sequence[Part]) -> dict[str, Any]:
    """Return a bill of materials as CycloneDX 1.5 has it; the same parts make the same bill."""
    version = read_version()
    components = [_component(part) for part in parts]
    serial = uuid.UUID(bytes=hashlib.sha256(json.dumps(components).encode()).digest()[:16], version=4)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "version": version,
                "description": SUMMARY,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": NAME, "dependsOn": [one["bom-ref"] for one in components]}],
    }


def _component(part: Part) -> dict[str, Any]:
    namespace = "debian/" if part.kind == "deb" else ""
    name = f"pkg:{part.kind}/{namespace}{part.name}@{part.version.replace('+', '%2B').replace(':', '%3A')}"
    return {
        "type": "library",
        "bom-ref": name,
        "name": part.name,
        "version": part.version,
        "purl": name,
        "licenses": [{"license": {"name": part.licence}}],
    }
