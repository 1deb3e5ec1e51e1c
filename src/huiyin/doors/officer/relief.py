"""Applications for aid (art. 37) at the desk of the role `relief`: opened for a purpose, answered.

Nothing here leads to a petition: the reference is shown as text, and only where its author allowed it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.core.seal import SealBroken
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import relieving
from huiyin.registry.models import Relief
from huiyin.registry.relief import APPLIED, OUTCOMES, STATES
from huiyin.site.forms import Quiet, say_later
from huiyin.vault.keys import KeyRefused
from huiyin.vault.unseal import NothingSealed, open_relief

A_PAGE = 50


class AnswerForm(Quiet):
    """The outcome, its reasons, and where a refusal can be challenged."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[(name, say_later(STATES[name])) for name in OUTCOMES],
    )
    words = forms.CharField(
        label=_("Reasons, and what comes next"),
        help_text=_(
            "The applicant reads this on their page. Write no name and nothing from the application."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    appeal = forms.CharField(
        label=_("Where and until when a refusal can be challenged"),
        help_text=_("Needed where it is refused."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def show(self, refusal: Refusal) -> None:
        if not refusal.fields:
            self.add_error(None, str(say_later(refusal.reason)))
        for name, reason in refusal.fields.items():
            self.add_error(name, str(say_later(reason)))


class PurposeForm(Quiet):
    purpose = forms.ChoiceField(
        label=_("What do you open it for?"),
        widget=forms.RadioSelect,
        choices=[(name, say_later(text)) for name, text in relieving.PURPOSES.items()],
    )


def _found(request: DeskRequest, pk: UUID) -> Relief:
    found = relieving.of_desk(request.acting).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def applications(request: DeskRequest) -> HttpResponseBase:
    """What lies at this officer's body: open ones first."""
    rows = relieving.of_desk(request.acting).order_by("-ended_on", "applied_on", "pk")
    still_open = Paginator(rows.filter(ended_on=None), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": still_open, "ended": rows.exclude(ended_on=None)[:A_PAGE]}
    return page(request, "relief.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """One application, closed; its answer is given here."""
    found = _found(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        refused = relieving.answer(request.acting, pk, today=request.today, **form.cleaned_data)
        if refused is None:
            messages.success(request, _("Answered. The applicant reads it on their page."))
            return redirect("desk:relief")
        form.show(refused)
    return _page(request, found, status=409 if form.errors else 200, form=form)


@require_POST
def receive(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """Say that it was taken in."""
    found = _found(request, pk)
    if refused := relieving.receive(request.acting, pk):
        messages.error(request, str(say_later(refused.reason)))
    return redirect("desk:relief-one", found.pk)


@sensitive_variables()
@require_POST
def opened(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """What it says, on this answer only; that it was opened is written down first."""
    found = _found(request, pk)
    purpose = PurposeForm(request.POST)
    if not purpose.is_valid():
        return _page(request, found, status=400, purpose=purpose)
    noted = relieving.note_opening(request.acting, pk, purpose.cleaned_data["purpose"], request.today)
    if isinstance(noted, Refusal):
        messages.error(request, str(say_later(noted.reason)))
        return redirect("desk:relief-one", found.pk)
    said: dict[str, str] = {}
    problem: Any = ""
    try:
        said = open_relief(found.pk)
    except NothingSealed:
        problem = _("It was taken back in this moment.")
    except (KeyRefused, SealBroken):
        problem = _("The seal does not open here. Ask who runs this installation for relief.key.")
    return _page(request, found, said=said, problem=problem)


def _page(request: DeskRequest, found: Relief, *, status: int = 200, **more: Any) -> HttpResponseBase:
    context = {
        "row": found,
        "ref": found.petition.ref if found.shows_ref else "",
        "is_new": found.state == APPLIED,
        "form": AnswerForm(),
        "purpose": PurposeForm(),
    }
    return page(request, "relief_one.html", context | more, status=status)
