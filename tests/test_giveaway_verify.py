"""Proofs of draws: whoever changes anything is caught, and told in words what is wrong."""

from __future__ import annotations

import ast
import io
import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.giveaways import fairness, verify
from handlers.giveaways.fairness import Entry
from tests.gw1 import ENTRIES, PARAMETERS, SEED, SIGNATURE, VECTOR
from tests.proved import CLOSE, Draw, commit_reveal, fault, manual, zipped
from tests.wrong_proofs import DRAW, PROOF, WRONG

DATA = ("params.json", "entries.csv", "draw.json", "events.log")
PYTHONS = [name for n in range(9, 20) if (name := shutil.which(f"python3.{n}"))]


def lines(draw: Draw, language: str = "en", *heads: str, entry: str = "") -> str:
    return "\n".join(verify.told(verify.check(io.BytesIO(draw.proof()), heads, entry), language))


# Right ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [
    DRAW, commit_reveal(), manual(), Draw(count=1, winners=3), Draw(count=0, skips=0),
    Draw(after=False, skips=0), Draw(amend=False), Draw(count=3, winners=5, skips=2),
    Draw(late=900, round=fairness.drand_round(CLOSE + 900 + 60), value="ab" * 48,
         beacon="drand:" + "cd" * 32),
    commit_reveal(count=5, entries=[Entry(sha256(b"%d" % n).digest(), 3) for n in range(64)]),
])  # fmt: skip
def test_a_true_draw_is_found_right(draw: Draw) -> None:
    assert fault(draw.proof()) == ""
    strong = draw.beacon == DRAW.beacon
    whole = "Everything fits: this draw is right." if strong else "left for you to judge."
    assert lines(draw).endswith(whole)
    whole = "সব মিলে গেছে: এই ড্র ঠিক।" if strong else "নিজে বিচার করে নিন।"
    assert lines(draw, "bn").endswith(whole)


def test_the_published_example() -> None:
    """The golden vector: params, root, head, round, seed and order."""
    entries = sorted(ENTRIES.values())
    terms = PARAMETERS.digest()
    assert terms.hex() == "af8ce833b83072bd963db6c4d58b01117b70a8ed2bf2123232b2b24838d5e60c"
    root = verify.root([(e.commitment, e.tickets) for e in entries])
    assert root.hex() == "c305665992cfa5fb414eefaac7c7ee0619319fdc7cf402b253ff684a794d67f0"
    head = verify.freeze_head(terms, root, len(entries), sum(e.tickets for e in entries))
    assert head.hex() == "7ad3f4de792dd895c417a36548a8f5996b653b1c4bfd576164b31930b8ede2e9"
    assert verify.round_at(PARAMETERS.close_at + 60) == 657413
    assert verify.round_at(1776643200) == 27946612
    chance = verify.randomness(PARAMETERS.beacon, SIGNATURE.hex())
    assert chance.hex() == "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
    assert verify.seed_of(head, chance) == SEED
    order = verify.order(SEED, [(e.commitment, e.tickets) for e in entries])
    keys = {commitment: key for _, _, _, commitment, key in VECTOR}
    assert [keys[c.hex()] for c in order] == sorted(keys.values())
    assert verify.signed(SIGNATURE.hex(), 657413)
    assert verify.signed(SIGNATURE.hex(), 657414) is False


def test_what_a_reader_saw_is_found_in_the_proof() -> None:
    log = DRAW.log
    seen = [log[6].head, f"{log[3].head[:8]}…{log[3].head[-4:]}", DRAW.freeze.head.hex()[:9]]
    said = lines(DRAW, "en", *seen)
    assert f"The head you saw, {log[6].head}, is that of line 7 of this log." in said
    assert "is that of line 4" in said
    assert "is the one of this proof" in said
    assert "Compare with what you saw" not in said
    assert fault(PROOF, "0" * 64) == "head"
    assert fault(PROOF, log[6].head[:7]) == "head"  # too short to mean anything
    assert f"Head of the log after 28 lines: {log[-1].head}" in lines(DRAW)


def test_a_reader_finds_their_own_entry() -> None:
    def mine(commitment: str) -> str:
        return lines(DRAW, entry=commitment)

    assert "Prize 1 is this entry's." in mine(DRAW.won[0])
    assert "It won and lost the prize" in mine(DRAW.won[1])
    assert "Prize 2 is this entry's." in mine(DRAW.kept[1])
    assert "It was skipped in the draw" in mine(DRAW.order[0][:10])
    assert "rank 12" in mine(DRAW.order[-1])
    assert "Rank 12 of 12." in mine(f"{DRAW.order[-1][:8]}…{DRAW.order[-1][-4:]}")
    assert "number 2 of the reserves" in lines(Draw(after=False), entry=DRAW.kept[1])
    assert fault(PROOF, entry="ab" * 32) == "not_in"
    assert "your entry is not in it" in mine("ab" * 32)


# Wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", WRONG)
def test_it_is_caught_and_named(what: str) -> None:
    name, made = WRONG[what]
    assert fault(made()) == name


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_byte_of_what_is_proved_can_be_changed(data: st.DataObject) -> None:
    members = DRAW.members()
    name = data.draw(st.sampled_from(DATA))
    at = data.draw(st.integers(0, len(members[name]) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != members[name][at]))
    changed = bytearray(members[name])
    changed[at] = other
    assert fault(zipped(members | {name: bytes(changed)})) != ""


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_byte_can_be_cut_or_put_in(data: st.DataObject) -> None:
    members = DRAW.members()
    name = data.draw(st.sampled_from(DATA))
    at = data.draw(st.integers(0, len(members[name]) - 1))
    whole = members[name]
    put = data.draw(st.binary(max_size=2))
    changed = whole[:at] + put + whole[at + data.draw(st.integers(0 if put else 1, 2)) :]
    if changed != whole:
        assert fault(zipped(members | {name: changed})) != ""


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_changed_byte_of_the_zip_is_caught_or_means_nothing(data: st.DataObject) -> None:
    changed = bytearray(PROOF)
    at = data.draw(st.integers(0, len(PROOF) - 1))
    changed[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != PROOF[at]))
    if fault(bytes(changed)) == "":
        with zipfile.ZipFile(io.BytesIO(bytes(changed))) as archive:
            assert {n: archive.read(n) for n in archive.namelist()} == DRAW.members()


@given(st.binary(max_size=300))
def test_whatever_is_given_is_answered_in_words(data: bytes) -> None:
    assert fault(data) == "bad_zip"


ODD: tuple[Any, ...] = (None, 7, -1, 1.5, "x", "", [], [1], {}, {"x": 1}, True, 10**30)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_odd_values_in_the_log_are_answered_in_words(data: st.DataObject) -> None:
    """Whoever tells the whole log anew may write anything into it."""
    events = [dict(event) for event in DRAW.events]
    event = data.draw(st.sampled_from(events))
    name = data.draw(st.sampled_from([n for n in event if n not in ("at", "what", "source", "n")]))
    before = event[name]
    event[name] = data.draw(st.sampled_from(ODD))
    assert fault(DRAW.retold(events)) != "" or event[name] == before


# Said ----------------------------------------------------------------------------------------


def test_words_of_the_proof_cannot_write_on_the_terminal() -> None:
    hostile = "\x1b[2J\u202e{0}{prize}" + "x" * 9000
    said = lines(Draw(prize=hostile.replace("\u202e", "")))
    assert "\x1b" not in said
    assert "{0}{prize}" in said
    assert max(map(len, said.splitlines())) < 600


def test_every_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    tree = ast.parse(Path(verify.__file__).read_text("utf-8"))
    raised = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault"
        and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert raised <= set(verify.SAID)
    assert len(raised) > 20
    for bn, en in verify.SAID.values():
        assert sorted(bn.split("{")[1:], key=str) != [] or "{" not in en
        assert {part.split("}")[0] for part in bn.split("{")[1:]} == {
            part.split("}")[0] for part in en.split("{")[1:]
        }


def run(python: str, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The file as it is in the zip, alone."""
    return subprocess.run(
        [python, *args], capture_output=True, text=True, timeout=60, encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PATH": os.environ["PATH"], **env}, check=False,
    )  # fmt: skip


def test_the_file_in_the_zip_runs_alone_without_any_package(tmp_path: Path) -> None:
    proof, script = tmp_path / "proof.zip", tmp_path / "verify.py"
    proof.write_bytes(PROOF)
    script.write_bytes(DRAW.members()["verify.py"])
    alone = ["-I", "-S", str(script)]  # no site-packages
    right = run(sys.executable, *alone, str(proof), "--entry", DRAW.won[0])
    assert (right.returncode, right.stderr) == (0, "")
    assert "was NOT checked here" in right.stdout
    assert right.stdout.endswith("The lines with ⚠ are left for you to judge.\n")
    assert f"/public/657413 must say: {SIGNATURE.hex()}" in right.stdout
    proof.write_bytes(DRAW.proof(entries=DRAW.entries[1:]))
    wrong = run(sys.executable, *alone, str(proof), "--language", "bn")
    assert (wrong.returncode, wrong.stderr) == (1, "")
    assert "entries.csv-তে নেই" in wrong.stdout
    assert run(sys.executable, *alone, str(tmp_path / "none.zip")).returncode == 2


@pytest.mark.parametrize("python", PYTHONS)
def test_it_runs_on_every_python_there_is(python: str, tmp_path: Path) -> None:
    if run(python, "-V").returncode:
        pytest.skip("only a name")
    proof = tmp_path / "proof.zip"
    proof.write_bytes(PROOF)
    done = run(python, "-I", "-S", verify.__file__, str(proof))
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_written_for_python_3_9() -> None:
    ast.parse(Path(verify.__file__).read_text("utf-8"), feature_version=(3, 9))


def test_the_command(tmp_path: Path) -> None:
    proof = tmp_path / "proof.zip"
    proof.write_bytes(PROOF)
    command = ("-m", "bot", "giveaway", "verify")
    right = run(sys.executable, *command, str(proof), "--head", DRAW.freeze.head.hex()[:12])
    assert right.returncode == 0
    assert "The signature of drand's round 657413 is genuine." in right.stdout
    assert right.stdout.endswith("Everything fits: this draw is right.\n")
    wrong = run(sys.executable, *command, str(proof), "--entry", "ab" * 32, "--language", "bn")
    assert wrong.returncode == 1
    assert "এই তালিকায় নেই" in wrong.stdout
    nothing = run(sys.executable, *command, str(tmp_path / "x.zip"))
    assert nothing.returncode == 2
    assert "There is no file" in nothing.stderr
    assert "Traceback" not in right.stderr + wrong.stderr + nothing.stderr
