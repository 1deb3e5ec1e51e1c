"""Open data of a month: the cohorts of the public log as one flat table, and the proof that none is missing.

Nothing is in it that is not in the log (charter 9), and no row stands for fewer terms than the log's own
least: rows are cohorts, no term is in two of them, and there is no total from which one could be taken away.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from huiyin.core import cohorts, measures
from huiyin.core.cohorts import Cohort, Figures, Sums
from huiyin.core.intervals import Share
from huiyin.core.text import Text

PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
TERMS = "terms"
DIGITS = 4  # of a share


def _field(name: str, kind: str, zh: str, en: str) -> tuple[str, str, Text]:
    return name, kind, Text(zh, en)


# name, type as Frictionless Table Schema has it, what it means
FIELDS: tuple[tuple[str, str, Text], ...] = (
    _field(
        "period",
        "string",
        "期限起算的月份；太少时是年份",
        "Month in which the terms began; the year if too few",
    ),
    _field(
        "group",
        "string",
        "body 单位，level 层级，all 全部单位",
        "body: one; level: all of a level; all: all bodies",
    ),
    _field("code", "string", "单位或层级的代码；全部单位时为空", "Code of the body or level; empty for all"),
    _field("clock", "string", "期限的名称，见 clocks", "Name of the term, see clocks"),
    _field("began", "integer", "起算的期限数", "Terms that began"),
    _field("moved_in", "integer", "后来转入的", "Came from another body since"),
    _field("moved_out", "integer", "后来转出的", "Went to another body since"),
    _field("open", "integer", "还在期限内", "Still running"),
    _field("overdue", "integer", "逾期未办", "Overdue, and not come"),
    _field("met", "integer", "按期办结", "In time"),
    _field("late_7", "integer", "逾期 7 天以内办结", "Late by up to 7 days"),
    _field("late_30", "integer", "逾期 8 至 30 天办结", "Late by 8 to 30 days"),
    _field("late_90", "integer", "逾期 31 至 90 天办结", "Late by 31 to 90 days"),
    _field("late_more", "integer", "逾期 90 天以上办结", "Late by more than 90 days"),
    _field("extended", "integer", "已延长", "Extended"),
    _field("lapsed", "integer", "因撤回、化解等终止", "Ended otherwise: withdrawn, settled and the like"),
    _field("uphold", "integer", "复查复核：维持", "Of reviews: upheld"),
    _field("change", "integer", "复查复核：变更", "Of reviews: changed"),
    _field("quash", "integer", "复查复核：撤销", "Of reviews: quashed"),
    _field("redo", "integer", "复查复核：责令重办", "Of reviews: to be done anew"),
    _field("due", "integer", "时间已到的期限数：按期、逾期办结和逾期未办", "Terms whose time is over"),
    _field("in_time", "number", "按期的比例；没有到期的为空", "Share in time; empty where none is due"),
    _field("in_time_low", "number", "比例的 95% 区间下限", "Lower end of its 95 % interval"),
    _field("in_time_high", "number", "比例的 95% 区间上限", "Upper end of its 95 % interval"),
)
NAMES = tuple(name for name, _, _ in FIELDS)


def periods(figures: Figures) -> list[str]:
    """The months and years of which there is something, the latest first."""
    return sorted({cohort.period for cohort in figures.cohorts}, reverse=True)


def rows(figures: Figures, period: str, smallest: int) -> list[dict[str, Any]]:
    """One row a cohort of that period, in order; none that holds fewer than `smallest` by now."""
    found = (cohort for cohort in sorted(figures.cohorts) if cohort.period == period)
    told = ((cohort, figures.cohorts[cohort]) for cohort in found)
    return [_row(cohort, sums) for cohort, sums in told if sums.standings.total() >= smallest]


def _row(cohort: Cohort, sums: Sums) -> dict[str, Any]:
    stands: Counter[str] = Counter()
    for name, number in sums.standings.items():
        plain, _, result = name.partition("/")
        stands[plain] += number
        if result:
            stands[result] += number
    group, _, code = cohort.bodies.partition(" ")
    share = Share(stands[cohorts.MET], sum(stands[str(each)] for each in measures.OVER))
    row = {name: stands[name.replace("_", "-")] for name, kind, _ in FIELDS if kind == "integer"}
    row |= {"began": sums.began, "moved_in": sums.moved_in, "moved_out": sums.moved_out, "due": share.whole}
    low, high = share.interval if share.whole else (None, None)
    said = {"in_time": share.value, "in_time_low": low, "in_time_high": high}
    named = {"period": cohort.period, "group": group, "code": code, "clock": cohort.clock}
    rounded = {name: None if value is None else round(value, DIGITS) for name, value in said.items()}
    made = {**named, **row, **rounded}
    return {name: made[name] for name in NAMES}


def as_csv(table: Iterable[Mapping[str, Any]], names: Iterable[str] = NAMES) -> str:
    """A table as CSV (RFC 4180); nothing for what is not known."""
    written = io.StringIO()
    lines = csv.DictWriter(written, list(names), lineterminator="\n")
    lines.writeheader()
    lines.writerows(table)
    return written.getvalue()


def differences(said: str, come: str) -> list[str]:
    """What is missing from a table, too much in it, or other than it should be; empty where it is whole."""
    one, other = (_by_key(text) for text in (said, come))
    wrong = [f"missing: {' '.join(key)}" for key in sorted(other.keys() - one.keys())]
    wrong += [f"too much: {' '.join(key)}" for key in sorted(one.keys() - other.keys())]
    both = sorted(one.keys() & other.keys())
    return wrong + [f"other: {' '.join(key)}" for key in both if one[key] != other[key]]


def _by_key(text: str) -> dict[tuple[str, ...], dict[str, str]]:
    lines = csv.DictReader(io.StringIO(text))
    return {tuple(row.get(name) or "" for name in NAMES[:4]): dict(row) for row in lines}


def schema(fields: Iterable[tuple[str, str, Text]], language: str, key: Iterable[str]) -> dict[str, Any]:
    """A Frictionless Table Schema: each field with its type and what it means."""
    told = [
        {"name": name, "type": kind, "title": name, "description": text.say(language)}
        for name, kind, text in fields
    ]
    return {"fields": told, "missingValues": [""], "primaryKey": list(key)}
