"""The lists of the auditor's screen: what each holds, how many are new, and its filters by body and month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.doors.officer.door import DeskRequest
from huiyin.registry import access, law
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, Change, SignedIn

A_PAGE = 50
LATELY = timedelta(days=7)
MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Log:
    """One list: its page, its rows for an auditor, which fields say when and where, and its words."""

    name: str
    text: Any
    rows: Callable[[Acting], QuerySet[Any]]
    when: str
    where: str  # lookup of the code of a body; empty: it is about no body
    caption: Any
    columns: tuple[Any, ...]
    nothing: Any  # said of an empty list: that it is, and what will fill it
    until: Any


WHEN, WHO, WHAT, REF = _("When"), _("Who"), _("What"), _("Reference")
LOGS = (
    Log(
        "audit",
        _("Openings of seals"),
        access.openings_for,
        "recorded_at",
        "body",
        caption=_("Openings, the newest first"),
        columns=(WHEN, WHO, WHAT, _("In their words"), REF),
        nothing=_("No seal was opened"),
        until=_("Each opening appears here as soon as it is made, with who, when and why."),
    ),
    Log(
        "readings",
        _("Readings of reports"),
        access.readings_for,
        "at",
        "body__code",
        caption=_("Readings, the newest first"),
        columns=(WHEN, WHO, REF),
        nothing=_("No report was read"),
        until=_("Each opening of a report's words appears here, with who and when."),
    ),
    Log(
        "exports",
        _("Files taken"),
        access.exports_for,
        "at",
        "body",
        caption=_("Files taken, the newest first"),
        columns=(WHEN, WHO, WHAT, REF),
        nothing=_("No file was taken"),
        until=_("Each case file or table that an officer takes stands here at once."),
    ),
    Log(
        "demands",
        _("Demands"),
        access.demands_for,
        "recorded_at",
        "body",
        caption=_("Demands, the newest first"),
        columns=(WHEN, WHO, WHAT, _("In their words"), REF),
        nothing=_("No identity was demanded"),
        until=_("Each demand appears here as soon as it is recorded."),
    ),
    Log(
        "changes",
        _("Changes of the house"),
        lambda _acting: Change.objects.all(),
        "at",
        "",
        caption=_("Changes, the newest first"),
        columns=(WHEN, WHO, WHAT, _("Details")),
        nothing=_("Nothing was changed yet"),
        until=_("Each body, account, role, reception day and template that is changed is listed here."),
    ),
    Log(
        "sign-ins",
        _("Sign-ins"),
        lambda _acting: SignedIn.objects.all(),
        "at",
        "",
        caption=_("Sign-ins, the newest first"),
        columns=(WHEN, WHO, _("By what")),
        nothing=_("Nobody signed in yet"),
        until=_("Each officer who comes in stands here, with when and by what."),
    ),
    Log(
        "pressure",
        _("Pressure"),
        access.pressure_for,
        "lodged_at",
        "holder__code",
        caption=_("Reports of pressure, the newest first"),
        columns=(REF, _("Lodged"), _("Who is told"), _("Where it stands")),
        nothing=_("Nobody reported pressure"),
        until=_(
            "What petitioners report of threats or punishment appears here, as far as you may know of it."
        ),
    ),
)


class SiftForm(forms.Form):
    """The filters above a list; what cannot be read filters nothing."""

    body = forms.CharField(label=_("Body"), help_text=_("A part of its name."), required=False, max_length=60)
    month = forms.CharField(label=_("Month"), help_text=_("Such as 2026-11."), required=False, max_length=7)

    def __init__(self, data: Any, log: Log) -> None:
        super().__init__(data)
        if not log.where:
            del self.fields["body"]


def listed(request: DeskRequest, name: str, rows: QuerySet[Any] | None = None) -> dict[str, Any]:
    """What every list of the auditor shows: the tabs, the filters, and one page of rows, the newest first."""
    log = next(each for each in LOGS if each.name == name)
    form = SiftForm(request.GET, log)
    form.is_valid()
    found = log.rows(request.acting) if rows is None else rows
    wanted = _wanted(log, form.cleaned_data, request.now)
    shown: Page[Any] = Paginator(found.filter(wanted).order_by(f"-{log.when}", "-id"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return {
        "log": log,
        "page": shown,
        "form": form,
        "sifted": bool(wanted),
        "here": reverse(f"desk:{name}"),
        "tabs": list(_tabs(request, name)),
    }


def _tabs(request: DeskRequest, name: str) -> Iterator[dict[str, Any]]:
    for log in LOGS:
        new = log.rows(request.acting).filter(**{f"{log.when}__gte": request.now - LATELY}).count()
        yield {"text": log.text, "href": reverse(f"desk:{log.name}"), "new": new, "current": log.name == name}


def _wanted(log: Log, said: dict[str, str], now: datetime) -> Q:
    wanted = Q()
    if part := said.get("body"):
        named = Body.objects.filter(Q(name_zh__icontains=part) | Q(name_en__icontains=part))
        wanted &= Q(**{f"{log.where}__in": named.values("code")})
    if span := _span(said.get("month", ""), now):
        wanted &= Q(**{f"{log.when}__gte": span[0], f"{log.when}__lt": span[1]})
    return wanted


def _span(month: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The moments at which a month begins and ends where the law is in force."""
    read = MONTH.fullmatch(month.strip())
    if read is None or not (1 <= int(read[2]) <= 12 and int(read[1]) > 1):
        return None
    first = date(int(read[1]), int(read[2]), 1)
    after = (first + timedelta(days=31)).replace(day=1)
    zone = ZoneInfo(law.at(now)[0].zone)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, after))
    return begin, end
