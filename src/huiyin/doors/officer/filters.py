"""Filters that an officer uses every day, as tabs of their own; taken away, they can be put back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from huiyin.doors.officer import sifting
from huiyin.doors.officer.door import DeskRequest
from huiyin.reading import labels
from huiyin.registry import desk

DROPPED = (
    "dropped_filter"  # of the session: what was taken away last, until the inbox has offered to put it back
)


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Name of the tab"), max_length=desk.TITLE_LENGTH)


def _inbox(query: str) -> str:
    return reverse("desk:inbox") + (f"?{query}" if query else "")


@require_POST
def save(request: DeskRequest) -> HttpResponseBase:
    """Keep the filters that were sent along, under the title that was typed."""
    bodies = list(sifting.bodies_at_work(request.acting))
    wanted = sifting.told(sifting.SiftForm(request.POST, bodies).wanted)
    form = TitleForm(request.POST)
    problem = _problem(form, wanted)
    if not problem and desk.save_filter(request.officer, form.cleaned_data["title"], wanted) is None:
        problem = gettext("There are %(n)d tabs of yours already. Take one away first.") % {
            "n": desk.MOST_FILTERS
        }
    if problem:
        messages.warning(request, problem)
    else:
        messages.success(request, gettext("“%(title)s” stands among your tabs now.") % form.cleaned_data)
    return redirect(_inbox(sifting.as_query(wanted)))


def _problem(form: TitleForm, wanted: dict[str, str]) -> str:
    if not wanted:
        return gettext("Choose a filter first, then save it under a name.")
    if not form.is_valid():
        return gettext("Give the tab a name of at most %(n)d letters.") % {"n": desk.TITLE_LENGTH}
    if found := labels.found(form.cleaned_data["title"]):
        return gettext("A tab is about matters, not about people. Find another name than: %(words)s") % {
            "words": ", ".join(found)
        }
    return ""


@require_POST
def drop(request: DeskRequest, number: int) -> HttpResponseBase:
    gone = desk.drop_filter(request.officer, number)
    if gone is None:
        raise Http404
    request.session[DROPPED] = {"title": gone.title, "wanted": gone.wanted}
    return redirect("desk:inbox")


def dropped(request: DeskRequest) -> dict[str, Any] | None:
    """The tab that was taken away a moment ago; told once."""
    told: dict[str, Any] | None = request.session.pop(DROPPED, None)
    return told
