"""Lists for programs: the inbox through the desk's own filters, and the petitions behind a board's number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from msgspec import UNSET

from huiyin.core import standings
from huiyin.core.refusal import FIELD_REASONS, REASONS, Refusal
from huiyin.doors.officer import inbox as pages
from huiyin.doors.officer import sifting
from huiyin.doors.officer.api import shapes
from huiyin.doors.officer.door import DeskRequest
from huiyin.doors.officer.inbox import Line
from huiyin.registry import board as registry
from huiyin.registry import board_counted, law, masking
from huiyin.registry.models import Role
from huiyin.site import json_read, json_told
from huiyin.site.json_told import words
from huiyin.site.paging import Key, page_of
from huiyin.site.problem import Answered, answered

CHOOSING = ("body", "due", "why", "age", "hands", "nobody")
LONGEST_LATE = (Key("next_due", empty=True), Key("id"))


def account(request: DeskRequest) -> HttpResponse:
    """For whom a program acts."""
    roles = Role.objects.filter(officer=request.officer).select_related("body")
    held = getattr(request, "token", None)
    told = shapes.AccountOut(
        login=request.officer.login,
        name=str(request.officer),
        roles=[
            shapes.RoleOut(body=role.body.code, role=role.role)
            for role in roles.order_by("body__path", "role")
        ],
        token=shapes.TokenOut(titled=held.titled, scopes=held.scopes, until=json_told.moment(held.until))
        if held
        else UNSET,
    )
    return answered(told)


def inbox(request: DeskRequest) -> HttpResponse:
    """What waits at my bodies. Raises Answered with 422 for a filter that means nothing here."""
    asked = json_read.query(request, shapes.InboxIn)
    wanted = _wanted(request, asked)
    found = pages.with_news(sifting.sifted(request.acting, wanted), request.officer)
    name, falls = sifting.KEYS[asked.sort]
    order = (Key(name, falls, empty=name == "next_due"), Key("id", falls))
    page = page_of(found, order, asked, f"inbox {asked.sort}")
    told = [_line(request, line, read=bool(line.petition.read)) for line in _lines(page.rows)]  # type: ignore[attr-defined]
    return answered(shapes.InboxOut(petitions=told, next=page.next or UNSET))


def _wanted(request: DeskRequest, asked: shapes.InboxIn) -> dict[str, str]:
    """The filters as the page's own form reads them; what it cannot read is named, and not let through."""
    bodies = list(sifting.bodies_at_work(request.acting))
    given = {name: str(getattr(asked, name)) for name in sifting.SiftForm.base_fields}
    form = sifting.SiftForm(given, bodies)
    wanted = form.wanted
    unread = {name for name, value in given.items() if value and wanted.get(name) != value}
    for name, known in (("body", [body.code for body in bodies]), ("kind", sifting.kinds_here())):
        if name not in form.fields and given[name] in known:
            unread.discard(name)  # the only one there is: the page does not even ask
    if unread:
        wrong = dict.fromkeys(sorted(unread), FIELD_REASONS["choice"])
        raise Answered(422, Refusal("contents", REASONS["contents"], "", wrong))
    return wanted


def _lines(rows: Iterable[Any]) -> list[Line]:
    return pages.lines(rows)


def _line(request: DeskRequest, line: Line, read: bool | None = None) -> shapes.InboxLine:  # noqa: FBT001
    petition = line.petition
    due = line.clock
    return shapes.InboxLine(
        ref=petition.ref,
        subject=masking.subject_for(request.acting, petition),
        kind=petition.kind,
        state=json_told.StateOut(
            code=petition.state, zh=line.state.zh, en=line.state.en, open=petition.is_open
        ),
        holder=json_told.body(petition.holder),
        lodged_at=json_told.moment(petition.lodged_at),
        version=petition.version,
        officer=petition.officer.login if petition.officer else UNSET,
        due=shapes.DueOut(
            clock=due.name,
            text=words(line.clock_name),
            due=due.due.isoformat(),
            late=due.due < request.today,
            article=due.article,
            rulebook=due.rulebook,
        )
        if due
        else UNSET,
        read=UNSET if read is None else read,
    )


# ---- supervision


def board(request: DeskRequest) -> HttpResponse:
    """What bodies owe here and below, why they are late, how old it is, where it went."""
    seen = board_counted.overview(request.acting, request.today)
    told = shapes.BoardOut(
        day=seen.day.isoformat(),
        near_until=registry.near_until(seen.day).isoformat(),
        since=seen.since.day.isoformat(),
        no_longer_late=seen.since.no_longer,
        newly_accepted=seen.since.taken,
        bodies=[_load(each) for each in seen.board.loads],
        reasons=[
            shapes.WhyOut(
                why=each.trigger.name,
                text=words(each.trigger.text),
                article=each.trigger.article,
                count=each.count,
            )
            for each in seen.reasons
        ],
        ages=list(_ages(seen.board)),
        hands=seen.board.hands,
        counted_at=json_told.moment(seen.counted_at) if seen.counted_at else UNSET,
    )
    return answered(told)


def _load(load: registry.Load) -> shapes.LoadOut:
    return shapes.LoadOut(
        body=json_told.body(load.body),
        open=load.open,
        in_time=load.in_time,
        near=load.near,
        late=load.late,
        ordered=load.ordered,
        nobody=load.nobody,
        newly_late=load.fresh,
        newly_near=load.newly_near,
        missed=load.missed,
        missed_orders=load.missed_orders,
    )


def _ages(counted: registry.Board) -> Iterable[shapes.AgeOut]:
    ends = [*standings.AGES, None]
    for until, stands in zip(ends, counted.ages, strict=True):
        yield shapes.AgeOut(
            time=stands[standings.IN_TIME],
            near=stands[standings.NEAR],
            late=stands[standings.LATE],
            ordered=stands[standings.ORDERED],
            until=until or UNSET,
        )


def board_petitions(request: DeskRequest) -> HttpResponse:
    """The petitions behind one number of the board, the longest late first."""
    asked = json_read.query(request, shapes.BoardPetitionsIn)
    wanted = {
        name: value
        for name in ("body", "due", "why", "age", "hands", "nobody")
        if (value := getattr(asked, name))
    }
    if asked.why and asked.why not in {trigger.name for trigger in law.in_force(request.today).triggers}:
        unknown = {"why": FIELD_REASONS["choice"]}
        raise Answered(422, Refusal("contents", REASONS["contents"], "", unknown))
    found = pages.with_what_a_line_shows(registry.chosen(request.acting, request.today, wanted))
    page = page_of(found, LONGEST_LATE, asked, "board")
    told = [_line(request, line) for line in _lines(page.rows)]
    return answered(shapes.InboxOut(petitions=told, next=page.next or UNSET))
