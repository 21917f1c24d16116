"""What a giveaway looks like: its public post in every state, announcements, results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Button, Place, Post, Say
from bot.wire import moment
from handlers.giveaways import terms
from handlers.giveaways.actions import Enter, How, Leave, Result
from storage.giveaway_pool import Winner
from storage.giveaways import Giveaway, Stand, Standing

IN_ONE_POST = 50  # winners; the rest is behind the button


def short(hexadecimal: str | None) -> str:
    """Enough of a hash to compare two by eye."""
    return f"{hexadecimal[:8]}…{hexadecimal[-4:]}" if hexadecimal else ""


def labelled(giveaway: Giveaway, text: Say) -> Say:
    """`text` after the label of whoever gives the prize, if anybody does."""
    if giveaway.campaign is None:
        return text
    bn, en = giveaway.disclosure_bn or "", giveaway.disclosure_en or ""
    return Say("lines", lines=(Say("link.label", bn=bn, en=en), text))


def post(giveaway: Giveaway) -> Say:
    """The public post as it should read now; of a draft, as it would read."""
    return labelled(giveaway, _post(giveaway))


def _post(g: Giveaway) -> Say:
    if g.cancelled_at is not None:
        return Say("giveaway.post_cancelled", prize=g.prize, reason=g.reason or "")
    if g.frozen_at is not None:
        state = Say("giveaway.is_drawn" if g.drawn_at is not None else "giveaway.is_closed")
        count = Say("giveaway.entries", count=g.entrants or 0)
        return Say("giveaway.post_closed", prize=g.prize, state=state, entries=count)
    return Say(
        "giveaway.post",
        prize=g.prize,
        winners=Say("giveaway.winners", count=g.winners),
        closes=moment(g.closes_at or 0),
        entered=Say("giveaway.entered_count", count=g.entered),
        proof=_proof(g),
    )


def _proof(giveaway: Giveaway) -> Say:
    if giveaway.params is None:
        return Say("giveaway.proof_later")
    commitment = short(terms.commitment_of(giveaway))
    return Say("giveaway.proof", params=short(giveaway.params_hash), commitment=commitment)


def draft(giveaway: Giveaway, now: int) -> Say:
    """How a draft would read if it were published now."""
    return post(replace(giveaway, closes_at=now + giveaway.hours * 3_600_000))


def buttons(giveaway: Giveaway) -> tuple[Button, ...]:
    """What can be done with it in its present state."""
    id, how = giveaway.id, Button(Say("giveaway.how_button"), How(giveaway.id))
    if giveaway.cancelled_at is not None:
        return ()
    if giveaway.frozen_at is not None:
        return (Button(Say("giveaway.result_button"), Result(id)), how)
    enter, leave = Say("giveaway.enter_button"), Say("giveaway.leave_button")
    return (Button(enter, Enter(id)), Button(leave, Leave(id)), how)


def posts(giveaway: Giveaway, stands: Sequence[Stand]) -> list[Post]:
    """The public post in every place, made or brought up to date."""
    return announce("g", giveaway, stands, post(giveaway), buttons(giveaway))


def announce(
    kind: str,
    giveaway: Giveaway,
    stands: Sequence[Stand],
    text: Say,
    under: tuple[Button, ...] = (),
) -> list[Post]:
    """One message of this kind in every place, however often it is asked for."""
    return [
        Post(
            Place(stand.platform, stand.chat, stand.thread, private=False), text, under,
            key=f"{kind}:{giveaway.id}:{stand.platform}:{stand.chat}",
        )
        for stand in stands
    ]  # fmt: skip


def frozen(giveaway: Giveaway) -> Say:
    """The message that the list is closed."""
    lines = [
        Say("giveaway.frozen", prize=giveaway.prize),
        Say("giveaway.entries", count=giveaway.entrants or 0),
        Say("giveaway.fingerprint", root=short(giveaway.root), head=short(giveaway.head)),
        *remarks(giveaway),
    ]
    return labelled(giveaway, Say("lines", lines=tuple(lines)))


def remarks(giveaway: Giveaway) -> list[Say]:
    """What did not go as the terms said."""
    found = []
    if giveaway.ended_at is not None:
        found.append(Say("giveaway.ended_early", at=moment(giveaway.ended_at)))
    if terms.late(giveaway):
        times = {"closes": moment(giveaway.closes_at or 0), "at": moment(giveaway.frozen_at or 0)}
        found.append(Say("giveaway.late", **times))
    return found


def drawn(giveaway: Giveaway, winners: Sequence[Winner]) -> Say:
    """The announcement of the winners."""
    if not winners:
        return labelled(giveaway, Say("giveaway.drawn_nobody", prize=giveaway.prize))
    lines = [Say("giveaway.winner", number=winner.number) for winner in winners[:IN_ONE_POST]]
    if len(winners) > IN_ONE_POST:
        lines.append(Say("giveaway.more", count=len(winners) - IN_ONE_POST))
    if (giveaway.entrants or 0) <= giveaway.winners:
        lines.append(Say("giveaway.all_win"))
    drawn = Say("giveaway.drawn", prize=giveaway.prize, winners=tuple(lines))
    return labelled(giveaway, drawn)


def for_team(giveaway: Giveaway, winners: Sequence[Winner]) -> Say:
    """Who they are, for those who hand over the prizes."""
    if not winners:
        return Say("giveaway.drawn_nobody", prize=giveaway.prize)
    lines = tuple(
        Say("giveaway.team_winner", number=w.number, name=w.name, platform=w.reader.platform)
        if w.reader
        else Say("giveaway.team_winner_gone", number=w.number)
        for w in winners
    )
    return Say("giveaway.team_result", prize=giveaway.prize, winners=lines)


def how(giveaway: Giveaway) -> Say:
    """The rules and how it is drawn, in plain words."""
    rules = Say(
        "giveaway.how",
        prize=giveaway.prize,
        winners=Say("giveaway.winners", count=giveaway.winners),
        closes=moment(giveaway.closes_at or 0),
        terms=giveaway.params or "",
        params=giveaway.params_hash or "",
        commitment=terms.commitment_of(giveaway),
        trust=Say("giveaway.trust"),
    )
    return labelled(giveaway, rules)


def result(standing: Standing, winners: Sequence[Winner]) -> Say:
    """Who won, whether the reader did, and every number needed to check it."""
    g, numbers = standing.giveaway, [winner.number for winner in winners]
    lines = [Say("giveaway.result", prize=g.prize), Say("giveaway.entries", count=g.entrants or 0)]
    lines += [Say("giveaway.winner_won", number=number) for number in numbers]
    if not numbers:
        lines.append(Say("giveaway.nobody_won"))
    if standing.entered and standing.number is not None:
        mine = "giveaway.you_won" if standing.number in numbers else "giveaway.you_lost"
        lines.append(Say(mine, number=standing.number))
    check = Say(
        "giveaway.check",
        params=g.params_hash or "",
        commitment=terms.commitment_of(g),
        root=g.root or "",
        head=g.head or "",
        secret=g.secret or "",
    )
    shown = Say("lines", lines=(*lines, *remarks(g), check, Say("giveaway.trust")))
    return labelled(g, shown)
