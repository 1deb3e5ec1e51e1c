"""Being away: from when to when, and who stands in. A stand-in handles petitions and keeps nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer import provider, sessions
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.people import known_to
from huiyin.registry import digests, keeping
from huiyin.registry.models import Officer, Role, SignedIn
from huiyin.site.forms import say_later

SHOWN = 5  # of one's own sign-ins


class AbsenceForm(forms.Form):
    use_required_attribute = False
    away_from = forms.DateField(
        label=_("First day away"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    away_until = forms.DateField(
        label=_("Last day away"),
        help_text=_("Leave it empty while you do not know."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    stands_in = forms.ModelChoiceField(
        Officer.objects.none(),
        empty_label="—",
        label=_("Who stands in"),
        help_text=_("They see and handle the petitions on these days, under their own name."),
        required=False,
    )

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        now_set = {name: getattr(officer, name) for name in ("away_from", "away_until", "stands_in")}
        kwargs["initial"] = now_set
        super().__init__(*args, **kwargs)
        field = self.fields["stands_in"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = keeping.colleagues_of(officer)

    def show(self, refusal: Refusal) -> None:
        for name, reason in refusal.fields.items():
            self.add_error(name, str(say_later(reason)))


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: DeskRequest) -> HttpResponseBase:
    """One's own absence."""
    return _absence(request, request.officer, "desk:absence")


@require_http_methods(["GET", "HEAD", "POST"])
def absence_of(request: DeskRequest, login: str) -> HttpResponseBase:
    """Somebody else's, set by an administrator: illness asks nobody beforehand."""
    found = known_to(request.acting).filter(login=login).first()
    if found is None or not keeping.keeps_account_of(request.acting, found):
        raise Http404
    return _absence(request, found, "desk:person", found.login)


def _absence(request: DeskRequest, officer: Officer, after: str, *args: str) -> HttpResponseBase:
    posted: Mapping[str, Any] | None = request.POST if request.method == "POST" else None
    clears = posted is not None and "clear" in posted
    form = AbsenceForm(officer, {} if clears else posted)
    if posted is not None and form.is_valid() and _save(request, officer, form, clears=clears):
        said = gettext("The absence is taken back.") if clears else gettext("The absence is saved.")
        messages.success(request, said)
        return redirect(after, *args)
    officer.refresh_from_db()
    context = {
        "form": form,
        "officer": officer,
        "own": not args,
        "is_set": officer.away_from is not None,
        "away": officer.is_away(request.today),
        "standing_in_for": [
            o for o in officer.stands_in_for.filter(is_active=True) if o.is_away(request.today)
        ],
    }
    return page(request, "absence.html", context, status=400 if form.errors else 200)


def _save(request: DeskRequest, officer: Officer, form: AbsenceForm, *, clears: bool) -> bool:
    if not clears and form.cleaned_data["away_from"] is None:  # an empty form is no way to end an absence
        form.add_error("away_from", str(say_later(keeping.DATES_NEEDED)))
        return False
    refused = keeping.set_absence(
        officer,
        first=form.cleaned_data["away_from"],
        last=form.cleaned_data["away_until"],
        stands_in=form.cleaned_data["stands_in"],
        by=request.officer,
        now=request.now,
    )
    if refused:
        form.show(refused)
    return refused is None


@require_safe
def account(request: DeskRequest) -> HttpResponseBase:
    """Who I am here: my roles, my absence, my password."""
    roles = Role.objects.filter(officer=request.officer).select_related("body").order_by("body__path", "role")
    standing_in = [
        o for o in request.officer.stands_in_for.filter(is_active=True) if o.is_away(request.today)
    ]
    rows = SignedIn.objects.filter(officer=request.officer).order_by("-at", "-pk")[:SHOWN]
    found = provider.configured()
    context = {
        "roles": list(roles),
        "standing_in_for": standing_in,
        "has_password": request.officer.has_usable_password(),
        "provider": provider.title_of(found) if found else "",
        "reads_digest": any(map(request.acting.has, digests.READING)),
        "sign_ins": [{"row": row, "by": sessions.by_what(row)} for row in rows],
    }
    return page(request, "account.html", context)


@require_POST
def single_keys(request: DeskRequest) -> HttpResponseBase:
    """Whether letters on the keyboard act by themselves (WCAG 2.1.4): their own choice, on every machine."""
    officer = request.officer
    officer.single_keys = request.POST.get("single_keys") == "on"
    officer.save(update_fields=["single_keys"])
    messages.success(
        request,
        gettext("Single-key shortcuts are on again.")
        if officer.single_keys
        else gettext("Letters on the keyboard do nothing by themselves any more."),
    )
    return redirect("desk:account")
