"""Hand-overs to and from other installations: how each stands, what is due, what needs somebody to look."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import access, crossing_words
from huiyin.registry import crossings as registry
from huiyin.registry.access import Acting
from huiyin.registry.models import Crossing, PartnerMessage

A_PAGE = 25
DEAD = PartnerMessage.objects.filter(crossing=OuterRef("pk"), done_at=None, next_at=None)
WAITING = PartnerMessage.objects.filter(crossing=OuterRef("pk"), done_at=None)


@require_safe
def crossings(request: DeskRequest) -> HttpResponseBase:
    """What has no answer or is not tried any more first, then what waits, then the latest."""
    rows = _seen(request.acting).annotate(
        dead=Exists(DEAD), waits=Exists(WAITING), silent=registry.unanswered(request.now)
    )
    order = ("-silent", "-dead", "-waits", "-began_at", "-id")
    found = rows.select_related("partner", "petition__holder").order_by(*order)
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "told": crossing_words.told(shown.object_list),
        "may_recall": request.acting.has("registrar") or request.acting.has("handler"),
        "may_read": _petitions_among(request.acting, shown.object_list),
    }
    return page(request, "crossings.html", context)


@require_POST
def again(request: DeskRequest, number: int) -> HttpResponseBase:
    """Try the message that waits at the clerk's next look."""
    found = _seen(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    if registry.retry(found.messages.all(), request.now):
        messages.success(request, gettext("It is tried again within a minute."))
    return redirect("desk:crossings")


def _seen(acting: Acting) -> QuerySet[Crossing]:
    """Those of petitions that this officer sees; an administrator sees how all stand, and no petition."""
    if acting.has("administrator"):
        return Crossing.objects.all()
    mine = access.visible_to(acting).filter(pk=OuterRef("petition"))
    return Crossing.objects.filter(Q(Exists(mine)))


def _petitions_among(acting: Acting, rows: object) -> set[int]:
    """Those of the listed ones whose petition this officer may open."""
    numbers = [row.petition_id for row in rows if row.petition_id]  # type: ignore[attr-defined]
    return set(access.visible_to(acting).filter(pk__in=numbers).values_list("pk", flat=True))
