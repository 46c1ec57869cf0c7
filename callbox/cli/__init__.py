"""The `callbox` command: one module a group of subcommands, imported only when one of them runs."""

from __future__ import annotations

import importlib
from typing import override

import click

import callbox

#: Every subcommand, in the order `callbox --help` lists them: name -> module and one line of help.
COMMANDS = {
    "assess": ("callbox.cli.assess", "Profile an agency from its own files."),
    "verify": ("callbox.cli.verify", "Recompute a proof pack, or check the audit chain."),
    "demo": ("callbox.cli.serve", "Build the demonstration agency and serve it."),
    "serve": ("callbox.cli.serve", "Serve the desk."),
    "worker": ("callbox.cli.serve", "Run what runs by itself."),
    "admin": ("callbox.cli.serve", "Prepare the database, add the first agency and administrator."),
    "check": ("callbox.cli.check", "Say what an installation lacks."),
    "backup": ("callbox.cli.backup", "Write everything into one file."),
    "restore": ("callbox.cli.backup", "Bring a backup back into an empty installation."),
    "drill": ("callbox.cli.drill", "Hold a drill by script, on paper, and time it."),
    "tips": ("callbox.cli.tips", "Make a key for tips, and open sealed letters with it."),
    "model": ("callbox.cli.model", "Show, check, compare and export the maturity model."),
    "benchmark": ("callbox.cli.benchmark", "Share levels as signed files, merge and compare them."),
    "evaluate": ("callbox.cli.evaluate", "Judge what Callbox computes against labelled data."),
    "portal": ("callbox.cli.portal", "Write the public pages as files, for when Callbox is down."),
    "bench": ("callbox.cli.bench", "Measure speed and size beside the named peers."),
}


class Lazy(click.Group):
    """A group whose subcommands are imported on first use."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they are written out."""
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one subcommand, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name)
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_module, line) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(callbox.__version__, prog_name="callbox")
def main() -> None:
    """Callbox, the open social-media desk for police agencies."""
