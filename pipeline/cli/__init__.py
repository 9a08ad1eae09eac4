"""The shell's way in. Rich tables for people, JSON lines for pipes. Floor 7.

Exit status: 0 when all went well, 1 when some input was refused, 2 for a usage error. Errors are one
line on stderr that says what to do.
"""

from __future__ import annotations

import os
import sys

import typer

from pipeline.cli import coder, embedded, jobs, warehouse
from pipeline.cli.output import err
from pipeline.errors import CommuniqueError, FeedFileError, SettingError

app = typer.Typer(help="Diplomatic events from the wire.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(jobs.app)
app.add_typer(coder.app)
app.add_typer(warehouse.app)
app.add_typer(warehouse.db, name="db")
app.add_typer(warehouse.quarantine, name="quarantine")
app.add_typer(embedded.local, name="local")


def main() -> None:
    """Entry point: turns every error into one line and an exit status."""
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:  # usage errors; their class is not public, what they offer is
        message = str(getattr(error, "format_message", error.__str__)())
        context = getattr(error, "ctx", None)
        if message.startswith("Usage:"):
            err.print(message, markup=False)  # a command that wants a sub-command
        else:
            err.print(f"communique: {' '.join(message.split())} ({context.command_path if context else 'communique'} --help says more)", markup=False)
        sys.exit(2)
    except CommuniqueError as error:
        err.print(f"communique: {error}", markup=False)
        sys.exit(2 if isinstance(error, SettingError | FeedFileError) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
