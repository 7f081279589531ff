from pathlib import Path

import pytest
from imitated_windows import held_paths, needs_proc, windows  # noqa: F401 - a fixture

from engine.settings import GenerateSettings
from engine.studio.models import delete_model, find_model
from engine.workers.assignment import Assignment
from engine.workers.messages import Request
from engine.workers.opened import OPENER, let_go


@needs_proc
@pytest.mark.usefixtures("windows")
def test_a_model_that_was_heard_can_be_deleted_once_the_player_has_let_go_of_it(library: Path):
    entry = find_model("sax")
    settings = GenerateSettings(duration=0.5, sliders={"brightness": 3.0})
    assert sum(map(len, OPENER.open("sax").render(settings))) == 24_000
    assert any(path.startswith(str(entry.path)) for path in held_paths())
    for _ in range(2):
        assert let_go(Assignment(Request(1, "let-go", {"model": entry.id}), lambda _: None)) == {}
    assert [path for path in held_paths() if path.startswith(str(library))] == []
    delete_model("sax")
