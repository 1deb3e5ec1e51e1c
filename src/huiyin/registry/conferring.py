"""Old cases, by age and stage, and the conferences on them.

Nothing here looks at who asks. A conference's agenda is a list of references of one body; each decision is
the move `confer` on its petition, and when all are made the agenda is taken apart (charter 1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huiyin.core.guards.leading import HARD_AFTER
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import access
from huiyin.registry.access import Acting
from huiyin.registry.models import AgendaItem, Body, Conference, Petition

LEADING = frozenset({"head", "leader"})
KINDS = ("claim", "suggestion")  # a report against persons is dealt with under its own rules
STALE = timedelta(days=30)  # an agenda that nobody concluded is taken apart all the same

PAST = Text("这一天已经过去", "that day is over")
NOT_HERE = Text(
    "这件信访件不在该单位，或者不能会商", "that petition is not with this body, or not for a conference"
)
ON_IT = Text("已经在议程上", "it is on the agenda already")
OVER = Text("这次会商已经结束", "that conference is concluded")
UNDECIDED = Text(
    "还有{n}件没有记录决定；请先逐件记录，或者移出议程",
    "{n} have no decision on record yet; record each, or take it off the agenda",
)
NOT_YET = Text("会商的日期还没有到", "the day of the conference has not come yet")


def _refused(reason: Text, field: str = "") -> Refusal:
    return Refusal("conferring", reason, "", {field: reason} if field else {})


# ---- old cases


def led_by(acting: Acting) -> QuerySet[Body]:
    """The bodies whose old cases this officer leads on."""
    return Body.objects.filter(code__in=acting.codes(LEADING)).order_by("path")


def old_cases(acting: Acting, now: datetime, *, days: int = HARD_AFTER) -> QuerySet[Petition]:
    """Open for so many days, or answered in the last instance and not carried out; the oldest first.

    Whoever works at a body sees its own, a supervisor also those of the bodies below.
    """
    old = Q(is_open=True, lodged_at__lte=now - timedelta(days=days))
    undone = Q(stage="rereview", remedy__in=("due", "disputed"))
    here = access.at_or_below(acting).filter(kind__in=KINDS)
    return here.filter(old | undone).order_by("lodged_at", "id")


def letters_to(acting: Acting) -> QuerySet[Petition]:
    """What has come to the bodies that this officer leads, read by no leader yet; the oldest first."""
    here = access.inbox_of(acting).filter(holder__code__in=acting.codes({"leader"}), is_open=True)
    return here.exclude(marks__has_key="leader-read").order_by("lodged_at", "id")


# ---- conferences


def conferences_of(acting: Acting) -> QuerySet[Conference]:
    return Conference.objects.filter(body__in=led_by(acting)).select_related("body")


def call(conference: Conference, *, today: date) -> Refusal | None:
    """Call a conference, or change one that is not concluded."""
    if conference.concluded_at is not None:
        return _refused(OVER)
    if conference.day < today:
        return _refused(PAST, "day")
    conference.save()
    return None


def put_on_agenda(conference: Conference, petition: Petition) -> Refusal | None:
    if conference.concluded_at is not None:
        return _refused(OVER)
    if petition.holder_id != conference.body_id or petition.kind not in KINDS:
        return _refused(NOT_HERE)
    try:
        with transaction.atomic():
            AgendaItem.objects.create(conference=conference, petition=petition)
    except IntegrityError:
        return _refused(ON_IT)
    return None


def take_off_agenda(conference: Conference, petition: Petition) -> None:
    AgendaItem.objects.filter(conference=conference, petition=petition).delete()


def agenda(conference: Conference, acting: Acting) -> list[AgendaItem]:
    """What is on the agenda, as far as this officer may see it."""
    rows = AgendaItem.objects.filter(conference=conference, petition__in=access.visible_to(acting))
    return list(rows.select_related("petition__holder", "petition__officer"))


def is_decided(item: AgendaItem, conference: Conference) -> bool:
    """Whether a decision of that day or later stands on the petition."""
    return str(item.petition.marks.get("conferred", "")) >= conference.day.isoformat()


def conclude(conference: Conference, *, today: date, now: datetime) -> Refusal | None:
    """All decisions are on their petitions: the agenda is taken apart."""
    if conference.concluded_at is not None:
        return _refused(OVER)
    if today < conference.day:
        return _refused(NOT_YET)
    rows = AgendaItem.objects.filter(conference=conference).select_related("petition")
    if left := sum(not is_decided(item, conference) for item in rows):
        return _refused(UNDECIDED.format(n=left))
    with transaction.atomic():
        AgendaItem.objects.filter(conference=conference).delete()
        conference.concluded_at = now
        conference.save(update_fields=["concluded_at"])
    return None


def forget(today: date) -> None:
    """Take apart what was left lying: agendas of conferences a month ago."""
    AgendaItem.objects.filter(conference__day__lte=today - STALE).delete()
