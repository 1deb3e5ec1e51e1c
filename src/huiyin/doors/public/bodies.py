"""Where to go in person, by letter or by telephone: found by what it is about, where, or by name.

It knows bodies and their hours, and keeps nothing of who looks.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.registry import directory, law
from huiyin.registry.bodies import LEVELS
from huiyin.registry.models import Body
from huiyin.site import way

ON_A_PAGE = 20
MORE = ("level", "find", "receives")  # folded away until somebody used them
OFFERED = 200  # subjects that a field can offer


class FindForm(forms.Form):
    """What narrows the list: all of it about bodies, nothing about who asks."""

    use_required_attribute = False
    subject = forms.CharField(label=_("What it is about"), required=False, max_length=60)
    place = forms.CharField(label=_("County, district or street"), required=False, max_length=60)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("Any")), *LEVELS])
    find = forms.CharField(label=_("Part of its name"), required=False, max_length=60)
    receives = forms.BooleanField(label=_("Only where I can go without naming a body"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].widget.attrs["list"] = "subjects"

    def narrowed(self, bodies: QuerySet[Body]) -> QuerySet[Body]:
        said = self.cleaned_data if self.is_valid() else {}
        words = {name: said.get(name) or "" for name in ("subject", "place", "level", "find")}
        return directory.narrowed(bodies, **words, receives=bool(said.get("receives")))


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies that fit, with their hours and their next reception day; a page at a time."""
    book, today = law.at(timezone.now())
    form = FindForm(request.GET)
    # Where anybody can go comes first; whom only a letter reaches comes last.
    found = form.narrowed(directory.known()).order_by("external", "-receives", "path")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "next": directory.next_days([body.pk for body in page], today),
        "sought": any(request.GET.get(name, "").strip() for name in form.fields),
        "narrower": any(request.GET.get(name, "").strip() for name in MORE),
        "subjects": directory.subjects()[:OFFERED],
        "stages": way.stages(book),
    }
    return render(request, "public/bodies.html", context)
