"""G12: redirects that are on disk before they leave, beside the same server that stores nothing.

Subjects, each in a fresh process on uvloop with a fresh database: a bare 302 on the same
application, the redirect with look-up and classification but no storage, the redirect as `run
--only web` serves it on SQLite (`synchronous=FULL`), and on PostgreSQL. wrk is the load.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psutil

from benchmarks.program import free_ports
from benchmarks.rounds import Figures, interleaved, table

LOAD = Path(__file__).with_name("visits.lua")
WARM = 1  # seconds
NO_WRK = "wrk is missing. It is a Debian package: apt install wrk"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subjects", nargs="*", help="of static, lookup, durable, postgres")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of load in a round")
    parser.add_argument("--connections", type=int, nargs="+", default=[32, 256])
    parser.add_argument("--agent", type=int, default=0, help="length of the User-Agents")
    parser.add_argument("--postgres", default="", help="postgresql://user@host/database")
    chosen = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit(NO_WRK)
    all_of_them = ["static", "lookup", "durable", *(["postgres"] if chosen.postgres else [])]
    for connections in chosen.connections:
        done = interleaved(
            _subjects(chosen, chosen.subjects or all_of_them, connections), chosen.rounds
        )
        print(f"\n{connections} connections, {chosen.rounds} rounds\n\n{table(done)}")
        print(_against_lookup(done))


def _subjects(
    chosen: argparse.Namespace, names: Sequence[str], connections: int
) -> dict[str, Callable[[], Figures]]:
    def measure(name: str) -> Callable[[], Figures]:
        return lambda: _measured(name, connections, chosen)

    return {name: measure(name) for name in names}


def _against_lookup(done: Mapping[str, Sequence[Figures]]) -> str:
    if "lookup" not in done:
        return ""
    rates = {name: statistics.median(one["/s"] for one in runs) for name, runs in done.items()}
    kept = [name for name in rates if name not in ("static", "lookup")]
    lines = [f"{name}: {rates[name] / rates['lookup']:.2f} of lookup" for name in kept]
    return "\n" + "\n".join(lines)


def _measured(name: str, connections: int, chosen: argparse.Namespace) -> Figures:
    with tempfile.TemporaryDirectory() as folder, _database(name, folder, chosen.postgres) as url:
        subject = "durable" if name == "postgres" else name
        with serving(subject, url, folder) as (process, port):
            _wrk(port, connections, WARM, chosen.agent)
            before = sum(process.cpu_times()[:2])
            said = _wrk(port, connections, chosen.seconds, chosen.agent)
            spent = sum(process.cpu_times()[:2]) - before
    return _figures(said, spent)


def _figures(said: str, spent: float) -> Figures:
    """What wrk said, and the processor seconds the server spent meanwhile."""
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", said)
    if "Non-2xx" in said or (broken is not None and any(map(int, broken.groups()))):
        raise RuntimeError(said)  # an answer that only came late is in the p99
    requests = int(_found(r"(\d+) requests in", said))
    p99 = _found(r"99%\s+([\d.]+)", said)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[_found(r"99%\s+[\d.]+([a-z]+)", said)]
    return {
        "/s": float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        "p99 ms": float(p99) * unit,
        "CPU µs": spent / requests * 1e6,
    }


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(text)
    return match[1]


def _wrk(port: int, connections: int, seconds: int, agent: int) -> str:
    command = [
        "wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", str(LOAD),
        f"http://127.0.0.1:{port}/link-00", "--", str(agent),
    ]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def serving(subject: str, url: str, folder: str) -> Iterator[tuple[psutil.Process, int]]:
    """The subject's server, once it listens."""
    (port,) = free_ports()
    module = [sys.executable, "-m", "benchmarks.redirect_subjects"]
    with subprocess.Popen(
        [*module, subject, url, str(port), folder], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            if server.stdout.readline().strip() != "ready":
                raise RuntimeError(f"{subject} did not start")
            yield psutil.Process(server.pid), port
        finally:
            server.kill()


@contextmanager
def _database(name: str, folder: str, postgres: str) -> Iterator[str]:
    if name != "postgres":
        yield f"sqlite:///{Path(folder) / 'adda.db'}"
        return
    made = f"adda_bench_{secrets.token_hex(6)}"
    asyncio.run(_ask(postgres, f'create database "{made}"'))
    try:
        yield urlunsplit(urlsplit(postgres)._replace(path=f"/{made}"))
    finally:
        asyncio.run(_ask(postgres, f'drop database "{made}" with (force)'))


async def _ask(server: str, statement: str) -> None:
    conn = await asyncpg.connect(server)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


if __name__ == "__main__":
    main()
