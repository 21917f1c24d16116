"""Where a draw's randomness comes from, and how each source is checked; pure.

A round of drand is signed after the list is frozen by many who would all have to conspire; what is
taken in public later (manual) needs people who watched; a secret kept by the organiser needs trust.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from hashlib import sha256

from handlers.giveaways import fairness

SIGNATURE_BYTES = 48
PUBLIC_KEY_BYTES = 96
LONGEST_SOURCE = 200  # characters of what a manual beacon names
LONGEST_TAKEN = 2000  # characters of manual values, and of what is pasted
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"

_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"(?<![0-9a-f])[0-9a-f]{96}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand network of the scheme bls-unchained-g1-rfc9380.

    `hash` is 64 hexadecimal digits, `public_key` 96 bytes on G2, `genesis` unix seconds of round 1,
    `period` seconds.
    """

    hash: str
    public_key: bytes
    genesis: int
    period: int

    def round_at(self, at: int) -> int:
        """The first round at or after this moment in unix seconds (a part of one rounded up)."""
        return fairness.drand_round(at, self.genesis, self.period)

    def moment(self, number: int) -> int:
        """When a round is published, in unix seconds."""
        return fairness.drand_moment(number, self.genesis, self.period)


QUICKNET = Chain(
    hash=fairness.DRAND_CHAIN,
    public_key=bytes.fromhex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=fairness.DRAND_GENESIS,
    period=fairness.DRAND_PERIOD,
)


def round_at(at: int) -> int:
    """Quicknet's first round at or after this moment in unix seconds."""
    return QUICKNET.round_at(at)


def message(number: int) -> bytes:
    """What a round's signature signs: sha(u64 round)."""
    return sha256(number.to_bytes(8, "big")).digest()


def verified(signature: bytes, number: int, chain: Chain = QUICKNET) -> bool:
    """Whether these 48 bytes are the chain's signature of this round; some 6 ms of work.

    False for whatever else they are, never an error. A point has one encoding here, since the
    randomness is a hash of the bytes and not of the point.
    """
    if len(signature) != SIGNATURE_BYTES or not 0 < number < 1 << 64:
        return False
    from py_arkworks_bls12381 import GT, G1Point, G2Point  # here: few processes ever draw

    try:  # both are checked to be on the curve and in the subgroup
        signed = G1Point.from_compressed_bytes(signature)
        key = G2Point.from_compressed_bytes(chain.public_key)
    except ValueError:
        return False
    if signed == G1Point.identity() or signed.to_compressed_bytes() != signature:
        return False
    hashed = G1Point.hash_to_curve(message(number), DOMAIN)
    return GT.pairing_check([signed, -hashed], [G2Point(), key])


def accepted(chain: Chain, number: int, pasted: str) -> str | None:
    """The round's signature in hexadecimal, if what somebody pasted holds it; else None.

    Taken are the digits alone, in any case and broken over lines, or a relay's whole answer.
    """
    if len(pasted) > LONGEST_TAKEN:
        return None
    text = pasted.lower()
    found = [*_SIGNATURE.findall(text), *_SIGNATURE.findall("".join(text.split()))]
    candidates = list(dict.fromkeys(found))[:4]
    return next((one for one in candidates if verified(bytes.fromhex(one), number, chain)), None)


def normalised(value: str) -> str:
    """Manual values as they are hashed: NFC, trimmed, each white space one space."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def manual_randomness(value: str) -> bytes:
    """sha("gw1:manual\\0" || the value normalised); raises ValueError if none, or too long."""
    return sha256(b"gw1:manual\0" + _utf8(value, LONGEST_TAKEN)).digest()


def _utf8(value: str, longest: int) -> bytes:
    said = normalised(value)
    if not 1 <= len(said) <= longest:
        raise ValueError(f"what counts in a manual draw is said in 1 to {longest} characters")
    return said.encode()  # half a letter, which JSON can carry, is a ValueError too


class Kind(StrEnum):
    """How the randomness comes about."""

    DRAND = "drand"
    MANUAL = "manual"
    COMMIT_REVEAL = "commit-reveal"


class Strength(IntEnum):
    """How far the organiser is kept from choosing the winners."""

    WEAK = 1  # the organiser knew the secret all along
    MEDIUM = 2  # somebody must have watched where the values came from
    STRONG = 3  # nobody could know or choose it, and anybody can check it


_STRENGTH = {
    Kind.DRAND: Strength.STRONG,
    Kind.MANUAL: Strength.MEDIUM,
    Kind.COMMIT_REVEAL: Strength.WEAK,
}


@dataclass(frozen=True, slots=True)
class Beacon:
    """The field "beacon" of a giveaway's parameters; `str` of it is that field.

    `value` is the chain's hash, what will be taken in words, or the commitment to a secret.
    """

    kind: Kind
    value: str

    @classmethod
    def parse(cls, field: str) -> Beacon:
        """Raises ValueError for a field no draw could use."""
        name, _, value = field.partition(":")
        beacon = cls(Kind(name), value)
        if beacon.kind is Kind.MANUAL:
            _utf8(value, LONGEST_SOURCE)
        elif not _HASH.fullmatch(value):
            raise ValueError("a chain or a commitment is 64 lower-case hexadecimal digits")
        return beacon

    @classmethod
    def drand(cls, chain: Chain = QUICKNET) -> Beacon:
        return cls.parse(f"{Kind.DRAND}:{chain.hash}")

    @classmethod
    def manual(cls, source: str) -> Beacon:
        """`source` names what will be taken; raises ValueError if it is empty or too long."""
        return cls.parse(f"{Kind.MANUAL}:{normalised(source)}")

    @classmethod
    def commit_reveal(cls, secret: bytes) -> Beacon:
        """A commitment to 32 random bytes; raises ValueError for another length."""
        return cls.parse(f"{Kind.COMMIT_REVEAL}:{fairness.commit(secret)}")

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"

    @property
    def strength(self) -> Strength:
        return _STRENGTH[self.kind]

    def chain(self, known: Collection[Chain] = (QUICKNET,)) -> Chain | None:
        """The chain it names, if it is one of those known."""
        named = (one for one in known if self.kind is Kind.DRAND and one.hash == self.value)
        return next(named, None)

    def randomness(
        self, taken: str, number: int = 0, known: Collection[Chain] = (QUICKNET,)
    ) -> bytes | None:
        """What goes into the seed; None if `taken` is not what this beacon promised.

        `taken` is the signature of round `number`, or the secret, in hexadecimal, or the values.
        """
        try:
            match self.kind:
                case Kind.DRAND:
                    chain = self.chain(known)
                    signature = bytes.fromhex((chain and accepted(chain, number, taken)) or "")
                    return fairness.beacon_randomness(signature) if signature else None
                case Kind.MANUAL:
                    return manual_randomness(taken)
                case Kind.COMMIT_REVEAL:
                    secret = bytes.fromhex(taken)
                    revealed = fairness.check_reveal(self.value, secret)
                    return fairness.revealed_randomness(secret) if revealed else None
        except ValueError:
            return None
