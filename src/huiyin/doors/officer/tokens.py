"""Tokens of officers: made with the present password, shown once, taken back by them or an administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer.bodies import A_PAGE
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.second_factor import ByPassword
from huiyin.registry import keeping, programs
from huiyin.registry.access_tokens import TITLE, AccessToken
from huiyin.registry.programs import BOARD, DAYS, SCOPES, STAFF
from huiyin.site.forms import say_later


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


class TokenForm(ByPassword):
    titled = forms.CharField(
        label=_("Name of this token"),
        help_text=_("Which program will hold it, so that you know it again."),
        max_length=TITLE,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        help_text=_("Of what you may do yourself, and never more. Give it no more than it needs."),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=DAYS[1],
        widget=forms.RadioSelect,
    )
    field_order = ("titled", "scopes", "days", "now_in_use")

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request)
        scopes: Any = self.fields["scopes"]
        only = {BOARD: "supervisor", STAFF: keeping.ADMINISTRATOR}
        offered = {
            code: text for code, text in SCOPES.items() if code not in only or request.acting.has(only[code])
        }
        scopes.choices = [(code, say_later(text)) for code, text in offered.items()]
        days: Any = self.fields["days"]
        days.choices = [(each, _days(each)) for each in DAYS]


@require_safe
def tokens(request: DeskRequest) -> HttpResponseBase:
    """What programs hold of this officer's."""
    lines = [
        {
            "token": each,
            "opens": programs.opens(each, request.now),
            "why": _why(request, each),
            "scopes": [SCOPES[scope] for scope in each.scopes if scope in SCOPES],
        }
        for each in programs.of(request.officer)
    ]
    return page(request, "tokens.html", {"lines": lines})


@require_safe
def everybodys(request: DeskRequest) -> HttpResponseBase:
    """What programs hold of anybody whose account is kept here; those that could still open something."""
    rows = programs.all_of(request.acting).filter(ended_at=None, until__gt=request.now)
    shown = Paginator(rows.order_by("officer__login", "-since", "-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    lines = [
        {"token": each, "why": _why(request, each), "scopes": [SCOPES[s] for s in each.scopes if s in SCOPES]}
        for each in shown
    ]
    return page(request, "all_tokens.html", {"lines": lines, "page": shown})


@require_POST
def end_for(request: DeskRequest, number: int) -> HttpResponseBase:
    """Take back somebody else's: of a program that is not needed, or of whoever left."""
    found = programs.all_of(request.acting).filter(pk=number).first()
    if found is None or not programs.end_for(found, request.officer, now=request.now):
        raise Http404
    messages.success(request, gettext("“%(name)s” opens nothing any more.") % {"name": found.titled})
    return redirect("desk:all-tokens")


def _why(request: DeskRequest, token: AccessToken) -> Any:
    """Why it opens nothing any more."""
    if token.ended_at is not None:
        return _("taken back")
    if token.until <= request.now:
        return _("its time is over")
    if not token.officer.is_active:
        return _("the account is closed")
    return "" if programs.is_bound(token) else _("ended with a change of password, role or second factor")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponseBase:
    """Make one: with the present password, and shown on this answer alone."""
    form = TokenForm(request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = programs.make(request.officer, said["titled"], said["scopes"], said["days"], now=request.now)
        if not isinstance(made, Refusal):
            return page(request, "token_slip.html", {"token": made[0], "said": made[1]})
        form.add_error(None, str(say_later(made.reason)))
    return page(request, "token_new.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def end(request: DeskRequest, number: int) -> HttpResponseBase:
    """Take one back. It opens nothing from now on; a program that needs one gets another."""
    ended = programs.end(request.officer, number, now=request.now)
    if ended is None:
        raise Http404
    messages.success(request, gettext("“%(name)s” opens nothing any more.") % {"name": ended.titled})
    return redirect("desk:tokens")
