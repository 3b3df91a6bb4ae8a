"""The options that several commands have, and the group of commands whose help shows each summary whole."""

import click

home_option = click.option("--home", metavar="FOLDER", help="Data folder (CONVOCATION_HOME).")
base_option = click.option(
    "--base", metavar="IRI", help="Base IRI of all things, e.g. https://kg.example.org/ (CONVOCATION_BASE)."
)
LONGEST = 1000  # of a summary; click cuts it off at the width of the terminal by default


class Group(click.Group):
    """A group of commands whose summaries are wrapped instead of cut off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their summaries."""
        rows = [(name, self.commands[name].get_short_help_str(limit=LONGEST)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
