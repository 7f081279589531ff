"""sda blend: a blend of models, kept as a model of its own."""

from typing import Annotated

import typer

from engine.cli.failures import DONE
from engine.cli.library import describe_parent, entry_to_dict
from engine.cli.options import Json, ModelName, read_pairs
from engine.cli.output import print_json, print_line
from engine.cli.words import as_argument


def blend_command(
    model: ModelName,
    others: Annotated[
        list[str], typer.Argument(metavar="OTHER=SHARE", help="Other models, and the share of each, 0 to 1.")
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="What to call the blend.")],
    as_json: Json = False,
) -> int:
    """Keep a blend of up to four models as a model of its own.

    MODEL has what the others leave. The blend can be used wherever a model is named. It needs its models, which stay
    in your library as they are. To hear a blend without keeping it, or one that changes over time: sda generate --blend
    """
    from engine.studio.blends import save_blend
    from engine.studio.models import describe_family

    entry = save_blend(name, model, read_pairs("OTHER=SHARE", others, "tabla=0.4") or [])
    if as_json:
        print_json(entry_to_dict(entry))
        return DONE
    (family,) = describe_family(entry)
    print_line(f"{entry.name} is in your library: {', '.join(map(describe_parent, family['parents']))}.")
    print_line(f"To hear it: sda generate {as_argument(entry.name)} --out FILE")
    return DONE
