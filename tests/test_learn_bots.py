"""The list of robots' words: where it is from, and what is taken of the package that has it."""

import json
import re
import sys
from importlib import resources
from pathlib import Path

import pytest

from benchmarks import learn_bots
from benchmarks.learn_bots import PLAIN, operations, patterns, translated
from handlers.links import classify as rules


def test_the_list_says_where_it_is_from_and_is_used_whole() -> None:
    text = resources.files("handlers.links").joinpath("bots.txt").read_text("utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert re.search(
        r"isbot \d+\.\d+\.\d+ .*public domain.*Unlicense", " ".join(head).replace("# ", "")
    )
    listed = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(listed) > 100
    assert set(listed) <= set(rules._ROBOT.pattern.split("|")) | {
        line for line in listed if "|" in line and line in rules._ROBOT.pattern
    }
    assert all({name for name, _ in operations(line)} <= PLAIN for line in listed)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("crawl", "crawl"),
        (" daum[ /]", r"\bdaum\b"),
        ("sindup/", r"sindup\b"),
        (r"\.com\b", r"\.com\b"),
        ("(?<!cam)scan", "(?<!cam)scan"),
        ("(?:^|[^g])news(?!sapphire)", "(?<!g)news(?!sapphire)"),
        ("^curl", ""),  # does not start like a browser
        ("24x7", ""),  # no word has a number
        (r"(\w+)+$", ""),  # slow
        ("a*b", ""),
        ("(?<!ab|c)d", ""),  # not in Python
        (r"\|", ""),
    ],
)
def test_a_pattern_of_the_package_is_translated_or_left_out(theirs: str, ours: str) -> None:
    assert translated(theirs) == ours


def test_a_package_without_the_list_is_refused() -> None:
    assert patterns('var patterns_default = [\n  "a",\n  "b\\\\b"\n];') == ["a", r"b\b"]
    with pytest.raises(ValueError, match="list"):
        patterns("var list = []")


def test_the_step_writes_a_file_with_its_source_and_refuses_another_licence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {"version": "9.1.0", "license": "Unlicense"}
    (tmp_path / "package.json").write_text(json.dumps(about))
    (tmp_path / "index.mjs").write_text('var patterns_default = [\n  "crawl",\n  "^a"\n];\n')
    out = tmp_path / "bots.txt"
    monkeypatch.setattr(sys, "argv", ["learn_bots", str(tmp_path), "-o", str(out)])
    learn_bots.main()
    *head, last = out.read_text().splitlines()
    assert (last, "isbot 9.1.0" in " ".join(head)) == ("crawl", True)
    (tmp_path / "package.json").write_text(json.dumps({**about, "license": "MIT"}))
    with pytest.raises(SystemExit, match="MIT"):
        learn_bots.main()
