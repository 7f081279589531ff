import json

import pytest
from small_library import make_model

from engine.library.store import Catalogue, open_catalogue
from engine.studio.models import find_model


@pytest.fixture(autouse=True)
def models() -> Catalogue:
    """Three models."""
    store = open_catalogue(lambda _: None)
    for number, name in enumerate(("sax", "tabla", "drums")):
        make_model(store, f"a{number}", name)
    return store


def test_a_blend_is_kept_and_said_in_one_breath(sda):
    outcome = sda("blend", "sax", "tabla=0.25", "drums=0.25", "--name", "trio")
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "trio is in your library: sax@1 50%, tabla@1 25%, drums@1 25%.",
        "To hear it: sda generate trio --out FILE",
    ]
    assert "drums@1 25%" in sda("models", "show", "trio").out
    assert find_model("trio").kind == "blend"


def test_blend_json_is_the_entry(sda):
    made = json.loads(sda("blend", "sax", "tabla=0.4", "--name", "half", "--json").out)
    assert (made["name"], made["kind"]) == ("half", "blend")
    assert made["parents"] == [{"id": "a0", "weight": 0.6}, {"id": "a1", "weight": 0.4}]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (["tabla"], "OTHER=SHARE tabla: must be NAME=VALUE, such as tabla=0.4"),
        (["sax=0.4"], "model 'sax' is blended with itself; it has what the others leave, so leave it out"),
        (["tuba=0.4"], "blending: there is no model 'tuba'."),
        (["tabla=0.7", "drums=0.7"], "the shares of the blended models add up to 1.4 at 0 s; together they can have 1"),
        (["tabla=0:0,4:1"], "tabla changes over time; a blend that is kept has fixed shares."),
        (["tabla=0.1", "tabla=0.2"], "the model 'tabla' is blended twice; give it one share."),
    ],
)
def test_a_blend_that_cannot_be_is_one_line(sda, others: list[str], said: str):
    outcome = sda("blend", "sax", *others, "--name", "half")
    assert outcome.status == 1
    assert outcome.err.startswith(f"sda: {said}")
    assert len(outcome.err.splitlines()) == 1


def test_who_deletes_a_model_is_told_which_blends_need_it(sda):
    sda("blend", "sax", "tabla=0.4", "--name", "half")
    outcome = sda("models", "delete", "tabla")
    assert "Note: blend 'half' needs tabla, and cannot be used until it is back." in outcome.err
    assert "Note" not in sda("models", "delete", "drums").err


def test_a_preset_takes_a_blend(sda):
    assert sda("presets", "save", "mixed", "--set", "blend=tabla=0.4", "--set", "blend=drums=0:0,5:0.5").status == 0
    kept = json.loads(sda("presets", "show", "mixed", "--json").out)
    assert "tabla" in sda("presets", "show", "mixed").out
    assert kept["settings"]["blend"] == {"a1": "0.4", "a2": "0:0,5:0.5"}
