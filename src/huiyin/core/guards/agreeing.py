"""About what is agreed and promised: nobody gives up petitioning, and mediation stays apart."""

from __future__ import annotations

from datetime import date

from huiyin.core import apart, clauses
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def no_giving_up(asked: Asked) -> Refusal | None:
    """Nothing that is said asks for a promise not to petition, nor holds anybody back (charter 3 and 4)."""
    found = clauses.first_forbidden(asked.said or {})
    return refuse("gives-up-petitioning", asked.row.article, words=found) if found else None


def mediation_kept_apart(asked: Asked) -> Refusal | None:
    """No long passage of what was said in mediation is used in a decision."""
    if not asked.said or not asked.situation.kept_apart:
        return None
    used = apart.passages(apart.texts(asked.said)) & asked.situation.kept_apart
    return refuse("from-mediation", asked.row.article, words=_sample(used)) if used else None


def _sample(used: apart.Passages) -> str:
    tokens = min(used)
    return ("" if any(ord(token[0]) > 0x33FF for token in tokens) else " ").join(tokens)


def answer_ahead(asked: Asked) -> Refusal | None:
    """Whoever is asked for something has at least until tomorrow."""
    ahead = asked.said is None or date.fromisoformat(asked.said["answer_by"]) > asked.today
    return None if ahead else refuse("term-past", asked.row.article, fields={"answer_by": "ahead"})


def body_does_something(asked: Asked) -> Refusal | None:
    """A settlement in which the body does nothing settles nothing."""
    lines = (asked.said or {}).get("clauses", ())
    bound = asked.said is None or any(line["side"] == "body" for line in lines)
    return None if bound else refuse("nothing-promised", asked.row.article)


GUARDS: dict[str, Guard] = {
    "no-giving-up": no_giving_up,
    "mediation-kept-apart": mediation_kept_apart,
    "answer-ahead": answer_ahead,
    "body-does-something": body_does_something,
}
