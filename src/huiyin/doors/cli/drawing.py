"""Draws a reckoning as lines of text: start, each run of days that does not count and why, due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from huiyin.core.text import Text
from huiyin.doors.cli.words import article, both, day, term, why

ONE_DAY = timedelta(days=1)


def heading(told: Mapping[str, Any], name: Text) -> str:
    """Which clock, how long, from which article."""
    law = f"{told['rulebook']} {article(told['article'], told['rulebook'])}"
    length = term(told["days"], told["unit"])
    return both(
        f"{name.zh}（{told['clock']}）：{length}，{law}", f"{name.en} ({told['clock']}): {length}, {law}"
    )


def reckoning(told: Mapping[str, Any]) -> Iterator[str]:
    """The way from start to due, one line for each day or run of days that matters."""
    yield f"{day(told['start'])}  {both('起算日，不计入', 'start, not itself counted')}"
    for first, last, reason in runs(told["skipped"]):
        yield _skip(first, last, reason)
    mark = both("（暂定）", " (provisional)") if told["provisional"] else ""
    yield f"{day(told['due'])}  {both('到期', 'due')}{mark}"


def provisional(told: Mapping[str, Any]) -> str:
    """Why a due date may still move; '' when it is certain."""
    if not told["provisional"]:
        return ""
    return both(
        "暂定：该年的放假安排尚未公布，公布后可能改变；用 huiyin calendar add 录入通知后重新计算。",
        "Provisional: the holidays of that year are not announced yet and may move it; "
        "enter the notice with huiyin calendar add.",
    )


def _skip(first: date, last: date, reason: str) -> str:
    days = (last - first).days + 1
    passed = both("跳过", "passed over")
    if days == 1:
        return f"{day(first)}  {passed}{both('：', ': ')}{why(reason)}"
    until = both(f"至 {day(last)}，共 {days} 天，", f"to {day(last)}, {days} days ")
    return f"{day(first)}  {until}{passed}{both('：', ': ')}{why(reason)}"


def runs(skipped: Iterable[Mapping[str, str]]) -> Iterator[tuple[date, date, str]]:
    """Days in a row with the same reason, as first day, last day and reason."""
    dated = [(date.fromisoformat(skip["date"]), skip["why"]) for skip in skipped]
    # Within a run the day and its place in the list grow alike, so their difference stays the same.
    for _, run in groupby(enumerate(dated), key=lambda item: (item[1][0] - item[0] * ONE_DAY, item[1][1])):
        members = [member for _, member in run]
        yield members[0][0], members[-1][0], members[0][1]


WIDTH = 48


def timeline(told: Mapping[str, Any], today: date) -> Iterator[str]:
    """The clock as one line: what has run (━), what is left (─), what is over (╍), | where it is due."""
    start, due = date.fromisoformat(told["start"]), date.fromisoformat(told["due"])
    until = date.fromisoformat(told["ended"]) if "ended" in told else today
    until = max(until, start)
    whole = max((max(due, until) - start).days, 1)

    def place(when: date) -> int:
        return round(WIDTH * (when - start).days / whole)

    run, mark = place(min(until, due)), place(due)
    over = "╍" * (place(until) - mark) if until > due and told["state"] != "lapsed" else ""
    yield f"├{'━' * run}{'─' * (mark - run)}┤{over}"
