"""The shapes of the desk for programs: what may be asked, and what comes back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from huiyin.registry.attachments import MOST_FILES
from huiyin.site.json_told import AttachmentOut, BodyOut, ClockOut, MoveOut, StateOut, StepOut, Words
from huiyin.site.paging import Paged
from huiyin.site.problem import Asked, Told

Code = Annotated[str, Meta(max_length=80)]
Next = Annotated[str | UnsetType, Meta(description="cursor of the next page; missing on the last")]
Group = Annotated[str, Meta(pattern="^[0-9]?$")]


class TokenOut(Told):
    titled: str
    scopes: list[str]
    until: str


class RoleOut(Told):
    body: str
    role: str


class AccountOut(Told):
    """For whom this token acts, and what it may be used for."""

    login: str
    name: str
    roles: list[RoleOut]
    token: TokenOut | UnsetType = UNSET


class InboxIn(Paged):
    """The filters of the desk's inbox; without any: what is open, what is due first on top."""

    who: Literal["", "mine", "unassigned"] = ""
    due: Literal["", "today", "late", "soon"] = ""
    status: Literal["", "open", "sign", "serve", "closed", "publish", "elsewhere"] = ""
    news: Literal["", "unread"] = ""
    sort: Literal["", "newest", "oldest", "moved"] = ""
    body: Annotated[str, Meta(max_length=80, description="code of a body where you work")] = ""
    state: Code = ""
    kind: Literal["", "claim", "suggestion", "report"] = ""


class DueOut(Told):
    """The nearest term of a petition."""

    clock: str
    text: Words
    due: str
    late: bool
    article: str
    rulebook: str


class InboxLine(Told):
    """One petition in a list; its subject is masked for whoever does not handle it."""

    ref: str
    subject: str
    kind: str
    state: StateOut
    holder: BodyOut
    lodged_at: str
    version: int
    officer: Annotated[str | UnsetType, Meta(description="sign-in name of who is in charge")] = UNSET
    due: DueOut | UnsetType = UNSET
    read: Annotated[bool | UnsetType, Meta(description="in the inbox: nothing new since you opened it")] = (
        UNSET
    )


class InboxOut(Told):
    petitions: list[InboxLine]
    next: Next = UNSET


class WaitingOut(Told):
    """A move that is yours and cannot be made yet, and why."""

    move: str
    text: Words
    why: Words


class ByOthersOut(Told):
    """A move that a colleague in another role could make now."""

    move: str
    text: Words
    role: str


class DeskStepOut(StepOut):
    """One line of the timeline, with who made it."""

    officer: Annotated[str | UnsetType, Meta(description="sign-in name")] = UNSET


class DeskClockOut(ClockOut, kw_only=True):
    """A clock, its name and the body that owes it where that is not the holder."""

    text: Words
    owed: bool
    owed_by: Words | UnsetType = UNSET


class DeskPetitionOut(Told):
    """One petition as its officer sees it. `masked`: names and numbers are; `closed`: its words are kept."""

    ref: str
    version: int
    kind: str
    subject: str
    text: str
    masked: bool
    closed: bool
    state: StateOut
    holder: BodyOut
    through: Annotated[list[str], Meta(description="codes of the bodies that it came through")]
    lodged_at: str
    channel: str
    service: str
    requests: list[str]
    accused: list[BodyOut]
    about: str
    clocks: list[DeskClockOut]
    timeline: list[DeskStepOut]
    attachments: list[AttachmentOut]
    moves: list[MoveOut]
    waiting: list[WaitingOut]
    others: list[ByOthersOut]
    officer: str | UnsetType = UNSET


class DeskMoveIn(Asked):
    """A move, as a form of the desk sends it."""

    move: Annotated[str, Meta(max_length=40)]
    contents: dict[str, Any] = {}
    attachments: Annotated[
        list[Annotated[str, Meta(max_length=2000)]],
        Meta(max_length=MOST_FILES, description="each the `file` that POST /attachments answered"),
    ] = []
    kept: Annotated[
        list[Annotated[str, Meta(max_length=80)]],
        Meta(max_length=50, description="words that label a person, looked at and kept knowingly"),
    ] = []


class MadeOut(Told):
    """A move that was made. `seen`: whether you may see the petition still."""

    ref: str
    move: str
    version: int
    state: StateOut
    holder: BodyOut
    seen: bool
    next_due: str | UnsetType = UNSET


class LoadOut(Told):
    """What one body owes now; `late`: by a term of the law, `ordered`: by a date set by order alone."""

    body: BodyOut
    open: int
    in_time: int
    near: int
    late: int
    ordered: int
    nobody: int
    newly_late: int
    newly_near: int
    missed: Annotated[int, Meta(description="terms of the law that passed unmet this month")]
    missed_orders: int


class WhyOut(Told):
    why: str
    text: Words
    article: str
    count: int


class AgeOut(Told):
    """Open petitions by age in days since they were lodged; `until` is missing for the oldest."""

    time: int
    near: int
    late: int
    ordered: int
    until: int | UnsetType = UNSET


class BoardOut(Told):
    """What bodies owe here and below. It measures answers; no officer and no petitioner is counted."""

    day: str
    near_until: str
    since: str
    no_longer_late: int
    newly_accepted: int
    bodies: list[LoadOut]
    reasons: list[WhyOut]
    ages: list[AgeOut]
    hands: Annotated[list[int], Meta(description="petitions that were at one body, at two, …, or more")]
    counted_at: Annotated[
        str | UnsetType, Meta(description="of when the numbers are, where they were counted before")
    ] = UNSET


class BoardPetitionsIn(Paged):
    """Which number of the board: the petitions behind it, the longest late first."""

    body: Code = ""
    due: Literal[
        "", "over", "late", "ordered", "fresh", "newly-near", "no_longer", "taken", "today", "near", "time"
    ] = ""
    why: Code = ""
    age: Group = ""
    hands: Group = ""
    nobody: Literal["", "1"] = ""
