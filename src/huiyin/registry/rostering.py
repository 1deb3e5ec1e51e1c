"""Who is on duty where, and the references that one on duty leaves for the next.

A hand-over is a reference: whatever is to be known stands on the petition, and only who may see the petition
sees that it was left. The clerk takes each away after seven days.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import access, keeping, keys, law
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Body, Duty, HandOver, Officer, Role

SHOWN = timedelta(days=14)

PAST = Text("这一天已经过去", "that day is over")
BACKWARDS = Text("结束时间早于开始时间", "it ends before it begins")
NOT_THERE = Text("该工作人员不在这个单位", "that officer does not serve at this body")
AWAY = Text("该工作人员这一天不在岗", "that officer is away on that day")
ON_DUTY_ALREADY = Text("已经排过这一班", "that duty is on the roster already")
NO_SUCH_REF = Text("没有这个编号，或者您看不到它", "no such reference, or you may not see it")


def _refused(reason: Text, field: str) -> Refusal:
    return Refusal("rostering", reason, "", {field: reason})


def works_at(acting: Acting) -> QuerySet[Body]:
    """The bodies whose roster and hand-overs this officer works by."""
    return Body.objects.filter(code__in=acting.codes(HANDLING_ROLES)).order_by("path")


def colleagues(bodies: QuerySet[Body]) -> QuerySet[Officer]:
    """Who can be put on duty at one of these bodies."""
    there = Role.objects.filter(body__in=bodies, role__in=HANDLING_ROLES).values("officer")
    return Officer.objects.filter(pk__in=there, is_active=True).order_by("name", "login")


def duties(bodies: QuerySet[Body], today: date) -> QuerySet[Duty]:
    """The roster of the next two weeks."""
    rows = Duty.objects.filter(body__in=bodies, day__gte=today, day__lte=today + SHOWN)
    return rows.select_related("body", "officer")


def put_on_duty(duty: Duty, *, by: Officer, today: date, now: datetime) -> Refusal | None:
    """Put an officer on the roster: one who serves there and is not away."""
    if duty.day < today:
        return _refused(PAST, "day")
    if duty.closes <= duty.opens:
        return _refused(BACKWARDS, "closes")
    if not colleagues(Body.objects.filter(pk=duty.body_id)).filter(pk=duty.officer_id).exists():
        return _refused(NOT_THERE, "officer")
    if duty.officer.is_away(duty.day):
        return _refused(AWAY, "officer")
    try:
        with transaction.atomic():
            duty.save(force_insert=True)
            _write_down("duty-set", duty, by, now)
    except IntegrityError:
        return _refused(ON_DUTY_ALREADY, "officer")
    return None


def take_off(duty: Duty, *, by: Officer, now: datetime) -> None:
    with transaction.atomic():
        _write_down("duty-taken", duty, by, now)
        Duty.objects.filter(pk=duty.pk).delete()


def _write_down(did: str, duty: Duty, by: Officer, now: datetime) -> None:
    told = {"officer": duty.officer.login, "body": duty.body.code, "day": duty.day.isoformat()}
    keeping.write_down(did, by, now, **told)


# ---- what is left for the next


def expires(today: date) -> timedelta:
    """How long a hand-over is kept, as the rules of that day have it."""
    return timedelta(days=law.in_force(today).spans["hand-over"].days)


def leave(acting: Acting, body: Body, ref: str, *, today: date) -> Refusal | None:
    """Leave a reference for whoever is on duty next. Leaving it again begins its seven days anew."""
    found = access.visible_to(acting).filter(ref=keys.read_ref(ref)).first()
    if found is None:
        return _refused(NO_SUCH_REF, "ref")
    HandOver.objects.update_or_create(petition=found, body=body, defaults={"left_on": today})
    return None


def left_for(acting: Acting, today: date) -> QuerySet[HandOver]:
    """What was left at this officer's desks and has not expired, as far as they may see it."""
    kept = HandOver.objects.filter(body__in=works_at(acting), left_on__gt=today - expires(today))
    seen = kept.filter(petition__in=access.visible_to(acting))
    return seen.select_related("petition", "body")


def done(acting: Acting, pk: str, today: date) -> None:
    """Take one away that has been looked at."""
    seen = left_for(acting, today).filter(pk=pk).values_list("pk", flat=True)
    HandOver.objects.filter(pk__in=list(seen)).delete()


def forget(today: date) -> None:
    """Delete what was left seven days ago or earlier."""
    HandOver.objects.filter(left_on__lte=today - expires(today)).delete()
