"""Inspections (art. 38): draw a random sample of files, look through each by a list, report."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core import sample
from huiyin.core.refusal import Refusal
from huiyin.doors.officer.corresponding import show_on
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import access, inspecting, law
from huiyin.registry.correspondence import Inspection
from huiyin.registry.models import Body, Petition
from huiyin.site import articles
from huiyin.site.forms import Quiet, say_later


class AnnounceForm(Quiet):
    body = forms.ChoiceField(label=_("Files of which body, and of all below it"))
    first = forms.DateField(
        label=_("Lodged from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Lodged until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    size = forms.IntegerField(label=_("How many files"), min_value=1, max_value=sample.MOST, initial=10)

    def __init__(self, bodies: list[Body], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(b.code, say_later(b.name)) for b in bodies]


class DrawForm(Quiet):
    """What is said before chance is shown."""

    words = forms.CharField(
        label=_("Numbers or words that are said only now"),
        help_text=_(
            "Throw dice, or let the body that is inspected name some. They decide, together with chance, "
            "which files come."
        ),
        max_length=inspecting.WORDS_LENGTH,
    )


class CheckForm(Quiet):
    """The checklist of one file."""

    note = forms.CharField(
        label=_("What was found"),
        help_text=_("About the work of the body. Name no person."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=inspecting.NOTE_LENGTH,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdicts = [(code, say_later(text)) for code, text in sample.VERDICTS.items()]
        items = {
            item: forms.ChoiceField(label=say_later(text), choices=verdicts, widget=forms.RadioSelect)
            for item, (text, _article) in sample.CHECKLIST.items()
        }
        self.fields = items | dict(self.fields)


@require_safe
def inspections(request: DeskRequest) -> HttpResponseBase:
    found = inspecting.visible_to(request.acting)[:100]
    rows = [{"inspection": each, "checked": each.checks.count()} for each in found.prefetch_related("checks")]
    waiting = inspecting.announced_to(request.acting)[:100]
    return page(request, "inspections.html", {"rows": rows, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: DeskRequest) -> HttpResponseBase:
    watched = Body.objects.filter(access.supervised_by(request.acting), external=False).order_by("path")
    bodies = {body.code: body for body in watched}
    start = {"first": request.today.replace(month=1, day=1), "last": request.today}
    form = AnnounceForm(
        list(bodies.values()), request.POST if request.method == "POST" else None, initial=start
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = inspecting.announce(
            request.acting,
            bodies[said["body"]],
            first=said["first"],
            last=said["last"],
            size=said["size"],
            now=request.now,
        )
        if not isinstance(made, Refusal):
            messages.success(request, gettext("The inspection is announced. Now the sample can be drawn."))
            return redirect("desk:inspection-draw", made.pk)
        show_on(form, made)
    context = {
        "form": form,
        "heading": gettext("Announce an inspection"),
        "above": {"href": reverse("desk:inspections"), "text": gettext("Inspections")},
        "article": _article(request),
        "explain": gettext(
            "First say which files it is about. Then chance draws the sample: nobody chooses the files."
        ),
        "button": gettext("Announce"),
    }
    return page(request, "supervision_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: DeskRequest, number: int) -> HttpResponseBase:
    """Draw what was announced: the page shows the hash of chance before any word is said."""
    found = inspecting.announced_to(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    form = DrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = inspecting.draw(found, form.cleaned_data["words"], acting=request.acting, now=request.now)
        if not isinstance(made, Refusal):
            messages.success(request, gettext("The sample is drawn and stands on record."))
            return redirect("desk:inspection", made.pk)
        show_on(form, made)
    context = {"form": form, "announced": found, "article": _article(request)}
    return page(request, "inspection_draw.html", context, status=400 if form.errors else 200)


def _article(request: DeskRequest) -> Any:
    return articles.cite(inspecting.ARTICLE, law.in_force(request.today).id)


@require_safe
def listed(request: DeskRequest, number: int) -> HttpResponseBase:
    """The list that was drawn from, byte for byte what the digest is of."""
    found = _inspection(request, number)
    return HttpResponse(
        found.listed,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="inspection-{found.pk}.txt"'},
    )


def _inspection(request: DeskRequest, number: int) -> Inspection:
    found = inspecting.visible_to(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
def inspection(request: DeskRequest, number: int) -> HttpResponseBase:
    """The sample, what was found so far, and how the draw can be made again: also to be printed."""
    found = _inspection(request, number)
    checks = {check.ref: check for check in found.checks.all()}
    seen = access.visible_to(request.acting).filter(ref__in=found.refs)
    subjects = {p.ref: p for p in seen.only("ref", "subject", "masked", "holder").order_by("id")}
    files = [
        {
            "ref": ref,
            "petition": subjects.get(ref),
            "check": checks.get(ref),
            "lines": _lines(checks.get(ref)),
        }
        for ref in found.refs
    ]
    drawn = Inspection.objects.filter(body=found.body, first=found.first, last=found.last).count()
    context = {
        "inspection": found,
        "files": files,
        "figures": _figures(checks.values()),
        "checked": len(checks),
        "drawn": drawn,
        "article": _article(request),
    }
    return page(request, "inspection.html", context)


def _lines(check: Any) -> list[dict[str, Any]]:
    if check is None:
        return []
    return [
        {"text": text, "verdict": sample.VERDICTS[check.answers[item]], "bad": check.answers[item] == "no"}
        for item, (text, _article) in sample.CHECKLIST.items()
    ]


def _figures(checks: Any) -> list[dict[str, Any]]:
    """For each item of the list: how many files kept it and how many did not, as a bar."""
    counted = {item: Counter(check.answers[item] for check in checks) for item in sample.CHECKLIST}
    made = []
    for item, (text, _article) in sample.CHECKLIST.items():
        yes, no = counted[item]["yes"], counted[item]["no"]
        kept = round(100 * yes / (yes + no)) if yes + no else 0
        made.append({"text": text, "yes": yes, "no": no, "kept": kept, "rest": 100 - kept if yes + no else 0})
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: DeskRequest, number: int, ref: str) -> HttpResponseBase:
    """Look through one file by the list; what is entered stands."""
    found = _inspection(request, number)
    if ref not in found.refs or found.checks.filter(ref=ref).exists():
        raise Http404
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        note = said.pop("note")
        made = inspecting.check(found, ref, said, note, acting=request.acting, now=request.now)
        if not isinstance(made, Refusal):
            messages.success(request, gettext("What was found is on record."))
            return redirect("desk:inspection", found.pk)
        show_on(form, made)
    seen = access.visible_to(request.acting).filter(ref=ref)
    petition: Petition | None = seen.only("ref", "subject", "masked", "holder").first()
    context = {
        "form": form,
        "heading": gettext("Look through a file: %(ref)s") % {"ref": ref},
        "article": _article(request),
        "explain": gettext("Open the file beside this page and answer from it.") if petition else "",
        "file": petition,
        "above": {"href": reverse("desk:inspection", args=[found.pk]), "text": found.body.name},
        "beside": True,
        "button": gettext("Put on record"),
    }
    return page(request, "supervision_form.html", context, status=400 if form.errors else 200)
