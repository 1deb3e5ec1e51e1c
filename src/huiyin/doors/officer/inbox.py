"""The inbox: what waits at my bodies, what is due first on top, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from huiyin.core import case
from huiyin.core.text import Text
from huiyin.doors.officer import addresses, door, filters, hand_over, sifting, wording
from huiyin.doors.officer.door import AT_WORK, DeskRequest, page
from huiyin.registry import desk, record
from huiyin.registry.access import HANDLING_ROLES
from huiyin.registry.desk import TITLE_LENGTH
from huiyin.registry.models import Body, Clock, Officer, Outbox, Petition
from huiyin.site import articles, clocks

if TYPE_CHECKING:
    Pages = Paginator[Petition]
else:  # Django's own class takes no type argument at run time
    Pages = Paginator

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One petition in a list."""

    petition: Petition
    kind: Text
    state: Text
    clock: case.Clock | None
    clock_name: Text
    article: Text
    reminded_at: datetime | None


class BoundedPaginator(Pages):
    """Pages of the first so many: a deep page of a long list would be slow, and nobody turns to it."""

    @cached_property
    def count(self) -> int:
        found: QuerySet[Petition] = self.object_list  # type: ignore[assignment]
        return found.order_by().values("pk")[: sifting.LISTED].count()


@require_safe
def inbox(request: DeskRequest) -> HttpResponseBase:
    acting = request.acting
    if not any(acting.has(role) for role in AT_WORK):
        return redirect(f"desk:{door.first_place(acting)}")
    bodies = list(sifting.bodies_at_work(acting))
    form = sifting.SiftForm(request.GET, bodies)
    wanted = form.wanted
    found = sifting.sifted(acting, wanted)
    shown = BoundedPaginator(with_news(found, acting.officer), A_PAGE).get_page(request.GET.get("page"))
    together = hand_over.registering(request.today)
    saved = sifting.saved_choices(acting, wanted)
    quick = sifting.quick_choices(acting, wanted)
    return page(
        request,
        "inbox.html",
        {
            "form": form,
            "quick": quick,
            "saved": saved,
            "orders": sifting.orders(wanted),
            "may_save": not any(choice.current for choice in (*quick, *saved)),
            "title_length": TITLE_LENGTH,
            "dropped": filters.dropped(request),
            "wanted": sifting.told(wanted),
            "list": addresses.suffix_of(sifting.as_query(wanted)),  # of this very list
            "together": together,
            "can_register": together and any(each.state in together.states for each in shown),
            "lines": lines(shown),
            "page": shown,
            "cut": shown.paginator.count >= sifting.LISTED,
            "officers": officers_of(bodies),
            "one_body": len(bodies) < 2,
            "sifted": bool(sifting.told(wanted).keys() - {"sort"}),
        },
    )


def officers_of(bodies: list[Body]) -> list[Officer]:
    """Who could be put in charge at these bodies."""
    held = Officer.objects.filter(is_active=True, roles__body__in=bodies, roles__role__in=HANDLING_ROLES)
    return list(held.distinct().order_by("name", "login"))


def with_what_a_line_shows(found: QuerySet[Petition]) -> QuerySet[Petition]:
    """Three queries whatever the number of lines; never the texts, which a list does not show."""
    owed = Q(state__in=("running", "paused")) | Q(state="missed", ended=None)
    clocks = Clock.objects.filter(owed, on_due="breach", carried_by=0).exclude(kind="house").order_by("due")
    # All of them have a mark, and by it the database finds them.
    reminders = Outbox.objects.filter(audience="officer").exclude(mark="").order_by("created_at")
    return (
        found.select_related("holder", "officer")
        .defer("text", "accused_words", "took_part")
        .prefetch_related(
            Prefetch("clocks", queryset=clocks, to_attr="owed"),
            Prefetch("outbox", queryset=reminders, to_attr="reminders"),
        )
    )


def with_news(found: QuerySet[Petition], officer: Officer) -> QuerySet[Petition]:
    """The same for an officer's own inbox, where what is new to them stands out."""
    return with_what_a_line_shows(found).annotate(read=desk.has_opened(officer))


def lines(petitions: Iterable[Petition]) -> list[Line]:
    return [_line(petition) for petition in petitions]


def _line(petition: Any) -> Line:
    owed: Clock | None = petition.owed[0] if petition.owed else None
    return Line(
        petition=petition,
        kind=wording.kind_of(petition),
        state=wording.state_of(petition),
        clock=record.clock_of(owed) if owed else None,
        clock_name=clocks.short(wording.clock_of(owed)) if owed else Text("", ""),
        article=articles.cite(owed.article, owed.rulebook) if owed else Text("", ""),
        reminded_at=petition.reminders[-1].created_at if petition.reminders else None,
    )


@require_safe
def none(request: DeskRequest) -> HttpResponseBase:
    """For an account that has no role yet: says so, instead of showing an empty list."""
    return page(request, "none.html")
