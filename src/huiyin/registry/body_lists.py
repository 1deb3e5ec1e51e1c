"""Many bodies at once, from a list: judged whole, shown as a tree, kept all or not at all.

A code that is here already is changed by its row, one that is not becomes a new body; what the list leaves
out stays as it is. A column that the list has not stays as it is too. A body out of service comes back by its
row; none goes out of service by a list: that is done one by one, where it is seen what hangs on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from huiyin.core.text import Text
from huiyin.reading.tables import Table
from huiyin.registry import keeping, lists
from huiyin.registry.access import Acting
from huiyin.registry.body_columns import ALSO, COLUMNS, HEADINGS, KINDS, LEVELS, LINKS, held, shown
from huiyin.registry.lists import Fault, Row
from huiyin.registry.models import Body

FLAGS = ("external", "receives")
WORDS = ("name_zh", "name_en", "short", "address", "phone", "hours")
LONG = 200  # rows; of more, a subject is only held against those that several of them have
COMMA = re.compile("[，,]")
HOURS = re.compile(r"(\d{1,2})[:：](\d{2})(?:\s*(?:—|–|-|～|~|至|到|to)\s*(\d{1,2})[:：](\d{2}))?")

UNKNOWN_BODY = Text(
    "本表和系统里都没有这个代码；请改正，或者为它加一行",
    "neither this list nor the house knows this code: mend it, or add a row for it",
)
SAME_CODE = Text("与第 {line} 行的代码相同", "line {line} has the same code")
NOT_YOURS = Text(
    "由其他管理员管理，不能从这里改", "another administrator keeps it: it cannot be changed here"
)
ABOVE_NOT_YOURS = Text(
    "不归您管理；请选您管理的单位，或者请其管理员添加",
    "you do not keep this one: choose one that you keep, or ask its administrator",
)
UNKNOWN_KIND = Text("只能是：{what}", "must be one of {what}")
CIRCLE = Text("上下级成了一圈：{what}", "the bodies stand above one another in a circle: {what}")
BELOW = Text(
    "“{above}”是{theirs}，低于本单位的{own}", "{above} is a {theirs} body, lower than this one, a {own} body"
)
OUTSIDE_RECEIVES = Text(
    "系统外的单位不能接收信访件", "a body outside this installation cannot take petitions in"
)
BAD_TIME = Text("没有 {what} 这个时间", "there is no such time as {what}")
BACKWARDS = Text("{what}：结束不晚于开始", "{what} does not end after it begins")
IN_SERVICE = Text("在用", "in service")
NEW_SUBJECT = Text(
    "“{subject}”没有别的单位用过，“{like}”有；是不是写错了？",
    "no other body has the subject “{subject}”, but “{like}” is in use. Is it a slip?",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a body that its row changes."""

    heading: Text
    old: str
    new: str


