"""Supervision: which bodies are late or about to be, why, and the petitions behind every number.

It measures answers, never petitioners: no figure here counts how many petition, ask for review or rate badly
(charter 8), and none compares officers (decision 0053). Late is what the law's own terms say; a date that was
set by order is counted apart, and the house's own terms not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from huiyin.core.standings import AGES, IN_TIME, LATE, NEAR, ORDERED
from huiyin.core.text import Text
from huiyin.doors.officer import counted, findings
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.inbox import A_PAGE, BoundedPaginator, lines, with_what_a_line_shows
from huiyin.registry import access, board, board_counted, law, supervision
from huiyin.registry.board import Board, Load
from huiyin.registry.board_shares import MOST_HANDS
from huiyin.registry.models import Body
from huiyin.site import articles, charts

FIGURES = (
    "open",
    "in_time",
    "near",
    "late",
    "ordered",
    "nobody",
    "fresh",
    "newly_near",
    "missed",
    "missed_orders",
)
WANTED = ("body", "due", "why", "age", "hands", "nobody")
DUE = {
    "": _("Everything open"),
    "over": _("Past a date"),
    LATE: pgettext_lazy("board", "Late"),
    ORDERED: _("Late on an order"),
    "fresh": _("Newly late"),
    "newly-near": _("Newly due soon"),
    "no_longer": _("No longer late"),
    "taken": _("Newly accepted"),
    "today": _("Due today"),
    NEAR: _("Due within 5 working days"),
    IN_TIME: pgettext_lazy("board", "In time"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar: its tone, and start and width in hundredths."""

    tone: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of the board: what it says, its bar, and where its number leads."""

    text: Any
    count: int
    bar: list[Part]
    query: str
    note: Any = ""


@require_safe
def supervise(request: DeskRequest) -> HttpResponseBase:
    """The board: what is owed here and below, why it is late, how old it is, where it went."""
    acting, today = request.acting, request.today
    seen = board_counted.overview(acting, today)
    made = seen.board
    totals = {name: sum(getattr(load, name) for load in made.loads) for name in FIGURES}
    return page(
        request,
        "supervise.html",
        {
            **counted.told(seen.counted_at, request.now),
            "loads": [(load, _bar(load, _longest(made))) for load in _latest_first(made.loads)],
            "totals": totals,
            "due_today": seen.due_today,
            "near_until": board.near_until(seen.day),
            "since": seen.since,
            "lines": _told(seen.longest, today),
            "reasons": _reasons(seen.reasons, law.in_force(seen.day).id),
            "ages": _ages(made),
            "plot": _plot(made) if totals["open"] else "",
            "hands": _hands(made.hands),
        },
    )


@require_safe
def petitions(request: DeskRequest) -> HttpResponseBase:
    """The petitions behind a number, the longest late first, each with why and by which article."""
    acting, today = request.acting, request.today
    wanted = {name: value for name in WANTED if (value := request.GET.get(name, ""))}
    found = board.chosen(acting, today, wanted)
    shown: Any = BoundedPaginator(_with_all(found), A_PAGE).get_page(request.GET.get("page"))
    book = law.in_force(today)
    return page(
        request,
        "supervised.html",
        {
            "wanted": wanted,
            "dues": list(DUE.items()),
            "whys": list(book.triggers),
            "ages": list(enumerate(_age_names())),
            "hands": list(enumerate(_hand_names(), 1)),
            "bodies": Body.objects.filter(access.supervised_by(acting)).order_by("path"),
            "lines": _told(shown, today),
            "page": shown,
        },
    )


# ---- lines of petitions


def _with_all(found: Any) -> Any:
    return supervision.with_clocks(with_what_a_line_shows(found))


def _told(found: Any, today: date) -> list[dict[str, Any]]:
    """Each petition with its nearest clock, what was found and the letter of supervision that is out."""
    shown = list(_with_all(found)) if not hasattr(found, "paginator") else list(found)
    seen = findings.lines(supervision.told(shown, today), law.in_force(today).id, today)
    return [{"line": line, "found": one} for line, one in zip(lines(shown), seen, strict=True)]


# ---- tables and bars


def _latest_first(loads: Iterable[Load]) -> list[Load]:
    """Where somebody has to act comes first; it is no ranking, and the list says so."""
    return sorted(loads, key=lambda load: (-load.late, -load.ordered, -load.near, load.body.path))


def _longest(made: Board) -> int:
    return max((load.open for load in made.loads), default=0) or 1


def _bar(load: Load, longest: int) -> list[Part]:
    parts = (("late", load.late), ("order", load.ordered), ("soon", load.near), ("time", load.in_time))
    return _parts(parts, longest)


def _parts(numbers: Iterable[tuple[str, int]], longest: int) -> list[Part]:
    """The pieces beside one another; what is there at all can be seen."""
    parts, start = [], 0
    for tone, number in numbers:
        width = min(max(round(100 * number / longest), 1), 100 - start) if number else 0
        if width:
            parts.append(Part(tone, start, width))
        start += width
    return parts


def _reasons(whys: list[board.Why], book: str) -> list[Line]:
    longest = max((why.count for why in whys), default=1)
    return [
        Line(
            why.trigger.text,
            why.count,
            _parts([("late", why.count)], longest),
            urlencode({"why": why.trigger.name}),
            _cited(why.trigger.article, book),
        )
        for why in whys
    ]


def _cited(article: str, book: str) -> dict[str, Any]:
    return {"text": articles.cite(article, book), "href": articles.href(article, book)}


def _age_names() -> list[Text]:
    starts = (0, *(days + 1 for days in AGES))
    named = [Text(f"{a}–{b}天", f"{a}–{b} days") for a, b in zip(starts, AGES, strict=False)]
    return [*named, Text(f"{AGES[-1]} 天以上", f"more than {AGES[-1]} days")]


def _ages(made: Board) -> list[dict[str, Any]]:
    return [
        {
            "text": name,
            "code": str(number),
            "time": stands[IN_TIME],
            "near": stands[NEAR],
            "late": stands[LATE],
            "ordered": stands[ORDERED],
            "all": stands.total(),
        }
        for number, (name, stands) in enumerate(zip(_age_names(), made.ages, strict=True))
    ]


def _plot(made: Board) -> str:
    below = [f"≤ {days}" for days in AGES] + [f"> {AGES[-1]}"]
    tones = (("late", LATE), ("order", ORDERED), ("soon", NEAR), ("time", IN_TIME))
    series = [charts.Series(tone, [age[name] for age in made.ages]) for tone, name in tones]
    label = _("Open petitions by their age in days; the table beside it says the same.")
    return charts.columns(below, series, label=str(label))


def _hand_names() -> list[Text]:
    one = [Text("1个单位", "1 body")]
    more = [Text(f"{n}个单位", f"{n} bodies") for n in range(2, MOST_HANDS)]
    return [*one, *more, Text(f"{MOST_HANDS}个或更多单位", f"{MOST_HANDS} bodies or more")]


def _hands(made: list[int]) -> list[Line]:
    longest = max(made, default=0) or 1
    return [
        Line(name, number, _parts([("time", number)], longest), urlencode({"hands": at}))
        for at, (name, number) in enumerate(zip(_hand_names(), made, strict=True), 1)
    ]
