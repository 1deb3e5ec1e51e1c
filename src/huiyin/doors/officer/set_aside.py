"""Messages that the mail door did not file by itself: a registrar looks at each, and files or closes it.

Shown is what was kept: the beginning of what was written, names and numbers masked. Who sent it is not here.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import by_mail
from huiyin.registry.letterbox import CLOSE, CLOSED_FOR, FILE
from huiyin.site.forms import Quiet

A_PAGE = 25


class Decided(Quiet):
    """What becomes of the messages that were chosen."""

    closed_for = forms.ChoiceField(
        label=_("Reason, if you close them"),
        help_text=_("They stay in the mailbox for 30 days, and can be filed as long."),
        choices=(("", _("Choose")), *CLOSED_FOR),
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: DeskRequest) -> HttpResponseBase:
    """What waits, the oldest first; or, with `?closed=1`, what was closed within the last month."""
    rows = by_mail.waiting_for(request.acting)
    form = Decided(request.POST or None)
    if request.method == "POST":
        chosen = rows.filter(pk__in=request.POST.getlist("message")[:A_PAGE])
        if _decide(request, form, chosen.values_list("pk", flat=True)):
            return redirect("desk:set-aside")
    closed = request.GET.get("closed") == "1"
    listed = rows.filter(decision=CLOSE) if closed else rows.filter(decision="")
    shown = Paginator(listed.order_by("at", "pk"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "lines": [{"row": each, "begins": each.subject} for each in shown],  # masked before it was kept
        "closed": closed,
        "form": form,
        "unfilable": by_mail.CANNOT_BE_FILED,
        "following": rows.filter(decision=FILE).count(),
    }
    return page(request, "set_aside.html", context, status=400 if form.errors else 200)


def _decide(request: DeskRequest, form: Decided, chosen: object) -> bool:
    """Whether something was decided; what is missing stands on the form."""
    if not form.is_valid():
        return False
    digests = list(chosen)  # type: ignore[call-overload]  # a list of digests
    if not digests:
        form.add_error(None, gettext("Choose at least one message."))
        return False
    rows = by_mail.waiting_for(request.acting).filter(pk__in=digests)
    if request.POST.get("go") == FILE:
        n = by_mail.decide(rows, FILE, by=request.officer, now=request.now)
        told = ngettext(
            "%(n)s message will be filed within a minute or two, and the receipt goes out.",
            "%(n)s messages will be filed within a minute or two, and the receipts go out.",
            n,
        )
        if n < len(digests):
            messages.warning(
                request, gettext("Some hold nothing that could be filed; close them with a reason.")
            )
    elif not form.cleaned_data["closed_for"]:
        form.add_error("closed_for", gettext("Choose why they are closed."))
        return False
    else:
        reason = form.cleaned_data["closed_for"]
        n = by_mail.decide(rows, CLOSE, closed_for=reason, by=request.officer, now=request.now)
        told = ngettext("%(n)s message is closed.", "%(n)s messages are closed.", n)
    if n:
        messages.success(request, told % {"n": n})
    return True
