"""`python -m tests.own_drand run`: the program, with a drand of the tests in place of the real one.

Its rounds are numbered like quicknet's and wait for the relays of BEACON_RELAYS alike, but are
signed with a key of ours, and a draw waits for the round two seconds after the close, not sixty.
"""

from __future__ import annotations

from handlers.giveaways import beacon, fairness
from tests.peers.drand import Network

NETWORK = Network("torture", fairness.DRAND_GENESIS, fairness.DRAND_PERIOD)
MARGIN = 2  # seconds


def stand_in() -> None:
    """Before anything else takes the real one by its name."""
    beacon.QUICKNET = NETWORK.chain
    fairness.Parameters.__init__.__defaults__ = (MARGIN, None)


if __name__ == "__main__":
    stand_in()
    from bot.__main__ import main

    main()
