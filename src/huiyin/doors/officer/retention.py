"""Holds and retention on the desk: what the clerk is about to erase, what is held, and what was erased.

No word of any petition stands here: reference, class, body, days and rule.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer import wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404
from huiyin.doors.officer.sure import Sure, ask
from huiyin.registry import erasing, retaining
from huiyin.registry.models import Petition
from huiyin.site.forms import Quiet, say_later

A_PAGE = 50


class HoldForm(Quiet):
    """Why a petition is kept beyond its time, and until when."""

    ground = forms.CharField(
        label=_("Legal ground"),
        help_text=_("For example: evidence in a pending court case. Its author reads this."),
        max_length=retaining.GROUND_LENGTH,
    )
    article = forms.CharField(
        label=_("Article"), help_text=_("Of which law."), max_length=retaining.ARTICLE_LENGTH
    )
    until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day. A hold ends by itself; it can be set anew."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


@require_safe
def due(request: DeskRequest) -> HttpResponseBase:
    """What the law no longer keeps: what the clerk erases in its next round, and what stops it."""
    shown = _page(request, erasing.over(request.today, retaining.petitions_of(request.acting)))
    found = erasing.due_of(list(shown), request.today)
    lines = [
        {
            **_line(each.petition),
            "since": each.since,
            "rule": each.rule,
            "kept_by": [say_later(erasing.WHY[name]) for name in each.kept_by],
            "may_hold": retaining.may_hold_at(request.acting, each.petition),
        }
        for each in found
    ]
    return page(request, "retention.html", {"here": "due", "lines": lines, "page": shown})


@require_safe
def holds(request: DeskRequest) -> HttpResponseBase:
    """The holds that are in force."""
    shown = _page(request, retaining.holds_for(request.acting))
    lines = [
        {
            **_line(each.petition),
            "hold": each,
            "may_lift": retaining.may_hold_at(request.acting, each.petition),
            "over": each.until < request.today,
        }
        for each in shown
    ]
    return page(request, "retention.html", {"here": "holds", "lines": lines, "page": shown})


@require_safe
def erased(request: DeskRequest) -> HttpResponseBase:
    """The tombstones."""
    shown = _page(request, retaining.tombstones_for(request.acting))
    lines = [{**_line(each.petition), "stone": each} for each in shown]
    return page(request, "retention.html", {"here": "erased", "lines": lines, "page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: DeskRequest, ref: str) -> HttpResponseBase:
    """Keep one petition beyond its time."""
    found = petition_or_404(request, ref)
    if not retaining.may_hold(request.acting, found):
        raise Http404
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = retaining.hold(found, **form.cleaned_data, acting=request.acting)
        if not isinstance(made, Refusal):
            messages.success(request, gettext("It is kept until the day you gave."))
            return redirect("desk:holds")
        for name, why in made.fields.items():
            form.add_error(name if name in form.fields else None, say_later(why))
    context = {"petition": found, "form": form, "kept_until": erasing.kept_until(found, request.today)}
    return page(request, "hold.html", context, status=400 if form.errors else 200)


@require_POST
def lift(request: DeskRequest, number: int) -> HttpResponseBase:
    """End a hold: from tomorrow on the clerk erases what the law no longer keeps."""
    if not retaining.holds_for(request.acting).filter(pk=number).exists():
        raise Http404
    question = Sure(
        title=gettext("Lift the hold?"),
        whose=gettext("Holds"),
        text=gettext(
            "Once the law keeps the petition no longer, the clerk's next run destroys its content, and "
            "nobody can bring it back."
        ),
        button=gettext("Lift it"),
    )
    if asked := ask(request, question, reverse("desk:holds")):
        return asked
    if not retaining.lift(number, request.acting):
        raise Http404
    messages.success(request, gettext("The hold is lifted."))
    return redirect("desk:holds")


def _line(petition: Petition) -> dict[str, Any]:
    return {
        "ref": petition.ref,
        "kind": wording.kind_of(petition),
        "body": petition.holder.name,
        "is_there": petition.erased_on is None,
    }


def _page(request: DeskRequest, rows: QuerySet[Any]) -> Any:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
