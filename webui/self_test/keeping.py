"""The library survives a crash: the catalogue comes back from its backup, and from the models themselves."""

from engine.library.models import list_models
from engine.library.store import open_catalogue
from engine.paths import catalogue_file
from webui.self_test.checks import expect
from webui.self_test.ground import Ground


def check_catalogue(ground: Ground) -> str:
    """A catalogue that was written by half, and one that is gone with its backup, lose no model."""
    model, path = ground.need_model(), catalogue_file()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    lines: list[str] = []
    found = [entry.id for entry in list_models(open_catalogue(lines.append))]
    expect(model in found, "the model is lost after half a write")
    expect(bool(lines), "nobody was told of the damage")
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    found = [entry.id for entry in list_models(open_catalogue(lines.append))]
    expect(model in found, "the model is lost with its catalogue")
    return lines[0]
