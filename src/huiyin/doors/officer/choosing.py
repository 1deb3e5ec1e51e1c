"""Choosing a body out of many in the form of a move: the competent first, and a word that narrows the list.

What the petition is about is read from its words only where they lie open, and shown to its handlers alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from huiyin.reading.topics import topics_of
from huiyin.registry import proposing
from huiyin.registry.models import Body, Competence, Petition
from huiyin.site.forms import MoveForm, say_later

if TYPE_CHECKING:
    from huiyin.reading.topic_model import Proposal

MANY = 12  # more than that are not looked through
FIND = "find_body"  # a word of the name, typed above the form


@dataclass(frozen=True, slots=True)
class Offered:
    """A list of bodies, in two groups where some are competent for what the petition is about."""

    choices: list[Any]
    many: bool
    found: int  # how many a word left over; all without one


def offered(
    bodies: Iterable[Body],
    petition: Petition,
    word: str,
    kept: Iterable[str] = (),
    said: Proposal | None = None,
) -> Offered:
    """The competent first, then by nearness to the body that has it. `kept`: chosen, and so never hidden.

    `said`: what the petition is probably about, where the installation has a model.
    """
    every = list(bodies)
    does = _competent(every, petition, said)
    chosen = set(kept)
    fit = [body for body in every if is_called(body, word)]
    listed = [body for body in every if body in fit or body.code in chosen]
    listed.sort(key=lambda body: (body.code not in does, _apart(body, petition.holder), body.path))
    first = [(b.code, say_later(b.name)) for b in listed if b.code in does]
    others = [(b.code, say_later(b.name)) for b in listed if b.code not in does]
    groups: list[Any] = [
        (_("Competent for what it is about"), first),
        (_("Others, the nearest first"), others),
    ]
    return Offered([group for group in groups if group[1]] if first else others, len(every) > MANY, len(fit))


def is_called(body: Body, word: str) -> bool:
    """Whether a word that was typed stands in one of its names."""
    return word.strip().casefold() in f"{body.name_zh} {body.name_en} {body.short}".casefold()


def _competent(bodies: list[Body], petition: Petition, said: Proposal | None) -> frozenset[str]:
    """Codes of those that may decide what the petition speaks of; none of what lies under seal."""
    if petition.is_sealed:
        return frozenset()
    rows = list(Competence.objects.filter(body__in=[body.pk for body in bodies]).select_related("body"))
    among = topics_of(row.subject for row in rows)
    spoken = proposing.fields(f"{petition.subject}\n{petition.text}", among, said)
    return frozenset(row.body.code for row in rows if any(topic.has(row.subject) for topic in spoken))


def _apart(body: Body, here: Body) -> int:
    """How many steps of the tree lie between two bodies."""
    mine, theirs = here.path.strip("/").split("/"), body.path.strip("/").split("/")
    shared = sum(1 for a, b in zip(mine, theirs, strict=False) if a == b)
    return len(mine) + len(theirs) - 2 * shared


def mark(form: MoveForm) -> None:
    """Tell the script which lists can be narrowed while a word is typed."""
    for content in form.row.contents:
        if content.type in {"body", "bodies"} and content.name in form.fields:
            form.fields[content.name].widget.attrs["data-bodies"] = ""
