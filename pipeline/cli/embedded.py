"""`communique local`: Postgres and Airflow on this machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pipeline.cli.output import err, say

local = typer.Typer(help="The embedded default: Postgres and Airflow on this machine.", no_args_is_help=True)


@local.command("up")
def local_up() -> None:
    """Start Postgres and Airflow with the live feeds."""
    from pipeline.local.stack import up

    _print_where(up(say, {}))


@local.command("down")
def local_down() -> None:
    """End all that was started, to the last process."""
    from pipeline.local.stack import down

    down(say)
    say("The data stays; `make clean` removes it.")


@local.command("clean")
def local_clean() -> None:
    """End all and remove the data."""
    from pipeline.local.stack import clean as remove

    remove(say)


@local.command("demo")
def local_demo(live: Annotated[bool, typer.Option(help="Also poll the live feeds where they can be reached.")] = True) -> None:
    """The main job from nothing: sample wire, Airflow, Postgres, and a table of events."""
    from pipeline.local.demo import demo
    from pipeline.local.report import print_report

    state, batch, word = demo(say, live)
    print_report(state, batch, word)
    _print_where(state)


def _print_where(state: Any) -> None:
    from pipeline.local.postgres import psql_command

    url = f"http://127.0.0.1:{state.values['airflow_port']}"
    err.print()
    err.print(f"Airflow   {url}   user admin, password {state.values['ui_password']}", markup=False)
    err.print(f"psql      {psql_command(state)}", markup=False)
    err.print("Events    communique db psql -- -c 'select * from warehouse.events_current'", markup=False)
    err.print("Stop      make down        Remove   make clean")
