"""Judges the rows of a list of open cases: how far each one got and when, or what is wrong with it.

Only what a row says of itself is judged here: whether its days follow one another, and whether its state is
the one that they come to. Whether the law allows each step is asked of the law, when it is taken over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from huiyin.core.case import Move
from huiyin.core.rulebook import NoSuchRule
from huiyin.core.text import Text
from huiyin.reading import lists, moments
from huiyin.reading.moments import When
from huiyin.reading.numbers import found
from huiyin.reading.tables import Line
from huiyin.registry import law, told_on
from huiyin.registry.file import LENGTHS, Lodging
from huiyin.registry.models import CHANNELS, Body
from huiyin.registry.takeovers import NUMBER_LENGTH
from huiyin.vault.seal import Author

LODGED, REGISTERED, TRANSFERRED, ACCEPTED = "lodged", "registered", "transferred", "accepted"
EXTENDED, ANSWERED, SERVED, REVIEW = "extended", "answered", "served", "review"
LANGUAGES = ("zh-hans", "zh-hant", "en")
PERSONAL = frozenset({"telephone", "identity"})  # numbers by which a case is never found
KINDS = {
    **dict.fromkeys(("", "claim", "申诉求决", "求决", "申诉"), "claim"),
    **dict.fromkeys(("suggestion", "建议意见", "意见建议", "建议"), "suggestion"),
    **dict.fromkeys(("report", "检举控告", "检举", "控告", "举报"), "report"),
}
# What a list says of how a case stands: the last step that it got to. '' where it is closed.
STATES = {
    **dict.fromkeys((LODGED, "待登记", "未登记"), LODGED),
    **dict.fromkeys((REGISTERED, "已登记", "待转送", "待受理"), REGISTERED),
    **dict.fromkeys((TRANSFERRED, "已转送", "已交办", "转送"), TRANSFERRED),
    **dict.fromkeys((ACCEPTED, "under way", "已受理", "受理", "办理中", "在办"), ACCEPTED),
    **dict.fromkeys((EXTENDED, "已延期", "延期办理"), EXTENDED),
    **dict.fromkeys((ANSWERED, "已出具意见", "待送达"), ANSWERED),
    **dict.fromkeys((SERVED, "已送达", "已答复"), SERVED),
    **dict.fromkeys((REVIEW, "review asked", "申请复查", "复查中", "已申请复查"), REVIEW),
    **dict.fromkeys(("closed", "done", "办结", "已办结", "不予受理", "不再受理", "已撤回", "复核终结"), ""),
}
WAYS = {
    **dict.fromkeys(("in-person", "当面", "直接送达", "当面送达"), "in-person"),
    **dict.fromkeys(("", "post", "邮寄", "邮寄送达"), "post"),
    **dict.fromkeys(("electronic", "网上", "电子", "电子送达"), "electronic"),
}


class _Step(NamedTuple):
    """One step that a row may tell of: its column, what it is called, and what comes before it."""

    name: str
    column: str
    text: Text
    after: tuple[str, ...]


STEPS = (
    _Step(LODGED, "lodged_at", Text("提出", "lodged"), ()),
    _Step(REGISTERED, "registered_at", Text("登记", "registered"), (LODGED,)),
    _Step(TRANSFERRED, "transferred_at", Text("转送", "transferred"), (REGISTERED,)),
    _Step(ACCEPTED, "accepted_at", Text("受理", "accepted"), (REGISTERED, TRANSFERRED)),
    _Step(EXTENDED, "extended_at", Text("延期", "extended"), (ACCEPTED,)),
    _Step(ANSWERED, "opinion_at", Text("出具意见", "opinion issued"), (ACCEPTED,)),
    _Step(SERVED, "served_at", Text("送达", "served"), (ANSWERED,)),
    _Step(REVIEW, "review_at", Text("申请复查", "review asked"), (SERVED,)),
)
_OF = {step.name: step for step in STEPS}


class BadRow(ValueError):
    """A row that is not taken over: `said` tells what is wrong, where, and what to do."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One row that can be tried: what was lodged and when, and the steps that it went through since."""

    line: int
    number: str  # in the older system
    lodging: Lodging
    at: datetime
    steps: tuple[tuple[str, Move, datetime], ...]  # which step, as which move, when
    documents: tuple[dict[str, str], ...] = ()  # that the older installation served
    stood: str = ""  # where it stands and which terms run there, if that was told
    ran: str = ""
    files: int = 0  # that stay behind, as do so many other steps
    others: int = 0

    @property
    def reached(self) -> str:
        return self.steps[-1][0] if self.steps else LODGED


