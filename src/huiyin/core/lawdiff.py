"""What changed from one rulebook to another, in words: terms, states, moves, contents, lists and articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.core.lawadvice import described
from huiyin.core.rulebook import Choice, ClockRule, Row, Rulebook
from huiyin.core.text import Text

ALIKE = (
    "to",
    "held_by",
    "kinds",
    "target",
    "when",
    "sources",
)  # what makes two rows of one verb the same row
SETS: tuple[tuple[str, Text], ...] = (
    ("sources", Text("适用状态", "states")),
    ("by", Text("办理角色", "roles")),
    ("held_by", Text("单位种类", "kinds of body")),
    ("kinds", Text("类别", "classes")),
    ("target", Text("去向", "kinds of target")),
    ("when", Text("前提标记", "marks asked for")),
    ("guards", Text("条件", "guards")),
    ("effects", Text("效果", "effects")),
    ("starts", Text("起算的期限", "clocks that start")),
    ("meets", Text("完成的期限", "clocks that are met")),
    ("ends", Text("结束的期限", "clocks that end")),
    ("pauses", Text("暂停的期限", "clocks that pause")),
    ("resumes", Text("恢复的期限", "clocks that resume")),
)
PLAIN: tuple[tuple[str, Text], ...] = (
    ("article", Text("依据", "article")),
    ("to", Text("之后的状态", "state after")),
    ("stage", Text("阶段", "stage")),
    ("notice", Text("通知", "notice")),
    ("clock_from", Text("期限起算", "clocks start from")),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same any more."""

    part: str  # 'clock' | 'state' | 'move' | 'choice' | 'article' | 'head'
    name: str
    what: Text


def changes(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Every change, terms first: they are what people ask about."""
    yield from _head(old, new)
    yield from _named("clock", old.clocks, new.clocks, _clock)
    yield from _named("state", old.states, new.states, lambda a, b: _texts(a.text, b.text) if a != b else ())
    yield from _moves(old, new)
    yield from _named("choice", old.choices, new.choices, _choices)
    yield from _named("article", old.articles, new.articles, _texts)


def _head(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    for name in ("in_force_from", "in_force_until", "zone", "calendar", "evidence", "pending"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("head", name, _from_to(before, after))


def _named(
    part: str, old: Mapping[str, Any], new: Mapping[str, Any], differs: Callable[[Any, Any], Iterable[Text]]
) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield Change(part, name, Text("取消", "removed"))
        elif name not in old:
            yield Change(part, name, Text("新增", "added"))
        else:
            for what in differs(old[name], new[name]):
                yield Change(part, name, what)


# ---- clocks, texts, lists


def _clock(old: ClockRule, new: ClockRule) -> Iterator[Text]:
    if (old.unit, old.days) != (new.unit, new.days):
        yield _from_to(_span(old), _span(new))
    for name, label in (
        ("article", Text("依据", "article")),
        ("roll", Text("末日遇休息日", "on a day off")),
        ("follows", Text("接续", "goes on from")),
        ("duty", Text("由谁办理", "who must act")),
        ("on_due", Text("届满", "when it passes")),
        ("kind", Text("性质", "kind")),
        ("evidence", Text("来源", "evidence")),
    ):
        if getattr(old, name) != getattr(new, name):
            yield _labelled(label, _from_to(getattr(old, name), getattr(new, name)))


def _span(clock: ClockRule) -> Text:
    units = {
        "day": Text(f"{clock.days} 日", f"{clock.days} days"),
        "workday": Text(f"{clock.days} 个工作日", f"{clock.days} working days"),
    }
    return units.get(clock.unit, Text("由交办单位确定", "set by the sender"))


def _texts(old: Text, new: Text) -> Iterator[Text]:
    if old != new:
        yield _from_to(Text(f"“{old.zh}”", f"“{old.en}”"), Text(f"“{new.zh}”", f"“{new.en}”"))


def _choices(old: tuple[Choice, ...], new: tuple[Choice, ...]) -> Iterator[Text]:
    yield from _plus_minus(Text("选项", "choices"), [c.code for c in old], [c.code for c in new])
    known = {choice.code: choice for choice in old}
    for choice in new:
        if choice.code in known and known[choice.code] != choice:
            yield Text(
                f"“{choice.code}”的文字或者依据改变", f"{choice.code!r} is worded or founded otherwise"
            )


# ---- moves


def _moves(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    verbs = dict.fromkeys(row.verb for row in (*old.rows, *new.rows))
    for verb in verbs:
        pairs, gone, come = _paired(old.rows_of(verb), new.rows_of(verb))
        for row in gone:
            yield Change("move", described(row), Text("取消", "removed"))
        for row in come:
            yield Change("move", described(row), Text("新增", "added"))
        for before, after in pairs:
            for what in _row(before, after):
                yield Change("move", described(before), what)


def _paired(old: Iterable[Row], new: Iterable[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Each row with the one most like it; what has none was removed or added."""
    pairs, gone, left = [], [], list(new)
    for row in old:
        best = max(left, key=lambda other: _likeness(row, other), default=None)
        if best is None or _likeness(row, best) < 1:
            gone.append(row)
        else:
            pairs.append((row, best))
            left.remove(best)
    return pairs, gone, left


def _likeness(one: Row, other: Row) -> int:
    same = sum(getattr(one, name) == getattr(other, name) for name in ALIKE)
    return same if one.to == other.to or one.sources & other.sources else 0


def _row(old: Row, new: Row) -> Iterator[Text]:
    for name, label in PLAIN:
        if getattr(old, name) != getattr(new, name):
            yield _labelled(label, _from_to(getattr(old, name) or "—", getattr(new, name) or "—"))
    for name, label in SETS:
        yield from _plus_minus(label, getattr(old, name), getattr(new, name))
    asked = Text("必须写明", "what it must say")
    yield from _plus_minus(asked, _said(old, required=True), _said(new, required=True))
    yield from _plus_minus(Text("可以写明", "what it may say"), _said(old), _said(new))
    for content in new.contents:
        before = next((c for c in old.contents if c.name == content.name), None)
        if before is not None and content.type == "days" and before.most != content.most:
            yield _labelled(Text("最多天数", "days at most"), _from_to(before.most, content.most))


def _said(row: Row, *, required: bool = False) -> list[str]:
    return [content.name for content in row.contents if content.required is required]


# ---- words


def _plus_minus(label: Text, old: Iterable[str], new: Iterable[str]) -> Iterator[Text]:
    before, after = list(old), list(new)
    more = [name for name in sorted(after) if name not in before]
    less = [name for name in sorted(before) if name not in after]
    for names, zh, en in ((more, "增加", "now also"), (less, "减少", "no longer")):
        if names:
            yield _labelled(label, Text(f"{zh} {'、'.join(names)}", f"{en} {', '.join(names)}"))


def _from_to(old: object, new: object) -> Text:
    return Text("由 {old} 改为 {new}", "{old} became {new}").format(old=old, new=new)


def _labelled(label: Text, what: Text) -> Text:
    return Text(f"{label.zh}：{what.zh}", f"{label.en}: {what.en}")
