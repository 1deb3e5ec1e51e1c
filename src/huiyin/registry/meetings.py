"""The meetings of a joint conference: called with an agenda, closed with minutes. Neither is ever changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huiyin.core import contents
from huiyin.core.refusal import FIELD_REASONS, Refusal, refuse
from huiyin.core.text import Text
from huiyin.registry import access
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import Meeting, Minutes
from huiyin.registry.models import Body

ARTICLE = "24.1"
SECRETARIES = frozenset({"registrar", "supervisor"})
MEMBERS = frozenset({"registrar", "supervisor", "leader", "reviewer", "head"})
LONGEST = 20_000
DAY_PAST = Text("开会日期不能早于今天", "the day of the meeting cannot lie in the past")


def conferences_of(acting: Acting) -> list[Body]:
    """The conferences that this officer keeps the desk of."""
    own = (acting.bodies[code] for code in sorted(acting.codes(SECRETARIES)) if code in acting.bodies)
    return [body for body in own if body.kind == "conference"]


def visible_to(acting: Acting) -> QuerySet[Meeting]:
    """The meetings of one's own conferences: what was said there is for those who sit in it."""
    own = [c for c in acting.codes(MEMBERS) if c in acting.bodies and acting.bodies[c].kind == "conference"]
    return Meeting.objects.filter(Q(conference__code__in=own)).select_related("conference", "minutes")


def call(
    conference: Body,
    *,
    day: date,
    agenda: str,
    refs: Iterable[str],
    bodies: Iterable[str],
    acting: Acting,
    now: datetime,
    today: date,
) -> Meeting | Refusal:
    """Call a meeting. Petitions are named by reference, and only ones that the caller may see."""
    if conference not in conferences_of(acting):
        return refuse("wrong-role", ARTICLE)
    if day < today:
        return _wrong("day", DAY_PAST)
    if wrong := _unkeepable(agenda):
        return _wrong("agenda", wrong)
    named = list(dict.fromkeys(refs))
    if access.visible_to(acting).filter(ref__in=named).count() != len(named):
        return _wrong("refs", FIELD_REASONS["ref"])
    return Meeting.objects.create(
        conference=conference,
        day=day,
        agenda=agenda.strip(),
        refs=named,
        bodies=sorted(Body.objects.filter(code__in=list(bodies)).values_list("code", flat=True)),
        called_at=now,
        called_by=acting.officer,
    )


def may_record(meeting: Meeting, acting: Acting, today: date) -> bool:
    """Whether this officer may enter the minutes: a secretary, on the day or later, once."""
    ours = meeting.conference in conferences_of(acting)
    return ours and meeting.day <= today and not Minutes.objects.filter(meeting=meeting).exists()


def record(
    meeting: Meeting, text: str, decisions: str, *, acting: Acting, now: datetime, today: date
) -> Minutes | Refusal:
    """Enter what was said and decided."""
    if not may_record(meeting, acting, today):
        return refuse("wrong-role", ARTICLE)
    for name, words in (("text", text), ("decisions", decisions)):
        if wrong := _unkeepable(words):
            return _wrong(name, wrong)
    try:
        with transaction.atomic():
            return Minutes.objects.create(
                meeting=meeting,
                text=text.strip(),
                decisions=decisions.strip(),
                recorded_at=now,
                recorded_by=acting.officer,
            )
    except IntegrityError:
        return refuse("moved-meanwhile", ARTICLE)


def _unkeepable(words: str) -> Text | None:
    if not words.strip():
        return FIELD_REASONS["required"]
    if len(words) > LONGEST or not contents.is_keepable(words):
        return FIELD_REASONS["too-long"]
    return None


def _wrong(name: str, why: Text) -> Refusal:
    return Refusal("contents", why, ARTICLE, {name: why})