@dataclass(slots=True)
class Planned:
    """One row of the list, and what it makes of a body."""

    row: Row
    said: dict[str, Any] = field(default_factory=dict)  # field -> value; links as codes
    body: Body | None = None  # the one that is here already
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)  # to look at; they hinder nothing
    depth: int = 0

    @property
    def code(self) -> str:
        return self.row.cells["code"].lower()

    @property
    def is_new(self) -> bool:
        return self.body is None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do: its rows as a tree, and all that is wrong with it."""

    rows: tuple[Planned, ...]
    faults: tuple[Fault, ...]

    @property
    def new(self) -> list[Planned]:
        return [row for row in self.rows if row.is_new]

    @property
    def changed(self) -> list[Planned]:
        return [row for row in self.rows if row.changes]

    @property
    def same(self) -> int:
        return len(self.rows) - len(self.new) - len(self.changed)

    @property
    def does(self) -> list[object]:
        """All that it would do, to be compared."""
        return [(each.code, each.is_new, each.changes) for each in self.rows]

    @property
    def doubts(self) -> list[Fault]:
        return [doubt for row in self.rows for doubt in row.doubts]


def plan(table: Table, acting: Acting) -> Plan:
    """What this list would do here, in the hands of this administrator. Writes nothing."""
    try:
        rows, faults = lists.rows_of(table, COLUMNS)
    except lists.Faulty as error:
        return Plan((), error.faults)
    return _Judge(rows, acting).plan(faults)


class _Judge:
    def __init__(self, rows: Sequence[Row], acting: Acting) -> None:
        self.here = {
            body.code: body for body in Body.objects.select_related(*LINKS).prefetch_related("competences")
        }
        mine = Body.objects.filter(keeping.bodies_kept_by(acting)).values_list("code", flat=True)
        self.mine = set(mine)
        self.rows = [Planned(row) for row in rows]
        self.by_code: dict[str, Planned] = {}
        for each in self.rows:
            self.by_code.setdefault(each.code, each)
        self.subjects = {c.subject for body in self.here.values() for c in body.competences.all()}
        # In how many rows each subject stands: reckoned once, or a long list takes minutes.
        said = ({subject for subject, _ in _pairs(row.row.cells.get("competences", ""))} for row in self.rows)
        self.is_long = len(self.rows) > LONG
        self.written = Counter(subject for subjects in said for subject in subjects)

    def plan(self, faults: Iterable[Fault]) -> Plan:
        for each in self.rows:
            self._read(each)
        for each in self.rows:
            self._links(each)
        self._circles()
        for each in self.rows:
            if not each.faults:
                self._compare(each)
        found = [*faults, *(fault for each in self.rows for fault in each.faults)]
        return Plan(tuple(self._tree()), tuple(sorted(found, key=lambda fault: fault.line)))

    # -- one row by itself

    def _read(self, each: Planned) -> None:
        self._code(each)
        self._words(each)
        for name, names in (("kind", KINDS), ("level", LEVELS)):
            code = lists.choice(each.row.cells[name], (*names, *ALSO) if name == "kind" else names)
            if code is None:
                listed = Text("、".join(n.zh for _, n in names), ", ".join(c for c, _ in names))
                _fault(each, name, UNKNOWN_KIND.format(what=listed))
            each.said[name] = code
        for name in FLAGS:
            if name in each.row.cells:
                flag = lists.yes(each.row.cells[name])
                each.said[name] = flag
                if flag is None:
                    _fault(each, name, lists.YES_OR_NO)
        if each.said.get("external") and each.said.get("receives"):
            _fault(each, "receives", OUTSIDE_RECEIVES)
        if "competences" in each.row.cells:
            each.said["competences"] = set(_pairs(each.row.cells["competences"]))
            self._subjects(each)
        for what in _bad_hours(each.row.cells.get("hours", "")):
            _fault(each, "hours", what)

    def _code(self, each: Planned) -> None:
        try:
            validate_slug(each.code)
            if len(each.code) > 40 or each.code == "new":
                raise ValidationError("")
        except ValidationError:
            _fault(each, "code", lists.NOT_A_CODE if each.code else lists.NEEDED)
            return
        first = self.by_code[each.code]
        if first is not each:
            _fault(each, "code", SAME_CODE.format(line=first.row.line))
            return
        each.body = self.here.get(each.code)
        if each.body is not None and each.code not in self.mine:
            _fault(each, "code", NOT_YOURS)

    def _words(self, each: Planned) -> None:
        for name in WORDS:
            if name not in each.row.cells:
                continue
            value = each.row.cells[name]
            most = getattr(Body._meta.get_field(name), "max_length", 0)
            if len(value) > most:
                _fault(each, name, lists.TOO_LONG.format(most=most))
            each.said[name] = value
        if not each.row.cells["name_zh"]:
            _fault(each, "name_zh", lists.NEEDED)

    def _subjects(self, each: Planned) -> None:
        """A subject that differs from a known one by a slip splits what belongs together."""
        own = {subject for subject, _area in each.said["competences"]}
        for subject in own - self.subjects:
            if self.written[subject] > 1:
                continue
            others = (s for s, rows in self.written.items() if rows > (1 if self.is_long else s in own))
            if like := get_close_matches(subject, self.subjects.union(others), 1, 0.75):
                value = each.row.cells["competences"]
                what = NEW_SUBJECT.format(subject=subject, like=like[0])
                each.doubts.append(Fault(each.row.line, HEADINGS["competences"], value, what))

    # -- what one row says of another

    def _links(self, each: Planned) -> None:
        for name in LINKS:
            if name not in each.row.cells:
                continue
            code = each.row.cells[name].lower()
            each.said[name] = code
            if code and code not in self.by_code and code not in self.here:
                _fault(each, name, UNKNOWN_BODY)
        external = self._value(each, "external")
        if not each.said["superior"] and not external:
            _fault(each, "superior", keeping.NEEDS_SUPERIOR)
        if external and not self._value(each, "recorded_by"):
            _fault(each, "recorded_by", keeping.NEEDS_RECORDER)
        self._may_stand_below(each)
        self._levels(each)

    def _value(self, each: Planned, name: str) -> Any:
        """What the row says of a field, or what holds now where the list has no such column."""
        if name in each.said:
            return each.said[name]
        return held(each.body, name) if each.body is not None else ""

    def _may_stand_below(self, each: Planned) -> None:
        above = each.said["superior"]
        stays = each.body is not None and held(each.body, "superior") == above
        if above in self.here and above not in self.mine and not stays:
            _fault(each, "superior", ABOVE_NOT_YOURS)

    def _levels(self, each: Planned) -> None:
        own = each.said["level"]
        for name in ("superior", "sector_superior"):
            above = each.said.get(name)
            theirs = self._level_of(above) if above else None
            if own is None or theirs is None:
                continue
            if name == "superior" and keeping.LEVELS.index(theirs) > keeping.LEVELS.index(own):
                names = dict(LEVELS)
                _fault(each, name, BELOW.format(above=above, theirs=names[theirs], own=names[own]))
            if name == "sector_superior" and keeping.LEVELS.index(theirs) >= keeping.LEVELS.index(own):
                _fault(each, name, keeping.NOT_HIGHER)

    def _level_of(self, code: str) -> str | None:
        planned = self.by_code.get(code)
        if planned is not None:
            level: str | None = planned.said["level"]
            return level
        return self.here[code].level if code in self.here else None

    def _above(self, code: str) -> str:
        planned = self.by_code.get(code)
        if planned is not None:
            return str(planned.said.get("superior") or "")
        return held(self.here[code], "superior") if code in self.here else ""

    def _circles(self) -> None:
        for each in self.rows:
            seen = [each.code]
            above = self._above(each.code)
            while above and above not in seen:
                seen.append(above)
                above = self._above(above)
            if above == each.code:
                way = " → ".join([*seen, above])
                _fault(each, "superior", CIRCLE.format(what=way))

    # -- against what is here

    def _compare(self, each: Planned) -> None:
        if each.body is None:
            return
        each.said["active"] = each.body.active or each.body.successor_id is None
        for name, value in each.said.items():
            old, new = shown(held(each.body, name)), shown(value)
            if old != new:
                each.changes.append(Change(HEADINGS.get(name, IN_SERVICE), old, new))

    def _tree(self) -> Iterator[Planned]:
        """The rows from the top down, each behind the one that it stands below."""
        below: dict[str, list[Planned]] = {}
        for each in self.rows:
            above = str(each.said.get("superior") or "")
            below.setdefault(above if above in self.by_code else "", []).append(each)
        shown: set[int] = set()

        def walk(code: str, depth: int) -> Iterator[Planned]:
            for each in below.get(code, ()):
                if id(each) not in shown:
                    shown.add(id(each))
                    each.depth = min(depth, 6)
                    yield each
                    yield from walk(each.code, depth + 1)

        yield from walk("", 0)
        yield from (each for each in self.rows if id(each) not in shown)  # those that stand in a circle


def _fault(each: Planned, name: str, what: Text) -> None:
    each.faults.append(Fault(each.row.line, HEADINGS[name], each.row.cells.get(name, ""), what))


def _pairs(cell: str) -> Iterator[tuple[str, str]]:
    for part in lists.several(cell):
        subject, *rest = (piece.strip()[:60] for piece in COMMA.split(part, maxsplit=1))
        if subject:
            yield subject, rest[0] if rest else ""


def _bad_hours(cell: str) -> Iterator[Text]:
    """Times of day that no clock shows, and spans that end before they begin."""
    for found in HOURS.finditer(cell):
        first, last = found.group(1, 2), found.group(3, 4)
        times = [(int(h), int(m)) for h, m in (first, last) if h is not None]
        if any(hour > 24 or minute > 59 or (hour == 24 and minute) for hour, minute in times):
            yield BAD_TIME.format(what=found.group())
        elif len(times) == 2 and times[1] <= times[0]:
            yield BACKWARDS.format(what=found.group())
