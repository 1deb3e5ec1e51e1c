"""Speak with an official: the author of a petition books an hour, reads who will be there, gives it back.

The hour is tied to the petition and to nobody; it is gone when the day is over.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry import receiving
from huiyin.registry.models import Reception
from huiyin.registry.receiving import MOST_REPRESENTATIVES
from huiyin.site.forms import Quiet, say_later

NAME_LENGTH = 100


class HourForm(Quiet):
    """The hour, and who comes along."""

    at = forms.TypedChoiceField(
        label=gettext_lazy("At what time?"), widget=forms.RadioSelect, coerce=time.fromisoformat
    )

    def __init__(self, data: Any, *, hours: list[time]) -> None:
        super().__init__(data)
        field = self.fields["at"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(f"{hour:%H:%M}", f"{hour:%H:%M}") for hour in hours]
            field.error_messages["required"] = _("Choose an hour.")
            field.error_messages["invalid_choice"] = str(say_later(receiving.SLOT_TAKEN))
        for number in range(1, MOST_REPRESENTATIVES + 1):
            self.fields[f"name{number}"] = forms.CharField(
                label=_("Name of representative %(n)d") % {"n": number},
                max_length=NAME_LENGTH,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "data-no-draft": ""}),
            )

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "at"]

    @property
    def representatives(self) -> list[str]:
        return [self.cleaned_data[field.name] for field in self.names]


@following
@require_safe
def receptions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The days on which this petition can be spoken about."""
    now = timezone.now()
    booked = {b.reception_id for b in receiving.bookings_of(visit.petition, receiving.legal_now(now)[0])}
    days = [
        {"reception": day, "is_booked": day.pk in booked}
        for day in receiving.bookable_by(visit.petition, now)
    ]
    return render(request, "petitioner/receptions.html", {"petition": visit.petition, "days": days})


@sensitive_post_parameters()
@following
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, visit: Visit, *, number: int) -> HttpResponse:
    """Choose an hour of one day."""
    now = timezone.now()
    days = receiving.bookable_by(visit.petition, now)
    day = next((day for day in days if day.pk == number), None)
    if day is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    hours = receiving.free_hours(day, now)
    form = HourForm(posted, hours=hours)
    if posted is not None and form.is_valid():
        made = receiving.book(
            visit.petition, day, form.cleaned_data["at"], now=now, representatives=form.representatives
        )
        if not isinstance(made, Refusal):
            messages.success(request, _("The hour is booked. It stands on this page until the day is over."))
            return redirect("petitioner:petition")
        form.add_error("at" if "at" in made.fields else None, str(say_later(made.reason)))
    context = {"petition": visit.petition, "reception": day, "form": form, "hours": hours}
    return render(request, "petitioner/book.html", context, status=409 if form.errors else 200)


@following
@require_POST
def cancel(request: HttpRequest, visit: Visit, *, number: int) -> HttpResponse:
    """Give the hour back: no reason is asked, and nothing is left of it."""
    if receiving.cancel(visit.petition, Reception(pk=number)):
        messages.success(request, _("The hour is given back. Nothing of it is kept."))
    return redirect("petitioner:petition")
