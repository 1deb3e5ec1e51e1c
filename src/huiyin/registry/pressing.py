"""Pressure or retaliation for having petitioned (art. 18.4): who may be told, chosen by the author.

What is reported is a petition of its own, a report against persons, with its own key and receipt. No row ties
it to the petition it is about, and the body concerned is one of those it is about: it does not exist for
anybody who serves there or answers to it (charter 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.registry.file import AUDITOR
from huiyin.registry.models import Body, Petition, Role

NAMES: dict[str, Text] = {
    "superior": Text("上一级机关", "the body above"),
    "discipline": Text("纪检监察机关", "the discipline body"),
    AUDITOR: Text("审计监督人员", "the auditor of this system"),
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who may be told of pressure."""

    code: str  # of file.RECIPIENTS
    body: Body

    @property
    def name(self) -> Text:
        return NAMES[self.code]


def concerned(petition: Petition) -> frozenset[str]:
    """The bodies that are never told: whoever has the petition now, or had it in charge."""
    handled = (petition.handled_by,) if petition.handled_by else ()
    return frozenset({petition.holder.code, *handled})


def is_known_to_the_law(now: datetime) -> bool:
    """Whether there are reports against persons here, which such a report is one of."""
    return "report" in law.at(now)[0].lodged_kinds


def recipients(petition: Petition, named: frozenset[str] = frozenset()) -> list[Recipient]:
    """Who may be told: the nearest of each kind that is not concerned or named, nor answers to these."""
    avoid = concerned(petition) | named
    found = (
        ("superior", _nearest(_above(petition.holder), avoid)),
        ("discipline", _nearest(_near(petition.holder, Body.objects.filter(kind="discipline")), avoid)),
        (AUDITOR, _nearest(_near(petition.holder, _with_an_auditor()), avoid)),
    )
    return [Recipient(code, body) for code, body in found if body]


def _nearest(bodies: Iterator[Body], avoid: frozenset[str]) -> Body | None:
    return next((body for body in bodies if not body.touched_by(avoid)), None)


def _above(body: Body) -> Iterator[Body]:
    """Those above it on either line, its government's first, nearest first."""
    above = Body.objects.filter(code__in=body.answers_to, active=True, external=False)
    yield from sorted(above, key=lambda each: body.answers_to.index(each.code))


def _near(body: Body, bodies: QuerySet[Body]) -> Iterator[Body]:
    """Those under the same tops as the body, the one that shares most of the way first."""
    way = (body.code, *body.chain)
    inside = bodies.filter(active=True, external=False)
    yield from sorted(inside, key=lambda each: (-len({*each.chain, each.code} & set(way)), each.path))


def _with_an_auditor() -> QuerySet[Body]:
    serving = Role.objects.filter(role="auditor", officer__is_active=True)
    return Body.objects.filter(pk__in=serving.values("body"))
