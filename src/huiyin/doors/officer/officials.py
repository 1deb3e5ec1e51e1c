"""The two reports about officials that the law orders: look at what would be sent, then send it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.core.correspondence import Kind
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer.corresponding import show_on
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import law, officials
from huiyin.registry.models import Body
from huiyin.site import articles
from huiyin.site.forms import Quiet, nothing_chosen, say_later

WITH_ARTICLE = Text("{text}（{article}）", "{text} ({article})")


class ReportForm(Quiet):
    """Closed fields alone: nothing that is typed freely goes into these reports."""

    kind = forms.ChoiceField(label=_("Which report"), widget=forms.RadioSelect)
    sender = forms.ChoiceField(label=_("In the name of"))
    receiver = forms.ChoiceField(label=_("To"))
    first = forms.DateField(
        label=_("Lodged from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Lodged until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, reports: Mapping[str, Kind], senders: list[Body], *args: Any, **kwargs: Any) -> None:
        book: str = kwargs.pop("book")
        super().__init__(*args, **kwargs)
        receivers = Body.objects.filter(active=True).exclude(pk__in=[b.pk for b in senders]).order_by("path")
        self._choose("kind", [(kind.code, say_later(_named(kind, book))) for kind in reports.values()])
        self._choose("sender", [(b.code, say_later(b.name)) for b in senders])
        # Nobody is chosen beforehand: the report must not go out by oversight.
        self._choose("receiver", [nothing_chosen(), *((b.code, say_later(b.name)) for b in receivers)])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: DeskRequest) -> HttpResponseBase:
    """Choose, look, send: what is looked at is what is sent."""
    acting = request.acting
    senders = [
        acting.bodies[c] for c in sorted(acting.codes({"supervisor"})) if acting.bodies[c].kind == "office"
    ]
    reports = officials.reports_on(request.today)
    if not senders or not reports:
        raise Http404
    start = {
        "first": request.today.replace(month=1, day=1),
        "last": request.today,
        "kind": next(iter(reports)),
    }
    sent = request.POST if request.method == "POST" else None
    form = ReportForm(reports, senders, sent, initial=start, book=law.in_force(request.today).id)
    shown = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        bodies = {b.code: b for b in Body.objects.all()}
        receiver = bodies[said["receiver"]]
        if "send" in request.POST:
            letter = officials.send(
                said["kind"],
                bodies[said["sender"]],
                receiver,
                first=said["first"],
                last=said["last"],
                acting=acting,
                now=request.now,
            )
            if not isinstance(letter, Refusal):
                messages.success(request, gettext("The letter is sent and stands as it is."))
                return redirect("desk:body-letter", letter.pk)
            show_on(form, letter)
        else:
            shown = officials.figures(acting, receiver, said["first"], said["last"])
            shown["lines"] = [each | {"name": bodies[each["body"]].name} for each in shown["lines"]]
    context = {"form": form, "shown": shown, "lines": shown["lines"] if shown else []}
    return page(request, "officials.html", context, status=400 if form.errors else 200)


def _named(kind: Kind, book: str) -> Text:
    """A report with the article that orders it."""
    return WITH_ARTICLE.format(text=kind.text, article=articles.cite(kind.article, book))
