"""Lists a page at a time, by cursor: the next page begins behind what was shown last.

So nothing is shown twice or left out because something new came in between, and no page costs more than the
first. A cursor says where a list was left and is good for that list alone. It is signed, so that nothing but
what was given out comes back; it proves nothing about who sends it, and opens nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from msgspec import Meta

from huiyin.core.refusal import REASONS, Refusal
from huiyin.core.text import Text
from huiyin.site.problem import Answered, Asked

A_PAGE, MOST = 20, 100
SALT = "huiyin.paging"
NOT_OURS = Text(
    "不是这个列表给出的游标；请从第一页重新开始", "no cursor of this list; begin again at its first page"
)
Limit = Annotated[int, Meta(ge=1, le=MOST, description=f"how many at a time; {A_PAGE} unless said")]
Cursor = Annotated[str, Meta(max_length=1200, description="`next` of the page before")]

M = TypeVar("M", bound=Model)


class Paged(Asked):
    """What any list can be asked for."""

    limit: Limit = A_PAGE
    cursor: Cursor = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order. `empty`: where a date may be missing, and then comes last."""

    name: str
    falls: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, and the cursor of what comes after them; "" where nothing does."""

    rows: list[M]
    next: str


def page_of(found: QuerySet[M], order: Sequence[Key], asked: Paged, scope: str = "") -> Page[M]:
    """The page that was asked for. `order` ends in a column without equals; `scope` says which list it is.

    Raises Answered with 422 for a cursor of another list.
    """
    if asked.cursor:
        found = found.filter(_behind(order, _read(asked.cursor, scope, len(order))))
    rows = list(found.order_by(*map(_ordered, order))[: asked.limit + 1])
    if len(rows) <= asked.limit:
        return Page(rows, "")
    last = rows[asked.limit - 1]
    return Page(rows[: asked.limit], _written([_plain(last, key) for key in order], scope))


def _ordered(key: Key) -> Any:
    if key.empty:
        return F(key.name).desc(nulls_last=True) if key.falls else F(key.name).asc(nulls_last=True)
    return f"-{key.name}" if key.falls else key.name


def _behind(order: Sequence[Key], values: Sequence[Any]) -> Q:
    """What comes after those values: greater in one column, and equal in all before it."""
    after, equal = Q(pk__in=[]), Q()
    for key, value in zip(order, values, strict=True):
        if value is None:
            equal &= Q(**{f"{key.name}__isnull": True})
            continue
        beyond = Q(**{f"{key.name}__{'lt' if key.falls else 'gt'}": value})
        if key.empty:
            beyond |= Q(**{f"{key.name}__isnull": True})
        after |= equal & beyond
        equal &= Q(**{key.name: value})
    return after


def _plain(row: Model, key: Key) -> Any:
    value: Any = row
    for part in key.name.split("__"):
        value = getattr(value, part)
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


def _written(values: list[Any], scope: str) -> str:
    return signing.dumps([scope, *values], salt=SALT)


def _read(cursor: str, scope: str, columns: int) -> list[Any]:
    try:
        values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        values = []
    if len(values) != columns + 1 or values[0] != scope:
        raise Answered(422, Refusal("contents", REASONS["contents"], "", {"cursor": NOT_OURS}))
    return list(values[1:])
