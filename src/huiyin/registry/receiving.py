"""How reception days are published, changed and called off, and how an hour is booked and given back.

A booking is no move of the petition: it leaves no entry, no notice and no count, and the clerk deletes it
when its day is over. What is said at the meeting becomes part of the petition by the move `record-meeting`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huiyin.core import visits
from huiyin.core.refusal import Refusal
from huiyin.core.spans import Span
from huiyin.core.text import Text
from huiyin.registry import keeping, keys, law
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Body, Booking, Officer, Outbox, Petition, Receiving, Reception
from huiyin.registry.receptions import MOST_DESKS, SETTINGS
from huiyin.vault.models import RepresentativesSeal
from huiyin.vault.seal import representatives_seal, spend

KEEPERS = frozenset({"registrar"})
FIELDS = ("kind", "setting", "opens", "closes", "place", "subjects", "minutes", "desks")
MOST_REPRESENTATIVES = 5  # art. 20.3
TRIES = 3
OFF = "hours-called-off"  # a notice of no step: its row is gone once it was carried

PAST = Text("这一天已经过去", "that day is over")
DAY_STAYS = Text(
    "已公布的日期不能改；请取消这一天，另行公布", "a published day stays; call it off and publish another"
)
NO_SLOT = Text("这段时间不够接待一次", "these hours are too short for one meeting")
TOO_MANY_DESKS = Text("同时接待的席位在1到{most}之间", "between 1 and {most} desks at the same time")
A_HOME = Text(
    "下访在公开场所进行，不到任何人家里；请写公开的场所",
    "outreach is held at a place open to everybody, never at a home; name such a place",
)
SETTING = Text("请选择是哪一类公开场所", "choose what kind of public place it is")
OFFICIAL = Text("请写由谁接待", "say which official receives")
BODY_TWICE = Text("同一个单位只写一次", "name each body once")
OWN_BODY = Text("主办单位要在接待单位之中", "the body that hosts the day must be among those that receive")
BOOKED = Text(
    "已有人预约了这段时间；请保留，或者取消这一天并说明原因",
    "somebody has booked within these hours; keep them, or call the day off with a reason",
)
REASON = Text("请说明原因", "give the reason")
CALLED_OFF = Text("这一天已经取消", "this day was called off")

NOT_OPEN = Text("这一天不能预约", "this day cannot be booked")
SLOT_TAKEN = Text("这个时间刚被约走，请另选一个", "that hour has just been taken; choose another")
SLOT_OVER = Text("这个时间已经开始", "that hour has begun")
SLOT_UNKNOWN = Text("没有这个时间", "there is no such hour")
BOOKED_ALREADY = Text("这一天已经约好了一个时间", "an hour is booked on that day already")
TOO_MANY = Text("代表不超过{most}人（第二十条）", "at most {most} representatives (art. 20)")
NOT_BOOKED = Text("这个编号在这一天没有预约", "nothing is booked under that reference on that day")
CHOOSE_HOUR = Text("请选择时间", "choose an hour")
GIVEN_BACK = Text("预约已取消，没有留下任何记录。", "The hour is given back; nothing of it is kept.")
BOOKED_AT = Text("已约在{at}。", "Booked for {at}.")
NO_SUCH_REF = Text("没有这个编号，或者不能在这里预约", "no such reference, or it cannot be booked here")


def _refused(reason: Text, field: str = "", article: str = "") -> Refusal:
    return Refusal("receiving", reason, article, {field: reason} if field else {})


def legal_now(now: datetime) -> tuple[date, time]:
    """The day and the time of day where the law is in force."""
    book, day = law.at(now)
    return day, now.astimezone(ZoneInfo(book.zone)).time()


# ---- publishing


@dataclass(frozen=True, slots=True)
class Official:
    """A body that receives, and who receives for it."""

    body: Body
    official: str


def keeps_for(acting: Acting) -> QuerySet[Body]:
    """The bodies whose reception days this officer publishes: as registrar there, or as administrator."""
    own = Q(code__in=acting.codes(KEEPERS))
    return Body.objects.filter(own | keeping.bodies_kept_by(acting), external=False, active=True).distinct()


def kept_by(acting: Acting) -> QuerySet[Reception]:
    """The reception days that this officer may change."""
    return Reception.objects.filter(host__in=keeps_for(acting))


@transaction.atomic
def save(
    reception: Reception, officials: Sequence[Official], *, by: Officer | None, now: datetime
) -> Refusal | None:
    """Announce, publish or change a reception day; with officials named it is published."""
    today, _ = legal_now(now)
    before = _locked(reception.pk) if reception.pk else None
    refused = (
        _wrong(reception, today)
        or _wrong_officials(reception, officials)
        or _too_late(reception, before, officials, today)
        or (_breaks(before, reception) if before else None)
    )
    if refused:
        return refused
    told = _difference(before, reception, officials)
    reception.changed_at = now
    if before is None:
        reception.announced_at = now
    else:
        reception.revision = before.revision + bool(told)
    if officials and reception.published_at is None:
        reception.published_at = now
    reception.save()
    Receiving.objects.filter(reception=reception).delete()
    Receiving.objects.bulk_create(
        [Receiving(reception=reception, body=o.body, official=o.official) for o in officials]
    )
    if before is None or told:
        _write_down("hours-changed" if before else "hours-published", reception, by, now, changed=told)
    return None


def _locked(pk: int) -> Reception | None:
    """The day as it is on record; whoever books an hour or changes it meanwhile waits."""
    return Reception.objects.select_for_update().filter(pk=pk).first()


def _wrong(reception: Reception, today: date) -> Refusal | None:
    if reception.day < today:
        return _refused(PAST, "day")
    if reception.called_off:
        return _refused(CALLED_OFF)
    if not list(reception.hours):
        return _refused(NO_SLOT, "closes")
    if not 1 <= reception.desks <= MOST_DESKS:
        return _refused(TOO_MANY_DESKS.format(most=MOST_DESKS), "desks")
    if reception.kind == "outreach":
        if reception.setting not in dict(SETTINGS):
            return _refused(SETTING, "setting", "18.2")
        if visits.is_home(reception.place):
            return _refused(A_HOME, "place", "18.2")
    return None


def _wrong_officials(reception: Reception, officials: Sequence[Official]) -> Refusal | None:
    if not officials:
        return None if reception.kind == "outreach" else _refused(OFFICIAL, "officials", "18.1")
    codes = [o.body.code for o in officials]
    if len(set(codes)) < len(codes):
        return _refused(BODY_TWICE, "officials")
    if reception.host.code not in codes:
        return _refused(OWN_BODY, "officials")
    return None if all(o.official.strip() for o in officials) else _refused(OFFICIAL, "officials")


def _too_late(
    reception: Reception, before: Reception | None, officials: Sequence[Official], today: date
) -> Refusal | None:
    """What has to be known to everybody by now, and is only being said."""
    outreach = reception.kind == "outreach"
    asked: list[str] = []
    if before is None:
        asked.append("outreach-announced" if outreach else "reception-published")
    if outreach and officials and (before is None or before.published_at is None):
        asked.append("outreach-named")
    known = law.in_force(today).spans
    for span in (known[name] for name in asked if name in known):
        if not span.kept(today, reception.day):
            return _refused(span.told, "day", span.article)
    return None


def ahead(today: date) -> list[Span]:
    """How long ahead reception days are made known, as the law of that day has it."""
    known = law.in_force(today).spans
    names = ("reception-published", "outreach-announced", "outreach-named")
    return [known[name] for name in names if name in known]


def _breaks(before: Reception, after: Reception) -> Refusal | None:
    """What is published is relied on: the day stays, and so does every hour that somebody has booked."""
    if before.day != after.day or before.host_id != after.host_id:
        return _refused(DAY_STAYS, "day")
    hours = set(after.hours)
    booked = Counter(before.bookings.values_list("at", flat=True))
    if any(hour not in hours or taken > after.desks for hour, taken in booked.items()):
        return _refused(BOOKED, "opens")
    return None


def call_off(reception: Reception, reason: str, *, by: Officer | None, now: datetime) -> Refusal | None:
    """Say that the day does not take place, and why.

    Whoever booked reads it on the petition's page, and the courier tells them that there is news there.
    """
    if reception.called_off:
        return _refused(CALLED_OFF)
    if not reason.strip():
        return _refused(REASON, "reason")
    reception.called_off, reception.changed_at = reason.strip(), now
    reception.revision += 1
    with transaction.atomic():
        reception.save(update_fields=["called_off", "changed_at", "revision"])
        booked = reception.bookings.values_list("petition", flat=True)
        Outbox.objects.bulk_create(
            [Outbox(petition_id=pk, audience="author", notice=OFF, created_at=now) for pk in booked]
        )
        _write_down("hours-called-off", reception, by, now, reason=reception.called_off)
    return None


def _write_down(did: str, reception: Reception, by: Officer | None, now: datetime, **what: object) -> None:
    keeping.write_down(did, by, now, body=reception.host.code, day=reception.day.isoformat(), **what)


def _difference(
    before: Reception | None, after: Reception, officials: Sequence[Official]
) -> dict[str, list[str]]:
    told = {f: [str(getattr(before, f)) if before else "", str(getattr(after, f))] for f in FIELDS}
    had = [f"{r.body.code} {r.official}" for r in before.receiving.select_related("body")] if before else []
    told["officials"] = ["；".join(had), "；".join(f"{o.body.code} {o.official}" for o in officials)]
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


# ---- looking


def upcoming(today: date) -> QuerySet[Reception]:
    """What the public calendar shows from today on, called-off days among it."""
    rows = Reception.objects.filter(day__gte=today, host__active=True)
    return rows.select_related("host").prefetch_related("receiving__body")


def narrowed(
    rows: QuerySet[Reception], *, body: str = "", kind: str = "", find: str = ""
) -> QuerySet[Reception]:
    """Those at or of a body, of a kind, and with these words in their place or subjects."""
    if body:
        rows = rows.filter(receiving__body__code=body) | rows.filter(host__code=body)
    if kind:
        rows = rows.filter(kind=kind)
    if find := find.strip():
        rows = rows.filter(Q(place__icontains=find) | Q(subjects__icontains=find))
    return rows.distinct()


def bookable_by(petition: Petition, now: datetime) -> list[Reception]:
    """The days on which the author of this petition may book, those of the bodies that deal with it first.

    A report is never booked with a body that it is about, nor with one that answers to it (charter 6).
    """
    today, hour = legal_now(now)
    open_days = [r for r in upcoming(today).exclude(published_at=None) if r.is_ahead(today, hour)]
    accused = set(petition.accused.values_list("body__code", flat=True))
    fit = [r for r in open_days if not r.called_off and not _touches(r, accused)]
    near = {petition.holder.code, petition.handled_by, *petition.holder.chain, *petition.senders}
    return sorted(
        fit, key=lambda r: (not any(x.body.code in near for x in r.receiving.all()), r.day, r.opens)
    )


def _touches(reception: Reception, accused: set[str]) -> bool:
    bodies = [row.body for row in reception.receiving.all()]
    return any(body.touched_by(accused) for body in bodies)


def free_hours(reception: Reception, now: datetime) -> list[time]:
    """The hours that can still be booked."""
    today, hour = legal_now(now)
    taken = Counter(reception.bookings.values_list("at", flat=True))
    ahead = (at for at in reception.hours if (reception.day, at) > (today, hour))
    return [at for at in ahead if taken[at] < reception.desks]


def bookings_of(petition: Petition, today: date) -> QuerySet[Booking]:
    """What the author has booked from today on."""
    rows = Booking.objects.filter(petition=petition, reception__day__gte=today)
    return rows.select_related("reception__host").order_by("reception__day", "at")


def bookings_today(acting: Acting, today: date) -> QuerySet[Booking]:
    """What is booked today at the desks where this officer works: on no other day, and at no other desk."""
    receiving = Receiving.objects.filter(body__code__in=acting.codes(HANDLING_ROLES)).values("reception")
    rows = Booking.objects.filter(reception__in=receiving, reception__day=today, reception__called_off="")
    return rows.select_related("petition", "reception__host")


# ---- booking


def book(
    petition: Petition,
    reception: Reception,
    at: time,
    *,
    now: datetime,
    representatives: Iterable[str] = (),
) -> Booking | Refusal:
    """Book an hour; of two who want the last one exactly one gets it."""
    if reception.pk not in {r.pk for r in bookable_by(petition, now)}:
        return _refused(NOT_OPEN)
    names = [name.strip() for name in representatives if name.strip()]
    if len(names) > MOST_REPRESENTATIVES:
        return _refused(TOO_MANY.format(most=MOST_REPRESENTATIVES), "representatives", "20.3")
    if at not in set(reception.hours):
        return _refused(SLOT_UNKNOWN, "at")
    today, hour = legal_now(now)
    if (reception.day, at) <= (today, hour):
        return _refused(SLOT_OVER, "at")
    for _ in range(TRIES):
        if Booking.objects.filter(petition=petition, reception=reception).exists():
            return _refused(BOOKED_ALREADY)
        try:
            made = _take(petition, reception, at, names)
        except IntegrityError:
            continue  # somebody took that desk in this moment: look for another
        return made or _refused(SLOT_TAKEN, "at")
    return _refused(SLOT_TAKEN, "at")


@transaction.atomic
def _take(petition: Petition, reception: Reception, at: time, names: Sequence[str]) -> Booking | None:
    fresh = _locked(reception.pk)
    if fresh is None or fresh.called_off or at not in set(fresh.hours):
        return None
    taken = set(fresh.bookings.filter(at=at).values_list("desk", flat=True))
    desk = next((n for n in range(1, fresh.desks + 1) if n not in taken), None)
    if desk is None:
        return None
    made = Booking.objects.create(petition=petition, reception=reception, at=at, desk=desk)
    if names:
        seal = representatives_seal(names)
        seal.booking, seal.petition = made, petition
        seal.save(force_insert=True)
    return made


def cancel(petition: Petition, reception: Reception) -> bool:
    """Give the hour back; nothing of it stays."""
    return _delete(petition=petition, reception=reception)


def _delete(**which: Any) -> bool:
    with transaction.atomic():
        those = Booking.objects.filter(**which)
        spend(RepresentativesSeal.objects.filter(booking__in=those).values_list("data_key", flat=True))
        gone, _ = Booking.objects.filter(**which).delete()
    return bool(gone)


def at_counter(
    acting: Acting,
    reception: Reception,
    ref: str,
    at: str,
    *,
    give_back: bool,
    now: datetime,
    representatives: Iterable[str] = (),
) -> Text | Refusal:
    """Book or give back an hour for whoever shows a reference; answers what is to be told to them.

    A hidden report is refused like a reference that does not exist.
    """
    petition = Petition.objects.select_related("holder").filter(ref=keys.read_ref(ref)).first()
    if petition is None or (petition.kind == "report" and _answers_to_accused(petition, acting)):
        return _refused(NO_SUCH_REF, "ref")
    if give_back:
        return GIVEN_BACK if cancel(petition, reception) else _refused(NOT_BOOKED, "ref")
    if not at:
        return _refused(CHOOSE_HOUR, "at")
    made = book(petition, reception, time.fromisoformat(at), now=now, representatives=representatives)
    return made if isinstance(made, Refusal) else BOOKED_AT.format(at=at)


def _answers_to_accused(petition: Petition, acting: Acting) -> bool:
    accused = set(petition.accused.values_list("body__code", flat=True))
    touched = {code for body in acting.bodies.values() for code in (body.code, *body.answers_to)}
    return bool(accused & touched)


def forget(today: date) -> None:
    """Delete every booking whose day is over, and who came with it. How many there were is told to nobody."""
    _delete(reception__day__lt=today)
