"""Which petitions an inbox lists: the filters of its form, and the number behind each quick choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.doors.officer.door import AT_WORK
from huiyin.doors.officer.wording import kinds_of, states_for, states_of, states_to_serve
from huiyin.registry import access, desk, law
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, Clock, Petition
from huiyin.site.forms import say_later

SIGN = "countersign"
SOON = timedelta(days=5)
# A number is counted up to here and shown as "999+" beyond: nobody works through more, and a page must not
# wait for a database that counts them.
COUNTED = 999
LISTED = 2000

WHO = (("", _("Everybody's")), ("mine", _("Mine")), ("unassigned", _("Nobody's yet")))
DUE = (
    ("", _("Any date")),
    ("today", _("Due today")),
    ("late", _("Late")),
    ("soon", _("Due within 5 days")),
)
NEWS = (("", _("Read or not")), ("unread", _("Something new since I opened it")))
STATUS = (
    ("open", _("Open")),
    ("sign", _("Waiting for a signature")),
    ("serve", _("Written, to be served")),
    ("closed", _("Closed")),
    ("publish", _("Publication to be approved")),
    ("elsewhere", _("Elsewhere, but ours to carry out")),
)


# How the list is in order: a closed list, each with an index of its own behind it.
DUE_FIRST = ""
SORTS = (
    (DUE_FIRST, _("What is due first")),
    ("newest", _("Newest first")),
    ("oldest", _("Oldest first")),
    ("moved", _("Last step first")),
)
KEYS: dict[str, tuple[str, bool]] = {  # the column it goes by, and whether the greatest comes first
    DUE_FIRST: ("next_due", False),
    "newest": ("lodged_at", True),
    "oldest": ("lodged_at", False),
    "moved": ("moved_at", True),
}


class SiftForm(forms.Form):
    """The filters above the list; what cannot be read filters nothing. How a petition came in is none."""

    who = forms.ChoiceField(label=_("In charge"), choices=WHO, required=False)
    due = forms.ChoiceField(label=_("Due"), choices=DUE, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=STATUS, required=False)
    news = forms.ChoiceField(label=_("News"), choices=NEWS, required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False, widget=forms.HiddenInput)
    body = forms.ChoiceField(label=_("Body"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Class"), required=False)

    def __init__(self, data: QueryDict | Mapping[str, Any], bodies: list[Body]) -> None:
        super().__init__(
            {name: data.get(name, "") for name in self.base_fields} | {"status": data.get("status") or "open"}
        )
        any_one: tuple[str, Any] = ("", _("Any"))
        self.fields["body"].choices = [any_one, *((b.code, say_later(b.name)) for b in bodies)]  # type: ignore[attr-defined]
        unknown = {"publish"} if not law.at(timezone.now())[0].publishes else set()
        if not states_for(settings.JURISDICTION, SIGN):
            unknown.add("sign")
        self.fields["status"].choices = [each for each in STATUS if each[0] not in unknown]  # type: ignore[attr-defined]
        states = states_of(settings.JURISDICTION)
        self.fields["state"].choices = [any_one, *((c, say_later(t)) for c, t in states.items())]  # type: ignore[attr-defined]
        kinds = kinds_of(settings.JURISDICTION)
        self.fields["kind"].choices = [any_one, *((c, say_later(t)) for c, t in kinds.items())]  # type: ignore[attr-defined]
        for name, known in (("body", bodies), ("kind", kinds)):
            if len(known) < 2:  # nothing to choose from
                del self.fields[name]

    @property
    def wanted(self) -> dict[str, str]:
        """The filters that were set and could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def kinds_here() -> dict[str, Any]:
    """The classes that this house's law knows."""
    return dict(kinds_of(settings.JURISDICTION))


def told(wanted: Mapping[str, str]) -> dict[str, str]:
    """The filters without what goes without saying: that the petitions are open."""
    return {name: value for name, value in wanted.items() if (name, value) != ("status", "open")}


def as_query(wanted: Mapping[str, str]) -> str:
    """The filters as an address says them; empty for all open."""
    return urlencode(sorted(told(wanted).items()))  # a database may turn them round


def bodies_at_work(acting: Acting) -> QuerySet[Body]:
    """The bodies whose petitions this officer works on."""
    return Body.objects.filter(code__in=acting.codes(AT_WORK)).order_by("path")


def sifted(
    acting: Acting, wanted: dict[str, str], inbox: QuerySet[Petition] | None = None
) -> QuerySet[Petition]:
    """The inbox through these filters, in the order that was chosen: what is due first, else."""
    if wanted.get("status") == "elsewhere":
        found = ours_elsewhere(acting)
    else:
        found = access.inbox_of(acting) if inbox is None else inbox
        # `in` and not `=`: Django writes the latter as a bare column, which SQLite cannot find in the index;
        # then it sorts the whole inbox to show fifty lines.
        found = found.filter(is_open__in=[wanted.get("status") not in {"closed", "publish"}])
    if wanted.get("status") == "serve":
        found = found.filter(state__in=states_to_serve(settings.JURISDICTION))
    if wanted.get("status") == "sign":
        waits = Q(marks__has_key="submitted") & ~Q(marks__has_key="countersigned")
        found = found.filter(waits, state__in=states_for(settings.JURISDICTION, SIGN))
    if wanted.get("status") == "publish":
        found = found.filter(**{"marks__publication-proposed": True})
    found = _by_who(found, acting, wanted.get("who", ""))
    found = by_due(found, wanted.get("due", ""), acting.day)
    if wanted.get("news") == "unread":
        found = found.exclude(desk.has_opened(acting.officer))
    for name in ("state", "kind"):
        if name in wanted:
            found = found.filter(**{name: wanted[name]})
    if "body" in wanted:
        found = found.filter(holder__code=wanted["body"])
    return found.order_by(*order(wanted.get("sort", DUE_FIRST)))


