"""What people write about an entry, checked and made into a draft of it; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.model import Refuse, Say
from handlers.questions.normalise import language as language_of
from handlers.questions.normalise import normalise
from storage.knowledge import Draft

QUESTION, ANSWER = 400, 3000  # characters; a PostgreSQL index takes 2,700 bytes a row


def written_in(text: str, default: str) -> str:
    """The language to keep an answer under: "bn" or "en"; `default` when its words do not tell."""
    found = language_of(text)
    return "en" if found == "en" else "bn" if found else default


def answers_of(answer: str, default: str, fixed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Answers by language: `fixed` ones as they are, `answer` under the language it is in.

    Raises Refuse when there is none, one is too long, or two are of one language.
    """
    answers = {name: text.strip() for name, text in (fixed or {}).items() if text.strip()}
    if answer := answer.strip():
        language = written_in(answer, default)
        if answers.get(language, answer) != answer:
            raise Refuse(Say("draft.two_answers", language=Say(f"language.{language}")))
        answers[language] = answer
    if not answers:
        raise Refuse(Say("draft.no_answer"))
    if (longest := max(map(len, answers.values()))) > ANSWER:
        raise Refuse(Say("draft.long_answer", limit=ANSWER, length=longest))
    return answers


def draft(
    question: str, answers: Mapping[str, str], phrases: Sequence[str] = (), ref: str | None = None
) -> Draft:
    """An entry to be kept. Raises Refuse when the question cannot be one."""
    question = " ".join(question.split())
    asked = normalise(question)
    if not asked:
        raise Refuse(Say("draft.no_question"))
    if len(question) > QUESTION:
        raise Refuse(Say("draft.long_question", limit=QUESTION, length=len(question)))
    return Draft(question, asked, answers, phrases, ref)
