"""The shapes of what anybody may read: bodies, the law, answers, problems, hours, figures and the log."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from huiyin.site.json_told import BodyOut, ContentOut, Words
from huiyin.site.paging import Paged
from huiyin.site.problem import Asked, Told

Find = Annotated[str, Meta(max_length=60)]
Code = Annotated[str, Meta(max_length=40, description="code of a body")]
Next = Annotated[str | UnsetType, Meta(description="cursor of the next page; missing on the last")]


class BodiesIn(Paged):
    """What narrows the list of bodies: all of it about bodies."""

    subject: Annotated[str, Meta(max_length=60, description="what it is about, in words")] = ""
    place: Annotated[str, Meta(max_length=60, description="county, district or street")] = ""
    level: Literal["", "nation", "province", "prefecture", "county", "township"] = ""
    find: Annotated[str, Meta(max_length=60, description="part of its name")] = ""
    receives: Annotated[bool, Meta(description="only those that take petitions which name no body")] = False


class CompetenceOut(Told):
    subject: str
    area: str


class DirectoryOut(Told):
    """A body as anybody may read of it."""

    code: str
    name: Words
    kind: str
    level: str
    receives: bool
    external: Annotated[bool, Meta(description="not in this installation: reached by letter")]
    address: str
    phone: str
    hours: str
    competences: list[CompetenceOut]
    superior: Annotated[str | UnsetType, Meta(description="code of the body above")] = UNSET
    next_reception: Annotated[str | UnsetType, Meta(description="the next day on which it receives")] = UNSET


class BodiesOut(Told):
    bodies: list[DirectoryOut]
    next: Next = UNSET


class RulebookLine(Told):
    id: str
    title: Words
    jurisdiction: str
    in_force_from: str
    in_force: Annotated[bool, Meta(description="decides here today")]
    evidence: Annotated[Literal["full", "partial", "memory"], Meta(description="how its source was read")]


class RulebooksOut(Told):
    rulebooks: list[RulebookLine]


class TermOut(Told):
    """A clock of the law."""

    clock: str
    text: Words
    article: str
    unit: Literal["day", "workday", "set"]
    days: int
    kind: Annotated[str, Meta(description="law, order or house")]
    duty: Annotated[str, Meta(description="who must act: body, author or house")]
    on_due: Annotated[str, Meta(description="breach, lapse or effect")]


class StateRuleOut(Told):
    code: str
    text: Words
    open: bool


class RowOut(Told):
    """One line of the table of moves."""

    move: str
    text: Words
    article: str
    sources: list[str]
    to: Annotated[str, Meta(description="empty where the state stays")]
    by: list[str]
    kinds: list[str]
    starts: list[str]
    meets: list[str]
    contents: list[ContentOut]


class ArticleOut(Told):
    article: str
    text: Words


class RulebookOut(Told):
    """The law as it is applied here."""

    id: str
    title: Words
    jurisdiction: str
    in_force_from: str
    in_force: bool
    evidence: str
    zone: str
    terms: list[TermOut]
    states: list[StateRuleOut]
    moves: list[RowOut]
    articles: list[ArticleOut]


class ProblemsIn(Paged):
    state: Literal["", "adopted", "done"] = ""
    body: Code = ""


class ProblemTold(Told):
    """A thing in a place that is broken, and what its body does. `petitions` is rounded down."""

    number: int
    state: Literal["adopted", "done"]
    body: BodyOut
    title: str
    place: str
    broken: str
    plan: str
    outcome: str
    petitions: int
    since: str
    plan_by: str | UnsetType = UNSET
    decided_on: str | UnsetType = UNSET
    done_on: str | UnsetType = UNSET


class ProblemsOut(Told):
    problems: list[ProblemTold]
    next: Next = UNSET


class OpinionsIn(Paged):
    year: Annotated[str, Meta(pattern="^([0-9]{4})?$")] = ""
    body: Code = ""
    outcome: Annotated[str, Meta(max_length=24)] = ""


class OpinionLine(Told):
    number: int
    body: BodyOut
    rulebook: str
    article: str
    outcome: Words
    issued_on: str
    published_on: str
    withdrawn_on: str | UnsetType = UNSET


class OpinionsOut(Told):
    """Published re-review opinions; none where the law publishes none."""

    opinions: list[OpinionLine]
    next: Next = UNSET


class OpinionOut(Told):
    """One of them, masked. Nothing in it leads to a petition."""

    number: int
    body: BodyOut
    rulebook: str
    article: str
    outcome: Words
    issued_on: str
    published_on: str
    text: str


class ReceptionsIn(Paged):
    body: Code = ""
    kind: Annotated[str, Meta(max_length=12)] = ""
    find: Annotated[str, Meta(max_length=60, description="part of a place or subject")] = ""


class ReceivingOut(Told):
    official: str
    body: BodyOut


class ReceptionOut(Told):
    """Hours of officials; whether anybody has booked one of them is told to nobody."""

    number: int
    host: BodyOut
    kind: str
    day: str
    opens: str
    closes: str
    place: str
    subjects: str
    receiving: list[ReceivingOut]
    called_off: Annotated[str | UnsetType, Meta(description="why it does not take place")] = UNSET


class ReceptionsOut(Told):
    receptions: list[ReceptionOut]
    next: Next = UNSET


class FiguresIn(Asked):
    term: Annotated[str, Meta(max_length=40, description="code of a clock")] = ""
    period: Annotated[str, Meta(pattern="^([0-9]{4}(-[0-9]{2})?)?$", description="a year or a month")] = ""


class CohortOut(Told):
    """How the terms stand that began in one month. `bodies`: all, a level, or one body."""

    clock: str
    period: str
    bodies: str
    began: int
    moved_in: int
    moved_out: int
    standings: Annotated[dict[str, int], Meta(description="as in the log; after a / what a review came to")]


class FiguresOut(Told):
    """Sums of the public log up to a size; `huiyin verify` and /figures/verify.py make the same of it."""

    size: int
    root: str
    smallest: Annotated[int, Meta(description="fewer than so many are told with others")]
    cohorts: list[CohortOut]


class LogOut(Told):
    """Where the public log lies, and its head. The log itself is files: C2SP tlog-tiles."""

    origin: str
    url: str
    checkpoint: str
    key: str
    certificate: str
    figures: str
    receipt_key: str
    size: int | UnsetType = UNSET
    root: str | UnsetType = UNSET
