"""Real parts for every test: a Postgres of our own, and a web server on loopback that behaves as told."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg2
import pytest

from pipeline.local import postgres
from pipeline.local.state import State

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
_numbers = itertools.count(1)
KEYS = """
    select c.conrelid::regclass::text, c.conname, c.confrelid::regclass::text, string_agg(own.attname, ', '), string_agg('a.' || own.attname || ' is not null', ' and '),
        string_agg('t.' || other.attname || ' = a.' || own.attname, ' and ')
    from pg_constraint c cross join lateral unnest(c.conkey, c.confkey) k (own, other)
    join pg_attribute own on own.attrelid = c.conrelid and own.attnum = k.own join pg_attribute other on other.attrelid = c.confrelid and other.attnum = k.other
    where c.contype = 'f' and c.connamespace = 'core'::regnamespace group by c.oid order by 1, 2"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-bench", action="store_true", help="run tests/bench too")
    parser.addoption("--write-answers", action="store_true", help="write tests/golden/queries anew")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Measurements are no tests: `make bench` runs them."""
    return True if collection_path.name == "bench" and not config.getoption("--run-bench") else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """Public data that is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the development data is not at {SHARED}")
    return SHARED


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may pass: Postgres runs as another one where the tests run as root.

    Not under pytest's own, which each new session of pytest closes to others again.
    """
    with tempfile.TemporaryDirectory(prefix="communique-tests-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[State]:
    """An embedded Postgres, migrated; its database is the template of each test's own."""
    with open_folder() as home:
        state = State.open(home)
        postgres.start_postgres(state)
        yield state
        postgres.stop_postgres(state)
        postgres.remove_postgres(state)


@dataclass(frozen=True, repr=False)
class Database:
    """One test's own database, as each role sees it."""

    admin: str
    loader: str
    analyst: str

    def rows(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        """Rows of a statement, as the administrator."""
        connection = psycopg2.connect(self.admin)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters or None)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def value(self, statement: str, *parameters: object) -> object:
        """The one value of a statement."""
        return self.rows(statement, *parameters)[0][0]

    def orphans(self) -> list[tuple[str, str]]:
        """Foreign keys of core that do not hold, by table and name: every one is looked up in the rows, whoever checks it on the way in."""
        found = []
        for table, name, target, columns, given, alike in self.rows(KEYS):
            if self.value(
                f"select exists (select from (select distinct {columns} from {table}) a where {given} and not exists (select from {target} t where {alike}))"
            ):
                found.append((str(table), str(name)))
        return found

    def contents(self) -> dict[str, list[tuple[object, ...]]]:
        """All that a second run must leave as it is: every row of core and raw, and open quarantine without its attempt counts."""
        tables = [t for (t,) in self.rows("select schemaname || '.' || tablename from pg_tables where schemaname in ('core', 'raw')")]
        found = {str(t): sorted(self.rows(f"select to_jsonb(x)::text from {t} x")) for t in tables}
        found["ops.quarantine"] = sorted(self.rows("select stage, reason_code, item_key, content_sha256, status from ops.quarantine"))
        return found


@pytest.fixture
def database(cluster: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A fresh warehouse; the settings point to it."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    maintenance = psycopg2.connect(postgres.dsn(cluster, postgres.ADMIN, "postgres"))
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute(f"create database {name} template communique")
    own = Database(*(postgres.dsn(cluster, role, name) for role in (postgres.ADMIN, postgres.LOADER, postgres.ANALYST)))
    monkeypatch.setenv("COMMUNIQUE_DSN", own.loader)
    monkeypatch.setenv("COMMUNIQUE_ADMIN_DSN", own.admin)
    monkeypatch.setenv("COMMUNIQUE_ANALYST_DSN", own.analyst)
    monkeypatch.setenv("COMMUNIQUE_HOST_DELAY_S", "0")
    yield own
    with maintenance.cursor() as cursor:
        cursor.execute(f"drop database {name} with (force)")
    maintenance.close()


@dataclass
class Answer:
    """What a route answers: status, headers and body, or a way to misbehave."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    misbehave: Callable[[BaseHTTPRequestHandler], None] | None = None


class Web:
    """A web server on loopback. `routes` maps paths to answers; `asked` lists what came."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                answer = web.routes.get(self.path) or Answer(b"nothing here", 404)
                self.close_connection = True
                if answer.misbehave:
                    answer.misbehave(self)
                    return
                self.send_response(answer.status)
                for name, value in ({"Content-Length": str(len(answer.body)), "Connection": "close"} | answer.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if answer.status != 304:
                    self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    pass  # the client has had enough, as it should

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up is what these tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        self.base = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server that the settings allow to be asked."""
    server = Web()
    monkeypatch.setenv("COMMUNIQUE_ALLOWED_HOSTS", server.host)
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is resolved and no connection made but on loopback, whatever a guard does or fails to do."""
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def checked_resolve(host: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name.strip("[]") in ("localhost", "::1", "") or name.startswith("127.") or host is None:
            return resolve(host, *args, **kwargs)  # type: ignore[arg-type]
        try:
            return resolve(host, *args[:1], **{**kwargs, "flags": socket.AI_NUMERICHOST})  # type: ignore[arg-type]
        except socket.gaierror:
            raise socket.gaierror(socket.EAI_NONAME, "no names are resolved in tests") from None

    def checked_connect(self: socket.socket, address: object) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not (host.startswith("127.") or host in ("::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", checked_resolve)
    monkeypatch.setattr(socket.socket, "connect", checked_connect)


@pytest.fixture
def feed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes a feed file, and points the settings at its folder."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    monkeypatch.setenv("COMMUNIQUE_FEEDS_DIRS", str(folder))

    def write(slug: str, url: str, kind: str = "rss", **changes: object) -> None:
        keys: dict[str, object] = {
            "name": slug, "url": url, "kind": kind, "outlet": slug, "wire": "kyodo", "language": "en", "country": "JPN",
            "time_zone": "Asia/Tokyo", "poll_minutes": 15, "expected_items_per_day": 5, **changes,
        }  # fmt: skip
        lines = (f"{k} = {v}" if isinstance(v, int) else f'{k} = "{v}"' for k, v in keys.items())
        (folder / f"{slug}.toml").write_text("\n".join(lines))

    return write
