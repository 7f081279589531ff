"""How a command reads in its help, and what Ctrl-C does to one."""

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup

from engine.errors import Cancelled


class Command(TyperCommand):
    """A command whose help names arguments as a manual does, without the types of Python."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return ["[OPTIONS]", "MODEL"], where typer has "{MODEL}"."""
        return [piece.strip("{}").replace("}...", "...") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options as two lists."""
        parameters = self.get_params(ctx)
        arguments = [one for one in parameters if isinstance(one, TyperArgument)]
        options = [one.get_help_record(ctx) for one in parameters if not isinstance(one, TyperArgument)]
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(one.metavar or one.name, one.help or "") for one in arguments])
        with formatter.section("Options"):
            formatter.write_dl([record for record in options if record])


class Commands(TyperGroup):
    """All commands, with one answer to Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        Raises:
            Cancelled: Ctrl-C was pressed; typer would make it an exit status without a word.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Cancelled("stopped; what was finished is kept", code="interrupted") from None


def examples(*lines: str) -> str:
    """Return the end of a command's help: how it is called, each line as it stands."""
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", heading, *(f"  {line}" for line in lines)])
