"""What the buttons and timers of questions and of learning stand for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.model import Action

# Pressed by whoever asked ----------------------------------------------------------------------


@tagged("qc")
@dataclass(frozen=True, slots=True)
class Choose(Action):
    """The fan meant this entry."""

    question: str
    entry: str


@tagged("qn")
@dataclass(frozen=True, slots=True)
class AskTeam(Action):
    """None of those offered."""

    question: str


@tagged("qh")
@dataclass(frozen=True, slots=True)
class Helpful(Action):
    question: str


@tagged("qw")
@dataclass(frozen=True, slots=True)
class Wrong(Action):
    question: str


@tagged("qr")
@dataclass(frozen=True, slots=True)
class Reason(Action):
    """Why the answer was wrong: "old", "other", or "words", which a form asks for."""

    question: str
    why: str


@tagged("qx")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """The fan no longer wants an answer from the team."""

    question: str


# Pressed by the team ---------------------------------------------------------------------------


@tagged("qa")
@dataclass(frozen=True, slots=True)
class Answer(Action):
    """A team member answers this question, and all of its theme."""

    question: str


@tagged("qp")
@dataclass(frozen=True, slots=True)
class More(Action):
    """The inbox after the first `skip` questions."""

    skip: int


@tagged("qv")
@dataclass(frozen=True, slots=True)
class Wordings(Action):
    """Show how the question of this theme was asked."""

    question: str


@tagged("qo")
@dataclass(frozen=True, slots=True)
class TakeOut(Action):
    """What was asked in these words is another question."""

    question: str


@tagged("nt")
@dataclass(frozen=True, slots=True)
class Teach(Action):
    """A form about an answer to learn; `question` is the kept one it answers, or empty."""

    question: str


@tagged("np")
@dataclass(frozen=True, slots=True)
class Preview(Action):
    proposal: str


@tagged("na")
@dataclass(frozen=True, slots=True)
class Approve(Action):
    proposal: str


@tagged("ne")
@dataclass(frozen=True, slots=True)
class Edit(Action):
    proposal: str


@tagged("nd")
@dataclass(frozen=True, slots=True)
class Discard(Action):
    proposal: str


@tagged("nu")
@dataclass(frozen=True, slots=True)
class Unlearn(Action):
    """A wording that was approved is not one of its entry after all."""

    proposal: str


@tagged("nb")
@dataclass(frozen=True, slots=True)
class Browse(Action):
    """Proposals after the one with this id."""

    after: str


@tagged("nk")
@dataclass(frozen=True, slots=True)
class ApproveLikely(Action):
    """Approve what is likely of the proposals shown: those after one id, up to another."""

    after: str
    last: str


# Due -------------------------------------------------------------------------------------------


@tagged("qg")
@dataclass(frozen=True, slots=True)
class Group(Action):
    """Find out whether others wait for an answer to the same."""

    question: str


@tagged("ql")
@dataclass(frozen=True, slots=True)
class Late(Action):
    """Tell those who have waited long that it takes longer."""


@tagged("qt")
@dataclass(frozen=True, slots=True)
class Tidy(Action):
    """Delete questions and proposals that are kept long enough."""


@tagged("qi")
@dataclass(frozen=True, slots=True)
class Weekly(Action):
    """Tell the team what was asked in the week."""