@dataclass(slots=True)
class Rows:
    """Turns the lines of one list into open cases."""

    columns: Mapping[str, str]  # field -> heading
    source: str
    now: datetime
    _bodies: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, zh, en in Body.objects.filter(active=True).values_list("code", "name_zh", "name_en"):
            for called in {code, zh, en} - {""}:
                self._bodies.setdefault(called.lower(), []).append(code)

    def case(self, line: Line) -> OpenCase:
        """The case of a row. Raises BadRow."""
        if line.problem:
            raise BadRow(line.problem)
        said = {name: line.cells.get(heading, "").strip() for name, heading in self.columns.items()}
        number = said["id"]
        if not number or len(number) > NUMBER_LENGTH:
            raise _bad(
                "id", f"编号须有 1 到 {NUMBER_LENGTH} 个字符", f"a number of 1 to {NUMBER_LENGTH} characters"
            )
        if any(each.kind in PERSONAL and each.end - each.start == len(number) for each in found(number)):
            raise _bad(
                "id",
                "看上去是电话或者证件号码，不是信访件的编号；请改用编号一列",
                "it reads like a telephone or identity number, not like a case's: name the right column",
            )
        if not said["text"]:
            raise _bad(
                "text", "没有内容；请补上信访人的原话", "there is no text: put in what its author wrote"
            )
        days = self._days(said)
        self._follow(days)
        self._stands(said, days)
        return OpenCase(
            line.number,
            number,
            self._lodging(said),
            days[LODGED].at,
            tuple(self._steps(said, days)),
            self._documents(said),
            said.get("stands", ""),
            said.get("terms", ""),
            *(_number(said.get(name, "")) for name in ("files", "others")),
        )

    @staticmethod
    def _documents(said: Mapping[str, str]) -> tuple[dict[str, str], ...]:
        try:
            return tuple(told_on.documents(said.get("documents", ""), said.get("language", "")))
        except told_on.Altered as error:
            zh = f"“{error}”与它的摘要不符" if str(error) else "不是导出的样子"
            en = f"“{error}” does not fit its digest" if str(error) else "it is not as it was exported"
            raise _bad(
                "documents", f"{zh}；请重新导出，不要改动", f"{en}: export it anew and change nothing"
            ) from error

    # ---- what was lodged

    def _lodging(self, said: Mapping[str, str]) -> Lodging:
        kind = KINDS.get(said.get("kind", "").lower())
        if kind is None:
            raise _bad(
                "kind",
                f"“{said['kind']}”不是信访的类别；请写申诉求决或者建议意见",
                f"{said['kind']!r} is no class; write claim or suggestion",
            )
        if kind == "report":
            raise _bad(
                "kind",
                "检举控告不随清单接入：经手清单的人都会看到；请由有权机关在柜台逐件录入",
                "a report against persons comes in by no list, which shows it to whoever handles the list: "
                "the competent body enters it at its counter",
            )
        author = {name: said[name] for name in lists.AUTHOR if said.get(name)}
        for name, words in author.items():
            if len(words) > LENGTHS[name]:
                raise _bad(name, f"超过 {LENGTHS[name]} 个字符", f"longer than {LENGTHS[name]} characters")
        return Lodging(
            subject=said.get("subject") or lists.subject_of(said["text"]),
            text=said["text"],
            kind=kind,
            body=self._body("body", said),
            author=Author(texts=False, **author),
            channel=_channel(said.get("channel", "")),
            service="post" if author.get("address") else "electronic",
            language=said["language"] if said.get("language") in LANGUAGES else LANGUAGES[0],
            source=self.source,
            source_id=said["id"],
        )

    def _body(self, column: str, said: Mapping[str, str]) -> str:
        named = said.get(column, "")
        codes = sorted(set(self._bodies.get(named.lower(), ())))
        if len(codes) == 1:
            return codes[0]
        if codes:
            raise _bad(
                column,
                f"有几个单位都叫“{named}”；请写代码：{'、'.join(codes)}",
                f"several bodies are called {named!r}; write the code: {', '.join(codes)}",
            )
        raise _bad(
            column,
            f"没有“{named}”这个在用的单位；请写单位代码或者全称",
            f"no body in service is called {named!r}; write its code or its whole name",
        )

    # ---- when what happened

    def _days(self, said: Mapping[str, str]) -> dict[str, When]:
        days: dict[str, When] = {}
        for step in STEPS:
            if typed := said.get(step.column, ""):
                days[step.name] = self._when(step.column, typed)
        if LODGED not in days:
            raise _bad("lodged_at", "没有提出的日期", "it does not say when it was lodged")
        return days

    def _when(self, column: str, typed: str) -> When:
        try:
            when = moments.read(typed, self._zone)
            law.in_force(when.day)
        except moments.Unreadable as error:
            raise _bad(
                column,
                f"“{typed}”不是看得懂的时间；请写成 2026-04-24 或者 2026-04-24 16:03",
                f"{typed!r} is no time that can be read; write it like 2026-04-24 or 2026-04-24 16:03",
            ) from error
        except NoSuchRule as error:
            raise _bad(column, error.reason.zh, error.reason.en) from error
        if when.at > self.now:
            raise _bad(column, f"{typed} 还没有到；请核对", f"{typed} is yet to come: look it up again")
        return when

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(law.at(self.now)[0].zone)

    @staticmethod
    def _follow(days: dict[str, When]) -> None:
        """Each step behind one that has to come before it, and none earlier than the one before."""
        last = STEPS[0]
        for step in STEPS:
            if step.name not in days:
                continue
            if step.after and not any(name in days for name in step.after):
                before = _OF[step.after[0]]
                raise _bad(
                    before.column,
                    f"写了{step.text.zh}的日期，没有{before.text.zh}的日期；请补上，或者去掉{step.text.zh}的日期",
                    f"it was {step.text.en}, and no day says when it was {before.text.en}: "
                    f"put it in, or take {step.column} out",
                )
            when, earlier = days[step.name], days[last.name]
            if when.not_before(earlier) < earlier.at:
                raise _bad(
                    step.column,
                    f"{step.text.zh}（{when.day}）早于{last.text.zh}（{earlier.day}）；请核对这两个日期",
                    f"{step.text.en} on {when.day} lies before {last.text.en} on {earlier.day}: look both up",
                )
            # A day without a time of day falls behind what came before on that same day.
            days[step.name] = When(when.not_before(earlier), when.whole_day)
            last = step

    @staticmethod
    def _stands(said: Mapping[str, str], days: Mapping[str, When]) -> None:
        """The state that the list gives is the one that its days come to."""
        typed = said.get("state", "")
        if not typed:
            return
        state = STATES.get(typed.lower())
        if state is None:
            raise _bad(
                "state",
                f"不认识“{typed}”；请写受理、转送等，或者不写状态、只写日期",
                f"{typed!r} is not known; write accepted, transferred or the like, or leave it to the days",
            )
        if not state:
            raise _bad(
                "state",
                f"“{typed}”是已经办结的；只接入没有办结的，办结的留在旧系统的档案里",
                f"{typed!r} is closed: only open cases are taken over, closed ones stay in the old archive",
            )
        reached = next(step for step in reversed(STEPS) if step.name in days)
        if state != reached.name:
            raise _bad(
                "state",
                f"状态是“{typed}”，日期却只到{reached.text.zh}（{reached.column}）；请改成一致",
                f"the state says {typed!r}, the days come to {reached.text.en} ({reached.column}): "
                "make them agree",
            )

    def _steps(
        self, said: Mapping[str, str], days: Mapping[str, When]
    ) -> Iterator[tuple[str, Move, datetime]]:
        for step in STEPS[1:]:
            if step.name in days:
                yield step.name, self._move(step.name, said, days), days[step.name].at

    def _move(self, name: str, said: Mapping[str, str], days: Mapping[str, When]) -> Move:
        if name == REGISTERED:
            return Move("register")
        if name == TRANSFERRED:
            return Move("transfer", {"body": self._body("transferred_to", said)})
        if name == ACCEPTED:
            return Move("accept")
        if name == EXTENDED:
            if not (most := said.get("extended_days", "")).isdecimal():
                raise _bad("extended_days", "请写延期的天数", "write by how many days it was extended")
            return Move("extend", {"days": int(most[:4]), "reasons": self.source})
        if name == ANSWERED:
            if not said.get("opinion"):
                raise _bad(
                    "opinion", "有答复的日期，没有答复的内容", "it was answered, and the answer is not there"
                )
            return Move("import-opinion", {"reply": said["opinion"]})
        if name == SERVED:
            way = WAYS.get(said.get("served_way", "").lower())
            if way is None:
                raise _bad(
                    "served_way",
                    f"不认识“{said['served_way']}”；请写当面、邮寄或者电子",
                    f"{said['served_way']!r} is not known; write in-person, post or electronic",
                )
            return Move("serve", {"served_on": days[SERVED].day.isoformat(), "way": way})
        return Move("request-review")


def _number(said: str) -> int:
    return int(said[:6]) if said.isascii() and said.isdecimal() else 0


def _channel(said: str) -> str:
    """As a list calls it, or as another installation does."""
    return said if said in dict(CHANNELS) else lists.channel_of(said)


def _bad(column: str, zh: str, en: str) -> BadRow:
    return BadRow(Text(f"{column}：{zh}", f"{column}: {en}"))


def column_of(step: str) -> str:
    return _OF[step].column
