"""Who is told by machine of the law's steps: added and ended here, and what could not be told."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.clerk import hooks
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sure import Sure, ask
from huiyin.registry import webhooks as registry
from huiyin.registry.webhooks import Delivery, Subscriber
from huiyin.site.forms import Quiet

A_PAGE = 50
WRONG = {
    "address": _("Write an address that begins with https:// and holds no name or password."),
    "address-of-broker": _("Write mqtts://, the broker, and after a slash the topic; no name or password."),
    "not-named": _("This broker is not among those that the operator named (HUIYIN_WEBHOOKS_INSIDE)."),
    "no-mqtt": _("What speaks to a message broker is not installed here; see docs/operate/webhooks.md."),
    "not-https": _("Write an address that begins with https://."),
    "not-public": _("This address leads into a private network. The operator can name it in a setting."),
    "no-such-name": _("No such host is found. Look at the address."),
}


class SubscriberForm(Quiet):
    """Whom to tell, why, and where. Name and purpose are public."""

    name = forms.CharField(label=_("Who it is"), max_length=120)
    purpose = forms.CharField(
        label=_("What for"), help_text=_("The public reads who it is and what for."), max_length=300
    )
    url = forms.CharField(
        label=_("Address"),
        help_text=_(
            "Of their program, beginning with https://, or of a message broker: mqtts://broker/topic"
        ),
        max_length=500,
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            hooks.found(hooks.judged(url))
        except hooks.NotThere as error:
            raise forms.ValidationError(WRONG[str(error)]) from error
        return url


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: DeskRequest) -> HttpResponseBase:
    """All who are told, a form for another, and what is dead."""
    form, secret = SubscriberForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made, secret = registry.add(
            said["name"], said["purpose"], said["url"], by=request.officer, now=request.now
        )
        messages.success(request, gettext("%(name)s is told from now on.") % {"name": made.name})
        form = SubscriberForm()
    waits = Count("deliveries", filter=Q(deliveries__next_at__isnull=False))
    dead = Count("deliveries", filter=Q(deliveries__next_at=None, deliveries__told_at=None))
    rows = Subscriber.objects.annotate(waits=waits, dead=dead).order_by("until", "id")
    letters = registry.dead().select_related("event", "subscriber").order_by("-event__at", "-id")
    context = {
        "form": form,
        "secret": secret,
        "public_page": f"{settings.PUBLIC_URL}/subscribers/",  # this process has no such page
        "subscribers": rows,
        "page": Paginator(letters, A_PAGE).get_page(request.GET.get("page")),
    }
    return page(request, "webhooks.html", context, status=400 if form.errors else 200)


@require_POST
def end(request: DeskRequest, number: int) -> HttpResponseBase:
    found = _active_or_404(number)
    question = Sure(
        title=gettext("Tell them nothing more?"),
        whose=gettext("Webhooks"),
        text=gettext("%(name)s is told nothing more. To begin again they need a new secret.")
        % {"name": found.name},
        button=gettext("End it"),
    )
    if asked := ask(request, question, reverse("desk:webhooks")):
        return asked
    registry.end(found, by=request.officer, now=request.now)
    messages.success(request, gettext("It has ended."))
    return redirect("desk:webhooks")


@require_POST
def again(request: DeskRequest, number: int) -> HttpResponseBase:
    """Everything of the last 30 days once more, or what is dead alone."""
    found = _active_or_404(number)
    rows = Delivery.objects.filter(subscriber=found)
    if request.POST.get("which") != "all":
        rows = registry.dead().filter(subscriber=found)
    n = registry.again(rows, request.now)
    told = ngettext("%(n)s event is sent again.", "%(n)s events are sent again.", n) % {"n": n}
    messages.success(request, told)
    return redirect("desk:webhooks")


def _active_or_404(number: int) -> Subscriber:
    found = registry.active().filter(pk=number).first()
    if found is None:
        raise Http404
    return found
