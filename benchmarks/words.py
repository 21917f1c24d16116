"""Reading: how often a word or a span in Latin letters finds the Bengali one, and how fast.

`python -m benchmarks.words --data FOLDER [--split dev] [--words 10000] [--spans 2000]`

FOLDER has `dakshina_bn/` and `aksharantar_ben/`. Words: each romanisation of the split against all
words of the split (2,500), and against those with all training words and enough of the other list
to make 30,000; right is the word it is a romanisation of and no other. Spans: three words, from a
random place, of each romanised sentence, against all sentences of the split. `plain` is the edit
distance between folded words, for comparison. Prints a table; times are the processor's for one
look-up.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.learn_sounds import read
from benchmarks.rounds import percentile
from handlers.questions.banglish import fold_word
from handlers.questions.normalise import tokens
from handlers.questions.sounds import Vocabulary
from handlers.questions.spans import Sentences

LARGE = 30_000
PLAIN = 1_000  # look-ups of the comparison, which is slow

Find = Callable[[str], Sequence[object]]  # what is asked for: the best five


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--words", type=int, default=10_000)
    parser.add_argument("--spans", type=int, default=2_000)
    arguments = parser.parse_args()
    chance = random.Random(0)
    print(f"{'':34}{'@1 %':>7}{'@5 %':>7}{'p50 ms':>8}{'p95 ms':>8}")
    asked = list(_words(arguments.data, arguments.split))
    chance.shuffle(asked)
    small = sorted({bengali for _, bengali in asked})
    asked = asked[: arguments.words]
    show(f"words, one of {len(small):,}, plain", asked[:PLAIN], _plain(small))
    for known in (small, _more(arguments.data, small)):
        show(f"words, one of {len(known):,}", asked, _nearest(Vocabulary(known)))
    sentences, spans = _spans(arguments.data, arguments.split, chance)
    found = Sentences(sentences)
    title = f"spans, one of {len(sentences):,}"
    show(title, spans[: arguments.spans], lambda span: [at for at, _ in found.nearest(span)])


def show(title: str, asked: Sequence[tuple[str, object]], find: Find) -> None:
    """Ask each, and print one line of the table."""
    first, five, times = 0, 0, []
    for text, right in asked:
        began = time.process_time()
        found = find(text)
        times.append(1000 * (time.process_time() - began))
        first += right in found[:1]
        five += right in found
    shares = f"{100 * first / len(asked):7.1f}{100 * five / len(asked):7.1f}"
    print(f"{title:34}{shares}{percentile(times, 50):8.2f}{percentile(times, 95):8.2f}", flush=True)


def _words(data: Path, split: str) -> Iterator[tuple[str, str]]:
    """Romanised and Bengali."""
    pairs = read(data / "dakshina_bn" / f"bn.translit.sampled.{split}.tsv")
    return ((latin, bengali) for bengali, latin, _ in pairs)


def _more(data: Path, words: Sequence[str]) -> list[str]:
    trained = sorted(bengali for _, bengali in _words(data, "train"))
    others = (bengali for bengali, _, _ in read(data / "aksharantar_ben" / "ben_train.csv"))
    return sorted(islice(dict.fromkeys([*words, *trained, *others]), LARGE))


def _spans(
    data: Path, split: str, chance: random.Random
) -> tuple[list[str], list[tuple[str, object]]]:
    """All sentences, and spans of three words with the number of the sentence each is from."""
    stem = f"bn.romanized.rejoined.{split}"
    native, roman = (
        (data / "dakshina_bn" / f"{stem}.{script}.txt").read_text(encoding="utf-8").splitlines()
        for script in ("native", "roman")
    )
    spans: list[tuple[str, object]] = []
    for number, sentence in enumerate(roman):
        words = tokens(sentence)
        if len(words) >= 3:
            first = chance.randrange(len(words) - 2)
            spans.append((" ".join(words[first : first + 3]), number))
    chance.shuffle(spans)
    return native, spans


def _nearest(vocabulary: Vocabulary) -> Find:
    return lambda word: [found for found, _ in vocabulary.nearest(word)]


def _plain(words: Sequence[str]) -> Find:
    folded = [fold_word(word) for word in words]

    def find(word: str) -> list[str]:
        asked = fold_word(word)
        distances = [_edits(asked, other) for other in folded]
        best = sorted(range(len(words)), key=distances.__getitem__)[:5]
        return [words[at] for at in best]

    return find


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for i, beside in enumerate(other, 1):
            before, row[i] = row[i], min(row[i] + 1, row[i - 1] + 1, before + (letter != beside))
    return row[-1]


if __name__ == "__main__":
    main()
