"""The shapes of the JSON door: what may be sent, and what comes back. openapi.json is printed from these.

What may be sent is closed: a field that is not here is refused, so that a slip of the pen is not lost.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType, field

from huiyin.reading.query import LONGEST
from huiyin.registry.attachments import MOST_FILES
from huiyin.registry.file import SUBJECT_LENGTH, TEXT_LENGTH
from huiyin.registry.finding_answers import LISTED
from huiyin.site.json_told import AttachmentOut, BodyOut, ClockOut, MoveOut, StateOut, StepOut, Words
from huiyin.site.problem import Asked, Told

Line = Annotated[str, Meta(max_length=120)]
Files = Annotated[
    list[Annotated[str, Meta(max_length=2000)]],
    Meta(max_length=MOST_FILES, description="each the `file` that POST /attachments answered"),
]


class AuthorIn(Asked):
    """Who asks: sealed at once, read back by nobody here. All of it may stay away."""

    name: Line = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    address: Annotated[str, Meta(max_length=300)] = ""
    texts: Annotated[
        bool,
        Meta(description="news goes to `phone` as a short message, where this house sends any (else 422)"),
    ] = False


class PetitionIn(Asked):
    """A petition to be filed."""

    subject: Annotated[str, Meta(min_length=1, max_length=SUBJECT_LENGTH)]
    text: Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH)]
    kind: Literal["claim", "suggestion", "report"] = "claim"
    body: Annotated[str, Meta(max_length=40, description="code of the body it is addressed to")] = ""
    against: Annotated[
        list[Line], Meta(max_length=10, description="what it is about: codes or names of bodies, or words")
    ] = []
    lodged_before: Annotated[
        str, Meta(max_length=40, description="reference under which the same matter was lodged before")
    ] = ""
    author: AuthorIn = field(default_factory=AuthorIn)
    service: Literal["electronic", "post", "in-person"] = "electronic"
    helper: Annotated[
        Literal["", "relative", "social-worker", "lawyer", "counter", "other"],
        Meta(
            description="who helps to lodge it; nothing more about them is kept, and the key is the author's"
        ),
    ] = ""
    joint: Annotated[
        bool, Meta(description="others will sign it too: the answer holds an invitation; always electronic")
    ] = False
    reachable: Annotated[
        bool, Meta(description="of a joint petition: the body may open this author's seal to ask back")
    ] = False
    language: Literal["zh-hans", "zh-hant", "en", ""] = ""
    attachments: Files = []


class SignatureIn(Asked):
    """One more signature under a joint petition, by its shared invitation."""

    invitation: Annotated[str, Meta(min_length=1, max_length=80)]
    author: AuthorIn = field(default_factory=AuthorIn)
    reachable: Annotated[bool, Meta(description="the body may open this signer's seal to ask back")] = False


class MoveIn(Asked):
    """One move of the author's own."""

    move: Annotated[str, Meta(max_length=40)]
    contents: dict[str, Any] = {}
    attachments: Files = []


class FiledOut(Told):
    """What the author leaves with. The key is shown this once."""

    ref: str
    key: str
    receipt: Annotated[str, Meta(description="a C2SP signed note: keep it as a file, byte for byte")]
    clocks: list[ClockOut]
    invitation: Annotated[
        str | UnsetType, Meta(description="of a joint petition: what others sign by, shown this once")
    ] = UNSET


class SignedOut(Told):
    """What a signer leaves with. The key is theirs alone, and shown this once."""

    ref: str
    key: str
    receipt: Annotated[str, Meta(description="a C2SP signed note: keep it as a file, byte for byte")]


class PartOut(Told):
    """A petition that this one was split off from, or into: opened with the same key."""

    ref: str
    kind: str
    subject: str
    state: str


class PetitionOut(Told):
    """The whole petition, for whoever holds its key."""

    ref: str
    kind: str
    subject: str
    text: str
    state: StateOut
    holder: BodyOut
    lodged_at: str
    service: str
    clocks: list[ClockOut]
    timeline: list[StepOut]
    attachments: list[AttachmentOut]
    moves: list[MoveOut]
    signatures: Annotated[
        int | UnsetType, Meta(description="of a joint petition: how many sign it, counted once a day")
    ] = UNSET
    part_of: Annotated[str, Meta(description="the mixed petition it was split off from")] | UnsetType = UNSET
    parts: list[PartOut] | UnsetType = UNSET


class AnswersIn(Asked):
    """Words of a matter among published answers, and filters; no words: everything, the newest first."""

    q: Annotated[str, Meta(max_length=LONGEST)] = ""
    kind: Literal["", "problem", "question", "opinion"] = ""
    body: Annotated[str, Meta(max_length=40, description="code of the body that answered")] = ""
    page: Annotated[int, Meta(ge=1, le=LISTED)] = 1


class PieceOut(Told):
    """Part of a text; `hit`: it is what was looked for."""

    said: str
    hit: bool


class AnswerOut(Told):
    """One published answer."""

    kind: str
    href: str
    title: list[PieceOut]
    told: list[PieceOut]
    body: Words
    on: str


class AnswersOut(Told):
    """A page of what was found; `more`: there are others beyond those that are counted."""

    count: int
    more: bool
    page: int
    pages: int
    answers: list[AnswerOut]
