"""The arithmetic of a draw without a database, and the same work by the best-known library."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.rounds import Figures
from handlers.giveaways import fairness, proof, verify
from handlers.giveaways.beacon import QUICKNET, Beacon
from handlers.giveaways.fairness import Entry, Parameters
from handlers.giveaways.record import following
from tests.gw1 import ID, SIGNATURE

LIBRARY = "discord-giveaways"
ROLL = Path(__file__).with_name("giveaways_roll.js")
CLOSE = 1694775543  # unix seconds: the round that follows has a signature of drand's in tests/gw1
WINNERS, RESERVES = 3, 3


def parameters(tickets: int) -> Parameters:
    return Parameters(
        id=ID, prize="লাল শাড়ি", winners=WINNERS, reserves=RESERVES, close_at=CLOSE,
        beacon=str(Beacon.drand()), tickets={"enter": tickets}, cap=tickets, claim_h=48,
    )  # fmt: skip


def crowd(count: int, tickets: int) -> list[Entry]:
    """The same entries every time, in no order."""
    rng = random.Random(count)
    return [Entry(rng.randbytes(fairness.HASH_BYTES), tickets) for _ in range(count)]


def rank(count: int, tickets: int) -> Figures:
    """The ranking alone."""
    entries, seed = crowd(count, tickets), fairness.beacon_randomness(SIGNATURE)
    began = time.perf_counter()
    order = fairness.rank(seed, entries)
    seconds = time.perf_counter() - began
    assert len(order) == count
    return {"s": seconds}


def draw(count: int) -> Figures:
    """From entries in no order to winners: freeze, root, head, seed, ranking."""
    entries, terms = crowd(count, 1), parameters(1)
    began = time.perf_counter()
    frozen = fairness.freeze(terms, entries)
    seed = fairness.seed(frozen.head, fairness.beacon_randomness(SIGNATURE))
    drawn = fairness.winners(fairness.rank(seed, entries), WINNERS, RESERVES)
    seconds = time.perf_counter() - began
    assert len(drawn.winners) == WINNERS
    return {"s": seconds}


# The library ---------------------------------------------------------------------------------


def install(folder: str) -> str:
    """The library with npm into `folder`; why it cannot be measured, or nothing."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"there is no {program} on this machine"
    command = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run([*command, LIBRARY], capture_output=True, text=True)
    return f"npm could not install it: {done.stderr[-300:]}" if done.returncode else ""


def roll(count: int, folder: str) -> Figures:
    """Its roll(), with Discord in memory; freeze and root have nothing there to compare to."""
    env = {**os.environ, "NODE_PATH": str(Path(folder) / "node_modules")}
    command = ["node", str(ROLL), str(count), str(WINNERS)]
    told = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    return {"s": json.loads(told.stdout)["seconds"]}


# The proof -----------------------------------------------------------------------------------


def story(count: int, tickets: int) -> tuple[list[Entry], list[dict[str, Any]]]:
    """The list, and the public log of a giveaway from its opening to its draw."""
    entries, terms = crowd(count, tickets), parameters(tickets)
    frozen = fairness.freeze(terms, entries)
    number = QUICKNET.round_at(CLOSE + terms.margin_s)
    seed = fairness.seed(frozen.head, fairness.beacon_randomness(SIGNATURE))
    drawn = fairness.winners(fairness.rank(seed, entries), WINNERS, RESERVES)
    return entries, [
        {"kind": "open", "params": terms.canonical().decode(), "at": CLOSE - 86_400},
        *({"kind": "enter", "C": e.commitment.hex(), "n": n} for n, e in enumerate(entries, 1)),
        {
            "kind": "freeze", "root": frozen.root.hex(), "head": frozen.head.hex(), "n": count,
            "tickets": frozen.tickets, "round": number, "late": False, "at": CLOSE,
        },
        {"kind": "beacon", "value": SIGNATURE.hex(), "source": "relay", "at": CLOSE + 63},
        {
            "kind": "draw", "winners": [e.commitment.hex() for e in drawn.winners],
            "reserves": [e.commitment.hex() for e in drawn.reserves], "at": CLOSE + 64,
        },
    ]  # fmt: skip


def write_proof(path: Path, count: int, tickets: int) -> None:
    """The zip that a giveaway of so many would hand out."""
    terms = parameters(tickets)
    entries, events = story(count, tickets)
    lines = following(0, terms.digest().hex(), *events)
    summary = verify.summary(
        json.loads(terms.canonical()), [events[0], *events[count + 1 :]], len(lines), lines[-1].head
    )
    rows = [f"{e.commitment.hex()},{e.tickets}\n" for e in fairness.ordered(entries)]
    told = [f"{one.number} {one.head} {one.event}\n" for one in lines]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(verify.PARAMS, terms.canonical())
        archive.writestr(verify.ENTRIES, verify.HEADER + "".join(rows).encode())
        archive.writestr(verify.DRAW, verify.written(summary))
        archive.writestr(verify.LOG, "".join(told))
        archive.writestr(verify.PROGRAM, Path(verify.__file__).read_bytes())


def check(count: int, tickets: int) -> Figures:
    """`python verify.py proof.zip` as somebody who downloaded both would call it: the process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / proof.NAME
        write_proof(path, count, tickets)
        with zipfile.ZipFile(path) as archive:
            program = archive.extract(verify.PROGRAM, folder)
        run(program, str(path))  # its modules are compiled, the file is in memory
        began = time.perf_counter()
        run(program, str(path))
        return {"s": time.perf_counter() - began}


def run(*command: str) -> Sequence[str]:
    """What it told; raises CalledProcessError when something is not right in the proof."""
    told = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()
