"""How long answering takes, and how much memory, with 1 k, 10 k and 100 k entries.

`python -m benchmarks.answers_scale [--entries 1000 10000 100000] [--questions 500]`

Entries are made by a seeded generator: something asked of a product of a colour, for a place, each
in Bengali with an answer, every fourth taught in English and Banglish too. Questions are other
wordings of them in three scripts, every fifth with a typo. A fresh process on one core for each
size. First is the first question of that process, which reads the lexicon: how long it takes, and
how much memory. Growth is resident memory above that before the entries were made, CPU the
processor time of a question on average. Prints a table.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.answers_data import Trial, mistyped
from benchmarks.rounds import shown
from bot.commands.answers import resident
from handlers.questions.evaluate import Asked, Known, figures, predict, ready, script_of

SEED = 20_240_501
SIZES = (1_000, 10_000, 100_000)
Words = tuple[str, ...]  # Bengali, English, Banglish
Wish = tuple[Words, Words, Words]


@dataclass(frozen=True, slots=True)
class Subject:
    """What one entry is about, and what is asked of it."""

    product: Words
    colour: Words
    kind: Words
    place: Words
    wish: Wish

    @classmethod
    def numbered(cls, number: int) -> Subject:
        """One of `SUBJECTS`."""
        number, product = divmod(number, len(PRODUCTS))
        number, colour = divmod(number, len(COLOURS))
        number, kind = divmod(number, len(KINDS))
        wish, place = divmod(number, len(PLACES))
        return cls(PRODUCTS[product], COLOURS[colour], KINDS[kind], PLACES[place], WISHES[wish])

    def says(self, words: Words, script: int) -> str:
        named = {"p": self.product, "c": self.colour, "k": self.kind, "place": self.place}
        return words[script].format(**{name: texts[script] for name, texts in named.items()})


PRODUCTS: tuple[Words, ...] = (
    ("শাড়ি", "saree", "shari"), ("পাঞ্জাবি", "panjabi", "panjabi"), ("কুর্তি", "kurti", "kurti"),
    ("জুতা", "shoes", "juta"), ("ব্যাগ", "bag", "bag"), ("ঘড়ি", "watch", "ghori"),
    ("চুড়ি", "bangles", "churi"), ("কানের দুল", "earrings", "kaner dul"), ("টুপি", "cap", "tupi"),
    ("ওড়না", "scarf", "orna"), ("জামা", "frock", "jama"), ("প্যান্ট", "trousers", "pant"),
    ("চশমা", "glasses", "choshma"), ("ছাতা", "umbrella", "chhata"), ("বালিশ", "pillow", "balish"),
    ("চাদর", "bedsheet", "chador"), ("পর্দা", "curtain", "porda"), ("মগ", "mug", "mog"),
    ("কলম", "pen", "kolom"), ("খাতা", "notebook", "khata"), ("মাইক", "microphone", "mike"),
    ("ক্যামেরা", "camera", "camera"), ("হেডফোন", "headphones", "headphone"), ("আলো", "lamp", "alo"),
    ("লিপস্টিক", "lipstick", "lipstick"), ("তেল", "hair oil", "tel"), ("সাবান", "soap", "saban"),
    ("মধু", "honey", "modhu"), ("আচার", "pickle", "achar"), ("চা পাতা", "tea leaves", "cha pata"),
)  # fmt: skip
COLOURS: tuple[Words, ...] = (
    ("লাল", "red", "lal"), ("নীল", "blue", "nil"), ("সবুজ", "green", "shobuj"),
    ("কালো", "black", "kalo"), ("সাদা", "white", "shada"), ("হলুদ", "yellow", "holud"),
    ("গোলাপি", "pink", "golapi"), ("বেগুনি", "purple", "beguni"), ("কমলা", "orange", "komola"),
    ("ধূসর", "grey", "dhushor"), ("সোনালি", "golden", "shonali"), ("রুপালি", "silver", "rupali"),
)  # fmt: skip
KINDS: tuple[Words, ...] = (
    ("সুতির", "cotton", "sutir"), ("সিল্কের", "silk", "silker"), ("জামদানি", "jamdani", "jamdani"),
    ("কাতান", "katan", "katan"), ("লিনেনের", "linen", "linener"), ("ছাপা", "printed", "chhapa"),
    ("হাতের কাজের", "handmade", "hater kajer"), ("ছোট", "small", "choto"),
    ("বড়", "large", "boro"), ("নতুন", "new", "notun"),
)  # fmt: skip
PLACES: tuple[Words, ...] = (
    ("ঢাকা", "Dhaka", "dhaka"), ("চট্টগ্রাম", "Chattogram", "chottogram"),
    ("সিলেট", "Sylhet", "sylhet"), ("রাজশাহী", "Rajshahi", "rajshahi"), ("খুলনা", "Khulna", "khulna"),
    ("বরিশাল", "Barishal", "borishal"), ("রংপুর", "Rangpur", "rongpur"),
    ("কুমিল্লা", "Cumilla", "kumilla"), ("বগুড়া", "Bogura", "bogura"), ("যশোর", "Jashore", "joshor"),
)  # fmt: skip
# What is kept in Bengali, English and Banglish; what fans ask, likewise; the answer.
WISHES: tuple[Wish, ...] = (
    (
        ("{place}-এ {c} {k} {p}-এর দাম কত?", "What does the {c} {k} {p} cost in {place}?",
         "{place} te {c} {k} {p} er dam koto?"),
        ("{c} {k} {p} কত টাকা পড়বে {place}-এ", "price of {c} {k} {p} {place}",
         "{c} {k} {p} koto tk {place}"),
        ("দাম ১২০০ টাকা, {place}-এর ডেলিভারি খরচ আলাদা।",),
    ),
    (
        ("{c} {k} {p} {place}-এ পেতে কত দিন লাগে?",
         "How long does the {c} {k} {p} take to reach {place}?",
         "{c} {k} {p} {place} te pete koto din lage?"),
        ("{place}-এ {c} {k} {p} কবে হাতে পাবো", "when will {c} {k} {p} arrive in {place}",
         "{place} e {c} {k} {p} kobe pabo"),
        ("{place}-এ তিন দিনের মধ্যে পৌঁছে যায়।",),
    ),
    (
        ("{place}-এর দোকানে {c} {k} {p} কি স্টকে আছে?", "Is the {c} {k} {p} in stock at {place}?",
         "{place} r dokane {c} {k} {p} ki stock e ache?"),
        ("{c} {k} {p} {place}-এ পাওয়া যাবে?", "{c} {k} {p} available {place}?",
         "{place} te {c} {k} {p} pawa jabe"),
        ("আছে, {place}-এর দোকানে এসে দেখতে পারেন।",),
    ),
    (
        ("{place} থেকে কেনা {c} {k} {p} কি ফেরত দেওয়া যায়?",
         "Can I return a {c} {k} {p} bought in {place}?",
         "{place} theke kena {c} {k} {p} ki ferot deya jay?"),
        ("{c} {k} {p} বদলাতে চাই, {place} থেকে নেওয়া", "return {c} {k} {p} from {place}",
         "{c} {k} {p} ferot dibo {place} theke neya"),
        ("সাত দিনের মধ্যে ফেরত দেওয়া যায়।",),
    ),
)  # fmt: skip
SUBJECTS = math.prod(map(len, (PRODUCTS, COLOURS, KINDS, PLACES, WISHES)))


def subjects(count: int) -> Iterator[Subject]:
    """That many, at most `SUBJECTS`, each once; the same ones every time."""
    return map(Subject.numbered, random.Random(SEED).sample(range(SUBJECTS), count))


def entry(at: int, about: Subject) -> Known:
    """Every fourth has been taught in English and Banglish."""
    kept, _, answer = about.wish
    scripts = range(3) if at % 4 == 0 else range(1)
    ways = tuple(about.says(kept, script) for script in scripts)
    return Known(str(at), ways, (about.says(answer, 0),))


def questions(count: int, entries: int) -> list[Asked]:
    """Of entries spread over the whole knowledge base, in the three scripts by turns."""
    chosen = set(random.Random(SEED + 1).sample(range(entries), min(count, entries)))
    asked: list[Asked] = []
    for at, about in enumerate(subjects(entries)):
        if at in chosen:
            text = about.says(about.wish[1], len(asked) % 3)
            asked.append(Asked(text, str(at), script_of(text)))
    wrong = mistyped(Trial([], asked), SEED).questions
    return [wrong[turn] if turn % 5 == 0 else one for turn, one in enumerate(asked)]


def measure(entries: int, count: int) -> dict[str, float]:
    """In this process: build, then ask one question after the other."""
    asked = questions(count, entries)
    bare, began = resident(), time.perf_counter()
    warm = ready([Known("0", ("দাম কত?",))])  # reads the lexicon
    list(predict(warm, asked[:1], time.perf_counter))
    first = time.perf_counter() - began
    gc.collect()
    before = resident()
    known = [entry(at, about) for at, about in enumerate(subjects(entries))]
    began = time.perf_counter()
    reader = ready(known)
    built = time.perf_counter() - began
    del known
    began = time.process_time()
    predictions = list(predict(reader, asked, time.perf_counter))
    spent = (time.process_time() - began) / len(asked)
    gc.collect()
    told = figures(predictions)
    return {
        "first s": first, "first MiB": before - bare, "build s": built,
        "p50 ms": told.p50_ms, "p95 ms": told.p95_ms, "CPU ms": spent * 1000,
        "growth MiB": resident() - before, "resident MiB": resident(),
        "right first %": 100 * (told.all.accuracy_at_1 or 0.0),
        "among three %": 100 * (told.all.accuracy_at_3 or 0.0),
    }  # fmt: skip


def main() -> None:
    """A process for each size, then the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=SIZES)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--here", action="store_true", help="in this process, as JSON")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.entries[0], options.questions)))
        return
    for at, entries in enumerate(options.entries):
        told = _apart(entries, options.questions)
        if at == 0:
            print(f"| entries | {' | '.join(told)} |")
            print("| --- " * (len(told) + 1) + "|")
        print(f"| {entries:,} | {' | '.join(map(shown, told.values()))} |", flush=True)


def _apart(entries: int, count: int) -> dict[str, float]:
    """In a process of its own, with numpy on one thread."""
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.answers_scale", "--here"]
    ran = subprocess.run(
        [*command, "--entries", str(entries), "--questions", str(count)],
        env=os.environ | one, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


if __name__ == "__main__":
    main()
