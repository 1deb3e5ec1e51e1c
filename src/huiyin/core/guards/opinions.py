"""About the opinion: every request answered, and signed by somebody other than who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from huiyin.core.case import plain_words
from huiyin.core.effects.marks import said_digest
from huiyin.core.effects.tasks import SUPPORTING
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def requests_listed(asked: Asked) -> Refusal | None:
    """What the author asks for has been listed, one by one: else nobody knows what an answer leaves out."""
    return None if asked.case.requests else refuse("requests-unlisted", asked.row.article)


def requests_unlisted(asked: Asked) -> Refusal | None:
    """There is no list yet: it is made once, and after that only grows."""
    return refuse("requests-listed", asked.row.article) if asked.case.requests else None


def all_requests_answered(asked: Asked) -> Refusal | None:
    """Each request that was listed, or that the author added, has an answer of its own (art. 32)."""
    if asked.said is None:
        return None
    answered = {
        plain_words(line["request"])
        for content in asked.row.contents
        if content.answers_requests
        for line in asked.said[content.name]
    }
    left = [request for request in asked.case.requests if plain_words(request) not in answered]
    return refuse("request-unanswered", asked.row.article, requests="；".join(left)) if left else None


def as_submitted(asked: Asked) -> Refusal | None:
    """It is, to the letter, what was submitted and signed."""
    if asked.said is None or said_digest(asked.said) == asked.case.marks.get("submitted"):
        return None
    return refuse("not-as-submitted", asked.row.article)


def not_the_drafter(asked: Asked) -> Refusal | None:
    """Whoever signs did not write it. Where nobody else can sign, the signer says so, on record."""
    if asked.actor.id != asked.situation.drafter:
        return None
    if asked.situation.another_signs:
        return refuse("own-draft", asked.row.article)
    explained = asked.said is None or asked.said.get("note")
    return None if explained else refuse("own-draft-unexplained", asked.row.article)


def redo_ahead(asked: Asked) -> Refusal | None:
    """The day by which it must be made anew lies ahead."""
    ahead = asked.said is None or date.fromisoformat(asked.said["redo_by"]) > asked.today
    return None if ahead else refuse("term-past", asked.row.article, fields={"redo_by": "ahead"})


def not_the_same_again(asked: Asked) -> Refusal | None:
    """Made anew, it does not refuse again what it refused, on the same facts and reasons (local law)."""
    if asked.said is None:
        return None
    before = {_gist(line) for line in asked.situation.quashed}
    lines = [line for line in asked.said["answers"] if line["outcome"] not in SUPPORTING]
    same = [line["request"] for line in lines if _gist(line) in before]
    return refuse("the-same-again", asked.row.article, requests="；".join(same)) if same else None


def _gist(line: Mapping[str, Any]) -> tuple[str, ...]:
    """What an answer comes to, however it is spaced and punctuated: outcome, facts and legal basis."""
    said = (str(line.get(name, "")) for name in ("request", "facts", "basis"))
    return (str(line.get("outcome", "")), *map(plain_words, said))


GUARDS: dict[str, Guard] = {
    "requests-listed": requests_listed,
    "requests-unlisted": requests_unlisted,
    "all-requests-answered": all_requests_answered,
    "as-submitted": as_submitted,
    "not-the-drafter": not_the_drafter,
    "redo-ahead": redo_ahead,
    "not-the-same-again": not_the_same_again,
}
