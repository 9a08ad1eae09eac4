"""Measurements print what they find; they may run on another server than the embedded one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg2
import pytest

from pipeline.local.postgres import ANALYST, LOADER
from pipeline.warehouse.migrate import make_database, migrate
from tests.conftest import Database

ELSEWHERE = os.environ.get("COMMUNIQUE_BENCH_DSN")
"""Connection string of a superuser of another server, as postgresql://user:password@host:port/database: Debian's, say."""
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    with capsys.disabled():
        yield


if ELSEWHERE:

    @pytest.fixture
    def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
        """A fresh warehouse on the other server."""
        parts = urlsplit(ELSEWHERE)
        name = f"bench_{os.getpid()}_{next(_numbers)}"
        make_database(ELSEWHERE, name, parts.username or "", None)
        where = f"@{parts.hostname}:{parts.port}/{name}"
        admin = f"postgresql://{parts.username}:{parts.password}{where}"
        passwords = {LOADER: "bench", ANALYST: "bench"}
        migrate(admin, passwords)
        own = Database(admin, *(f"postgresql://{role}:{password}{where}" for role, password in passwords.items()))
        monkeypatch.setenv("COMMUNIQUE_DSN", own.loader)
        yield own
        connection = psycopg2.connect(ELSEWHERE)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"drop database {name} with (force)")
        connection.close()
