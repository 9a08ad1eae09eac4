"""Sockets that reach only public addresses.

A name is resolved once, every answer is checked, and the connection is made to a checked answer, so
that neither a redirect nor a second DNS answer leads inside. `allowed` lists host:port pairs that
are exempt (the sample wire on loopback).
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from pipeline.errors import FetchError

PORTS = frozenset({80, 443, 8080, 8443})
"""Ports that a public web server may be asked on; anything else is a probe of something else."""

RESOLVE_S = 10.0
"""Seconds that a name may take to be resolved."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, looking through IPv4 within IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def checked_addresses(host: str, port: int, allowed: frozenset[str]) -> list[tuple[Any, ...]]:
    """Resolves a host; each answer is a `getaddrinfo` tuple.

    Raises FetchError `refused_address` where one answer is not public or the port is not a web
    server's, and `dns_failure` where the name has no answer.
    """
    host = host.strip("[]")
    is_exempt = f"{host}:{port}" in allowed
    if not is_exempt and port not in PORTS:
        raise FetchError("refused_address", f"{host}:{port} is not a port of a public web server")
    answers = _resolve(host, port)
    if not is_exempt:
        for answer in answers:
            if not is_public(str(answer[4][0])):
                raise FetchError("refused_address", f"{host} is {answer[4][0]}, which is not a public address")
    return answers


def _resolve(host: str, port: int) -> list[tuple[Any, ...]]:
    """getaddrinfo with a limit, which it has not itself: a resolver that is silent holds it for minutes."""
    found: list[list[tuple[Any, ...]] | Exception] = []

    def ask() -> None:
        try:
            found.append(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(RESOLVE_S)
    answer = found[0] if found else TimeoutError(f"no answer within {RESOLVE_S:g} s")
    if isinstance(answer, Exception):
        raise FetchError("dns_failure", f"the name {host} could not be resolved: {answer}") from answer
    return answer


def guarded_session(allowed: frozenset[str], timeout_s: float, opened: list[socket.socket]) -> requests.Session:
    """A requests session whose every connection is checked; each socket made is appended to `opened`.

    Proxies, cookies' and netrc's environment settings are ignored.
    """

    def connect(self: HTTPConnection) -> socket.socket:
        error: OSError | None = None
        for family, kind, protocol, _, address in checked_addresses(self.host, self.port or 0, allowed):
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(timeout_s)
            opened.append(sock)
            try:
                sock.connect(address)
                return sock
            except OSError as failure:
                sock.close()
                error = failure
        raise error or OSError("no address")

    plain = type("GuardedHTTPConnection", (HTTPConnection,), {"_new_conn": connect})
    secure = type("GuardedHTTPSConnection", (HTTPSConnection,), {"_new_conn": connect})

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = secure

    class GuardedAdapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    session = requests.Session()
    session.trust_env = False
    session.mount("http://", GuardedAdapter(max_retries=0))
    session.mount("https://", GuardedAdapter(max_retries=0))
    return session
