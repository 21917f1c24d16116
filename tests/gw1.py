"""The published example of a draw, and pools to try the rules on."""

from hashlib import sha256

from hypothesis import strategies as st

from handlers.giveaways import fairness
from handlers.giveaways.fairness import Entry, Parameters

ID = "0123456789abcdef0123456789abcdef"
PARAMETERS = Parameters(
    id=ID,
    prize="লাল শা\u09a1\u09bcি",  # the letter and its dot apart, as in the published vector
    winners=2,
    reserves=2,
    close_at=1694775543,
    beacon=fairness.DRAND + fairness.DRAND_CHAIN,
    tickets={"linked": 1, "enter": 1, "invite": 1},
    cap=10,
    claim_h=48,
)
# person, tickets, salt, commitment, first bytes of the key: in the order of the vector
VECTOR = [
    (
        "tg:1001",
        1,
        "e8fbb9b91013db9ce6ac967e18740da9",
        "29be41ca0ac789c7906f7c8ed2a98e8f6133f846da555ae2793fd1677ae67a18",
        "5283c3c3",
    ),
    (
        "tg:1002",
        3,
        "fba9e04148728de5700eab5eb5c49324",
        "a0d6db2871b18c057e4c08a709af2433789d0efd73a34b8c629e668999e6a55b",
        "00a46e1e",
    ),
    (
        "dc:90001",
        2,
        "8570284b54766d95bff449ba878181a4",
        "717a0bd88e5b90845541234500473c2c18a886f73f4e0b5559d2596ab6c68a16",
        "646b7ccd",
    ),
    (
        "dc:90002+tg:1003",
        2,
        "2a18ac126acb2257ca6c456e2e69ec75",
        "99aa49f5925371a63eb830619d3e5037ba4d415a6f84555bec95e5171d0f6566",
        "278b859d",
    ),
    (
        "tg:1004",
        1,
        "8a6f3ccc6517133283efbc42f84e4302",
        "7a6a74203e789fa23148dea3f4c860d8908ea323b821f5d467b6290f63670bf6",
        "02ec31cf",
    ),
]
ENTRIES = {person: Entry(bytes.fromhex(c), tickets) for person, tickets, _, c, _ in VECTOR}
SIGNATURE = bytes.fromhex(
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef"
    "9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
)
SEED = bytes.fromhex("9f5a2567ee0f2f670a68e0684e025435c0d1323ab9bbdc01e04e897cf012d317")

seeds = st.binary(min_size=32, max_size=32)
pools = st.lists(
    st.builds(Entry, seeds, st.integers(1, fairness.MAX_TICKETS)),
    max_size=40,
    unique_by=lambda entry: entry.commitment,
)
some = pools.filter(bool)


def pool(*tickets: int) -> list[Entry]:
    return [Entry(sha256(b"fan %d" % i).digest(), n) for i, n in enumerate(tickets)]