def order(sort: str, *, backwards: bool = False) -> tuple[Any, str]:
    """What to order by; no petition without a date comes before one with it."""
    name, falls = KEYS[sort]
    falls = falls != backwards
    if name != "next_due":
        return ("-" if falls else "") + name, "-id" if falls else "id"
    date = F(name).desc(nulls_first=True) if falls else F(name).asc(nulls_last=True)
    return date, "-id" if falls else "id"


def ours_elsewhere(acting: Acting) -> QuerySet[Petition]:
    """What this officer's bodies took up and still owe, though it is closed or with a higher body now."""
    ours = acting.codes({"handler"})
    reporting = Clock.objects.filter(name="report", ended=None, petition__handled_by__in=ours)
    promised = Petition.objects.filter(handled_by__in=ours, remedy__in=("due", "disputed"))
    # Each is found by an index of its own; asked in one condition, all that they ever handled is read.
    owed = promised.order_by().values("pk").union(reporting.order_by().values("petition"))
    left = ~Q(holder__code__in=ours) | Q(is_open=False)
    return access.visible_to(acting).filter(left, pk__in=owed)


def _by_who(found: QuerySet[Petition], acting: Acting, who: str) -> QuerySet[Petition]:
    if who == "mine":
        return found.filter(officer=acting.officer)
    if who == "unassigned":
        # An account that is closed is in charge of nothing.
        return found.filter(Q(officer=None) | Q(officer__is_active=False))
    return found


def by_due(found: QuerySet[Petition], due: str, today: date) -> QuerySet[Petition]:
    """Late: a body's last day is over. Today: it is now. Soon: it is among the next five, today included."""
    if due == "today":
        return found.filter(next_due=today)
    if due == "late":
        return found.filter(next_due__lt=today)
    if due == "soon":
        return found.filter(next_due__gte=today, next_due__lte=today + SOON)
    return found


@dataclass(frozen=True, slots=True)
class Quick:
    """One quick choice above the list."""

    text: Any
    query: str
    current: bool
    count: str = ""
    tone: str = ""
    number: int = 0  # of the officer's own


QUICK: tuple[tuple[Any, dict[str, str], str], ...] = (
    (_("My body's"), {}, ""),
    (_("Due today"), {"due": "today"}, "warn"),
    (_("Mine"), {"who": "mine"}, ""),
    (_("Unread"), {"news": "unread"}, ""),
    (_("Nobody's yet"), {"who": "unassigned"}, ""),
    (_("To be served"), {"status": "serve"}, ""),
    (_("Late"), {"due": "late"}, "late"),
    (_("Due within 5 days"), {"due": "soon"}, "warn"),
)


TO_SIGN = (_("To be signed"), {"status": "sign"}, "warn")


def _quick(acting: Acting) -> list[tuple[Any, dict[str, str], str]]:
    """Whoever signs sees first what waits for it: nobody else could say so to them."""
    rows = law.in_force(acting.day).rows_of(SIGN)
    signs = any(acting.has(role) for row in rows for role in row.by)
    return [QUICK[0], TO_SIGN, *QUICK[1:]] if signs else list(QUICK)


def quick_choices(acting: Acting, wanted: dict[str, str]) -> list[Quick]:
    """The quick choices with their numbers, each counted only as far as it is shown; the order stays."""
    inbox = access.inbox_of(acting)
    kept = {"sort": wanted["sort"]} if "sort" in wanted else {}
    return [
        Quick(
            text,
            as_query(sets | kept),
            told(wanted) == sets | kept,
            count=counted(sifted(acting, sets, inbox)),
            tone=tone,
        )
        for text, sets, tone in _quick(acting)
    ]


def orders(wanted: dict[str, str]) -> list[Quick]:
    """The ways in which this very list can be in order."""
    left = {name: value for name, value in wanted.items() if name != "sort"}
    return [
        Quick(text, as_query(left | ({"sort": sort} if sort else {})), wanted.get("sort", DUE_FIRST) == sort)
        for sort, text in SORTS
    ]


def saved_choices(acting: Acting, wanted: dict[str, str]) -> list[Quick]:
    """The officer's own filters, without numbers: each would be one more question to the database."""
    return [
        Quick(each.title, as_query(each.wanted), told(wanted) == each.wanted, number=each.pk)
        for each in acting.officer.saved_filters.all()
    ]


def counted(found: QuerySet[Petition]) -> str:
    number = found.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if number > COUNTED else str(number)
