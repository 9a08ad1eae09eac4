"""Migrations by dbmate, then views, reference tables and the roles' passwords."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg2
from psycopg2 import sql as identifiers

from pipeline.coder.tables import countries, event_types
from pipeline.errors import CommuniqueError
from pipeline.settings import SQL, inherited_environment
from pipeline.warehouse.sql import run, transaction


def migrate(admin_dsn: str, passwords: Mapping[str, str]) -> None:
    """Brings the warehouse to the newest schema. `passwords` gives log-in to roles by name.

    Raises CommuniqueError with dbmate's words where a migration fails; nothing of it is applied then.
    """
    command = [
        str(Path(sys.executable).parent / "dbmate"),
        "--no-dump-schema",
        "--migration-lock",
        f"--migrations-dir={SQL / 'migrations'}",
        "--migrations-table=public.schema_migrations",
        "migrate",
    ]
    # The address goes by the environment: a command line is readable by every user of the machine.
    environment = inherited_environment() | {"DATABASE_URL": _url(admin_dsn)}
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True)
    if outcome.returncode != 0:
        raise CommuniqueError(f"a migration failed: {(outcome.stderr or outcome.stdout).strip()}")
    with transaction(admin_dsn) as cursor:
        for path in sorted((SQL / "views").glob("*.sql")):
            cursor.execute(path.read_text("utf-8"))
        for code, (name, two) in countries().items():
            run(cursor, "save_country", country_code=code, alpha2_code=two, name=name)
        for meaning in event_types().values():
            run(cursor, "save_event_type", **vars(meaning))
        for role, password in passwords.items():
            cursor.execute(identifiers.SQL("alter role {} login password %s").format(identifiers.Identifier(role)), (password,))


def make_database(admin_dsn: str, database: str, owner: str, password: str | None) -> None:
    """Makes a database, sorted by code point, and, with a password, the role that owns it, where they are missing; sets the password anew."""
    connection = psycopg2.connect(admin_dsn)
    connection.autocommit = True  # CREATE DATABASE cannot stand in a transaction
    role, name = identifiers.Identifier(owner), identifiers.Identifier(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select exists (select from pg_roles where rolname = %s), exists (select from pg_database where datname = %s)", (owner, database))
            has_role, has_database = cursor.fetchone() or (False, False)
            if not has_role:
                cursor.execute(identifiers.SQL("create role {}").format(role))
            if password is not None:
                cursor.execute(identifiers.SQL("alter role {} login password %s").format(role), (password,))
            if not has_database:
                # Keys are compared as bytes, whatever the server's language: it is several times as fast, and one order everywhere.
                cursor.execute(identifiers.SQL("create database {} owner {} template template0 lc_collate 'C'").format(name, role))
    finally:
        connection.close()


def _url(dsn: str) -> str:
    """dbmate wants sslmode said; on loopback there is no TLS to have."""
    is_local = any(host in dsn for host in ("@127.0.0.1", "@localhost", "@[::1]"))
    return dsn if "sslmode" in dsn or not is_local else dsn + ("&" if "?" in dsn else "?") + "sslmode=disable"
