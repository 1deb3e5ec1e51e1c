"""Which body receives a petition: the one it is addressed to, unless it is a report about that very body;
and which may look at it next.

Routing looks at bodies, never at persons. Whoever lodges is told where it goes, and why not elsewhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import JSONField
from django.db.models.base import ModelState
from django.db.models.signals import post_delete, post_save

from huiyin.core.refusal import Refusal, refuse
from huiyin.registry import record
from huiyin.registry.bodies import next_higher
from huiyin.registry.models import Body, Petition

_FIELDS = Body._meta.concrete_fields
_COLUMNS = ", ".join(str(field.column) for field in _FIELDS)
# In words of its own: asked for each petition that names no body, and putting the very same query together
# anew each time took a quarter of a filing. A province has thousands of them, and mostly one is enough.
_RECEIVING = f"""
    SELECT {_COLUMNS} FROM registry_body WHERE receives AND active AND NOT external
    ORDER BY length(path) - length(replace(path, '/', '')) DESC, id"""  # noqa: S608 our own columns
# Seconds for which the first of them is not asked for again, which was a tenth of a filing. A body that is
# closed meanwhile was not yet closed a moment before; in the process that closes it, it is at once.
FRESH = 1.0
_first: tuple[float, Body] | None = None  # until when, and which


@dataclass(frozen=True, slots=True)
class Routed:
    body: Body
    instead_of: Body | None = None  # the body it was addressed to, passed over since the report is about it


def receiver(kind: str, addressed: str, against: Iterable[str], *, unsure: bool = False) -> Routed | Refusal:
    """The body that takes the petition in, or the refusal that names the field.

    Reports: never a body they are about, nor one that answers to it (art. 30, charter 6). What may turn out
    to be a report, since its author is `unsure`, goes to an office that is not, wherever it is addressed.
    """
    accused = set(against)
    known = set(Body.objects.filter(code__in=accused).values_list("code", flat=True)) if accused else set()
    if accused - known:
        return refuse("contents", fields={"against": "body"})
    wanted = None
    if addressed:
        wanted = Body.objects.filter(code=addressed, active=True, external=False).first()
        if wanted is None:
            return refuse("contents", fields={"body": "body"})
    avoid = accused if kind == "report" or unsure else set()
    if wanted and not unsure and not _is_touched(wanted, avoid):
        return Routed(wanted)
    if not avoid and kind != "report" and (nearest := _nearest()):
        return Routed(nearest, None if unsure else wanted)
    for body in [*_candidates(kind), *(_candidates("report") if unsure else [])]:
        if not _is_touched(body, avoid):
            return Routed(body, None if unsure else wanted)
    return refuse("no-body")


def above(petition: Petition) -> tuple[Body, ...]:
    """The next higher bodies that may look at it: those its author chooses from, the usual one first."""
    standing = record.case_of(petition, ())
    return tuple(body for body in next_higher(petition.holder) if standing.may_go_up_to(body.as_core()))


def _is_touched(body: Body, accused: set[str]) -> bool:
    return body.touched_by(accused)


def _candidates(kind: str) -> list[Body]:
    """Those that take in what names no body, nearest to the citizen first; reports: discipline first."""
    receiving = _receiving()
    if kind != "report":
        return receiving
    inside = Body.objects.filter(active=True, external=False)
    discipline = sorted(inside.filter(kind="discipline"), key=lambda b: -b.path.count("/"))
    # A discipline body outside this installation is the last resort: it is reached by letter.
    outside = Body.objects.filter(active=True, external=True, kind="discipline").order_by("path")
    return [*discipline, *receiving, *outside]


def _nearest() -> Body | None:
    """The first of those that receive petitions, as it stood a second ago at most."""
    global _first  # noqa: PLW0603 one for each process
    now, kept = time.monotonic(), _first
    if kept is not None and now < kept[0]:
        return _own(kept[1])
    found = _receiving(at_most=1)
    _first = (now + FRESH, found[0]) if found else None
    return _own(found[0]) if found else None


def forget(**_said: Any) -> None:
    """Ask anew who receives: called whenever a body was changed."""
    global _first  # noqa: PLW0603
    _first = None


post_save.connect(forget, sender=Body)
post_delete.connect(forget, sender=Body)


def _own(body: Body) -> Body:
    """A copy at a tenth of what `copy` takes: no request sees what another looked up by way of it."""
    made = Body.__new__(Body)
    state = ModelState()
    state.db, state.adding = DEFAULT_DB_ALIAS, False
    made.__dict__.update(body.__dict__, _state=state)
    return made


def _receiving(at_most: int | None = None) -> list[Body]:
    """Those that receive petitions, the deepest in the tree first, of two the older one."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVING if at_most is None else f"{_RECEIVING} LIMIT {at_most}")
        return [_read(row) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> Body:
    values = [
        json.loads(value) if isinstance(field, JSONField) else field.to_python(value)
        for field, value in zip(_FIELDS, row, strict=True)
    ]
    return Body.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _FIELDS], values)
