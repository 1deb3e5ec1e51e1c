"""Which body receives a petition: the one it is addressed to, unless it is a report about that very body;
and which may look at it next.

Routing looks at bodies, never at persons. Whoever lodges is told where it goes, and why not elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import JSONField

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
    if not avoid and kind != "report" and (nearest := _receiving(at_most=1)):
        return Routed(nearest[0], None if unsure else wanted)
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


def _receiving(at_most: int | None = None) -> list[Body]:
    """Those that receive petitions, the deepest in the tree first, of two the older one."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVING if at_most is None else f"{_RECEIVING} LIMIT {at_most}")
        # A copy for each: nobody may see what another request has looked up by way of it.
        return [copy(_read(row)) for row in cursor.fetchall()]


@lru_cache(maxsize=64)
def _read(row: tuple[Any, ...]) -> Body:
    """The body that a row tells of. Asked for anew each time, it is put together once: it seldom changes."""
    values = [
        json.loads(value) if isinstance(field, JSONField) else field.to_python(value)
        for field, value in zip(_FIELDS, row, strict=True)
    ]
    return Body.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _FIELDS], values)
