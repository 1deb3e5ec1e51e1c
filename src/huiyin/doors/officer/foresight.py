"""What a move would lead to, asked of the core and written nowhere: for the check before it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.core import case, procedure, rulebook
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer import wording
from huiyin.registry import access, parting, record
from huiyin.registry.access import Acting
from huiyin.registry.facts import names_of
from huiyin.registry.models import Petition
from huiyin.registry.situation import situation_of
from huiyin.site import articles


def foresee(petition: Petition, move: Move, acting: Acting, now: datetime) -> case.After | Refusal:
    """The case after this move, or the refusal that it would meet."""
    before = record.case_of(petition, petition.clocks.all())
    situation = situation_of(before, move, acting, now)
    if isinstance(situation, Refusal):
        return situation
    after = procedure.apply(before, move, access.as_core(acting), situation)
    if isinstance(after, Refusal):
        return after
    plan = parting.planned(petition, before, after)
    return plan if isinstance(plan, Refusal) else after


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that follows from a move, in words."""

    text: Text
    clock: dict[str, Any] | None = None


def consequences(petition: Petition, after: case.After) -> Iterator[Consequence]:
    """What changes, in the order a reader asks: where it stands, who has it, what is due."""
    made = after.case
    if made.state != petition.state:
        state = wording.state_text(petition.jurisdiction, made.state)
        yield Consequence(Text(f"状态变为“{state.zh}”。", f"The state becomes “{state.en}”."))
    had = {row.seq: row for row in petition.clocks.all()}
    for clock in made.clocks:
        words = wording.clock_text(clock.rulebook, clock.name)
        if clock.seq not in had:
            yield _starts(clock, words)
        elif had[clock.seq].state != clock.state or (clock.ended and not had[clock.seq].ended):
            yield _ends(clock, words)
    yield from _parts(petition, after)
    if after.row.notice:
        yield Consequence(Text("信访人会收到通知。", "The petitioner is notified."))


def _parts(petition: Petition, after: case.After) -> Iterator[Consequence]:
    """What becomes of each part of a petition that is split: where it goes, and whom it is kept from."""
    plan = parting.planned(petition, record.case_of(petition, petition.clocks.all()), after)
    for number, each in enumerate(() if isinstance(plan, Refusal) else plan, start=1):
        yield _part(number, each)
        if each.against:
            names = names_of(each.against)
            yield Consequence(
                Text(
                    f"第 {number} 件和原件从此对这些单位及其下级单位不可见：{names.zh}。",
                    f"Part {number} and the mixed petition are hidden from these bodies and all that answer "
                    f"to them from now on: {names.en}.",
                )
            )


def _part(number: int, each: parting.Planned) -> Consequence:
    kind, body = wording.KINDS[each.part.kind], each.routed.body.name
    term = Text(f"期限从 {each.since} 起算", f"its term counted from {each.since}")
    if each.goes_on:
        term = Text(
            "从原件办到的一步接着办，期限不重新计算", "and goes on where the whole stood, its terms too"
        )
    return Consequence(
        Text(
            f"第 {number} 件“{each.part.subject}”：成为单独的{kind.zh}件，由{body.zh}接收，"
            f"{term.zh}。信访人用原来的查询码查看。",
            f"Part {number}, “{each.part.subject}”: becomes a {kind.en.lower()} of its own with "
            f"{body.en}, {term.en}. The author opens it with the same key.",
        )
    )


def _starts(clock: case.Clock, words: Text) -> Consequence:
    article = articles.cite(clock.article, clock.rulebook)
    who = rulebook.by_id(clock.rulebook).clocks[clock.name].duty
    zh = "（信访人的权利期限）" if who == "author" else ""
    en = " (the petitioner's own term)" if who == "author" else ""
    day = Text.of_day(clock.due)
    return Consequence(
        Text(
            f"开始计算“{words.zh}”{zh}：至{day.zh}（{article.zh}）。",
            f"“{words.en}”{en} starts: until {day.en} ({article.en}).",
        )
    )


_ENDS = {
    "met": Text("“{name}”按期完成。", "“{name}” is met in time."),
    "missed": Text("“{name}”已经逾期，逾期天数到此为止。", "“{name}” was missed; the delay ends here."),
    "lapsed": Text("“{name}”不再计算。", "“{name}” falls away."),
    "paused": Text("“{name}”暂停计算。", "“{name}” is paused."),
    "running": Text("“{name}”继续计算。", "“{name}” runs on."),
}


def _ends(clock: case.Clock, words: Text) -> Consequence:
    return Consequence(_ENDS[clock.state].format(name=words))
