"""The yearly assessment at the desk: what each body's year came to, out of which cases, and what would be.

What would be is reckoned for whoever asks, from numbers in the address, and kept nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import assessment, assessment_proof
from huiyin.core import formula as core
from huiyin.core.formula import Formula
from huiyin.core.refusal import Refusal
from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text
from huiyin.doors.officer.corresponding import show_on
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.yearly import chosen_year
from huiyin.registry import assessing, assessment_cases, assessment_log, assessment_steps, law, yearly
from huiyin.registry.assessments import DECISIONS, Assessment
from huiyin.registry.models import Body
from huiyin.site import articles, assessed
from huiyin.site.forms import Quiet, say_later

SHOWN_YEARS = 6
UNSAID = Text("没有说明难度的", "Nothing said of how hard it is")
MOST_POINTS = 1000


class WhatIf(Quiet):
    """Other points and weights; nothing of it is kept."""

    def __init__(self, under: Formula, book: Rulebook, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.under, self.book = under, book
        for item in under.items:
            self._number(f"points-{item.name}", item.text, item.points)
        self._number("weight-unsaid", UNSAID, under.unsaid)
        for choice in book.choices.get("difficulties", ()):
            self._number(f"weight-{choice.code}", choice.text, under.weight(choice.code))

    def _number(self, name: str, text: Text, initial: int) -> None:
        field = forms.IntegerField(label=say_later(text), min_value=1, max_value=MOST_POINTS, initial=initial)
        field.widget.attrs["inputmode"] = "numeric"
        self.fields[name] = field

    def wanted(self) -> Formula | None:
        """The formula that is asked about; None where it may not be, which the form then says."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        points = {item.name: said[f"points-{item.name}"] for item in self.under.items}
        weights = {name.removeprefix("weight-"): n for name, n in said.items() if name.startswith("weight-")}
        weights[""] = weights.pop("unsaid")
        other = self.under.with_points(points, weights)
        for key, why in core.wrongs(other, self.book.clocks):
            named = key.split(".")
            field = f"points-{named[1]}" if len(named) > 1 and f"points-{named[1]}" in self.fields else None
            self.add_error(field, str(say_later(why)))
        return None if self.errors else other


class ObjectForm(Quiet):
    item = forms.ChoiceField(label=_("Which item"))
    reasons = forms.CharField(
        label=_("Why it is not right"),
        help_text=_("About the work of the body and the record of it. Name no person."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=assessment_steps.REASONS_LENGTH,
    )

    def __init__(self, under: Formula, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(item.name, say_later(item.text)) for item in under.items]


class DecideForm(Quiet):
    decided = forms.ChoiceField(
        label=_("Is the objection right?"), choices=DECISIONS, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=assessment_steps.REASONS_LENGTH,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One body of the overview: what it comes to today, what was issued, and what would be."""

    body: Body
    now: assessed.Said
    issued: Assessment | None
    fixed: assessed.Said | None
    would: assessed.Said | None


@require_safe
def overview(request: DeskRequest) -> HttpResponseBase:
    """Every body that this officer supervises or heads, in the order of the tree: it is no ranking."""
    book, under = _law(request)
    year = chosen_year(request)
    asked = any(name.startswith(("points-", "weight-")) for name in request.GET)
    form = WhatIf(under, book, request.GET if asked else None)
    other = form.wanted() if asked else None
    bodies = list(assessing.assessed(request.acting).order_by("path"))
    found = assessing.records(bodies, year, request.today)
    issued = assessment_steps.issued(year)
    rows = []
    for body in bodies:
        made = found[body.code]
        if not made.tables and body.code not in issued:
            continue
        kept = issued.get(body.code)
        rows.append(
            Row(
                body,
                assessed.said(assessment.assess(under, made)),
                kept,
                assessed.said(assessment_steps.came_to(kept)) if kept else None,
                assessed.said(assessment.assess(other, made)) if other else None,
            )
        )
    context = {
        **_of_year(request, year),
        "rows": rows,
        "form": form,
        "asked": asked,
        "other": other,
        "book": book,
        "article": articles.cite(under.article, book.id),
    }
    return page(request, "assessment.html", context, status=400 if asked and form.errors else 200)


@require_safe
def one(request: DeskRequest, code: str) -> HttpResponseBase:
    return _one(request, _body(request, code))


def _one(request: DeskRequest, body: Body, **forms_given: Any) -> HttpResponseBase:
    book, under = _law(request)
    year = chosen_year(request)
    kept = assessment_steps.issued(year).get(body.code)
    objection = assessment_steps.objection_of(kept)
    if kept:
        under, came = assessment_steps.formula_of(kept), assessment_steps.came_to(kept)
    else:
        came = assessment.assess(under, assessing.records([body], year, request.today)[body.code])
    gone = assessment_steps.left_out(kept)
    may_object = assessment_steps.may_object(request.acting, kept)
    may_decide = assessment_steps.waits_for(request.acting, objection)
    context = {
        **_of_year(request, year),
        "body": body,
        "said": assessed.said(came),
        "lines": (lines := assessed.lines(under.without(gone), came, book.id)),
        "told_apart": any(line.there for line in lines),
        "gone": [item.text for item in under.items if item.name in gone],
        "kept": kept,
        "objection": objection,
        "objected": next((i.text for i in under.items if objection and i.name == objection.item), None),
        "decision": assessment_steps.decision_of(objection),
        "in_log": _in_log(kept) if kept else [],
        "may_issue": not kept and not assessment_steps.may_issue(request.acting, body, year),
        "objecting": forms_given.get("objecting") or (ObjectForm(under) if may_object else None),
        "deciding": forms_given.get("deciding") or (DecideForm() if may_decide else None),
        "article": articles.cite(under.article, book.id),
    }
    wrong = any(each is not None and each.errors for each in forms_given.values())
    return page(request, "assessment_one.html", context, status=400 if wrong else 200)


SAID: dict[str, Any] = {
    assessment_proof.ISSUED: _("Issued"),
    assessment_proof.OBJECTED: _("Objection"),
    assessment_proof.DECIDED: _("Decision on the objection"),
}


@dataclass(frozen=True, slots=True)
class InLog:
    """One step in the public log: what everybody sees of it there, and what opens that."""

    name: Any
    number: int | None
    line: str
    opening: str


def _in_log(kept: Assessment) -> list[InLog]:
    return [
        InLog(
            SAID[row.step],
            row.number,
            bytes(row.public).decode("ascii"),
            _spread(row.opening),
        )
        for row in assessment_log.entries_of(kept)
    ]


def _spread(opening: Mapping[str, Any]) -> str:
    """JSON with a line for each thing that it says: indented all through, it is hundreds of lines long."""
    lines = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in sorted(opening.items()))
    return "{" + ",\n ".join(lines) + "}"


@require_safe
def proof(request: DeskRequest, code: str) -> HttpResponseBase:
    """The steps of an assessment that was issued, for `huiyin verify`."""
    _body_of, kept = _kept(request, code)
    answer = HttpResponse(str(assessment_log.proof(kept)), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="assessment-{code}-{kept.year}.json"'
    return answer


@require_safe
def cases(request: DeskRequest, code: str, item: str) -> HttpResponseBase:
    """The cases that make up one item, the worst first, each with its entry in the public log."""
    body, (book, under) = _body(request, code), _law(request)
    year = chosen_year(request)
    chosen = next((each for each in under.items if each.name == item), None)
    if chosen is None:
        raise Http404
    hard = {choice.code: choice.text for choice in book.choices.get("difficulties", ())}
    found = assessment_cases.of(request.acting, body, year, chosen)
    context = {
        **_of_year(request, year),
        "body": body,
        "item": chosen,
        "formula": core.TERMS[chosen.term].formula,
        "cases": [{"case": each, "hard": hard.get(each.difficulty)} for each in found],
        "most": assessment_cases.MOST,
        "full": len(found) == assessment_cases.MOST,
        "article": articles.cite(chosen.article, book.id),
    }
    return page(request, "assessment_cases.html", context)


@require_POST
def issue(request: DeskRequest, code: str) -> HttpResponseBase:
    body, year = _body(request, code), chosen_year(request)
    made = assessment_steps.issue(request.acting, body, year, request.now)
    if isinstance(made, Refusal):
        messages.error(request, str(say_later(made.reason)))
        return _back(code, year)
    return _done(request, code, year, gettext("The assessment is issued; the body can object to it now."))


@require_POST
def object_to(request: DeskRequest, code: str) -> HttpResponseBase:
    body, kept = _kept(request, code)

    def do(said: dict[str, Any]) -> object:
        return assessment_steps.object_to(
            kept, said["item"], said["reasons"], acting=request.acting, now=request.now
        )

    form = ObjectForm(assessment_steps.formula_of(kept), request.POST)
    if _is_made(form, do):
        done = gettext("The objection is on record; somebody else decides on it.")
        return _done(request, code, kept.year, done)
    return _one(request, body, objecting=form)


@require_POST
def decide(request: DeskRequest, code: str) -> HttpResponseBase:
    body, kept = _kept(request, code)
    objection = assessment_steps.objection_of(kept)
    if objection is None:
        raise Http404

    def do(said: dict[str, Any]) -> object:
        return assessment_steps.decide(
            objection, said["decided"], said["reasons"], acting=request.acting, now=request.now
        )

    form = DecideForm(request.POST)
    if _is_made(form, do):
        return _done(request, code, kept.year, gettext("The decision is on record."))
    return _one(request, body, deciding=form)


def _is_made(form: Quiet, do: Callable[[dict[str, Any]], object]) -> bool:
    """Make the step that the form asks for; the form says why it was not made."""
    if not form.is_valid():
        return False
    made = do(form.cleaned_data)
    if isinstance(made, Refusal):
        show_on(form, made)
        return False
    return True


def _done(request: DeskRequest, code: str, year: int, words: str) -> HttpResponseBase:
    messages.success(request, words)
    return _back(code, year)


def _back(code: str, year: int) -> HttpResponseBase:
    answer = redirect("desk:assessment-one", code)
    answer["Location"] += f"?year={year}"
    return answer


def _kept(request: DeskRequest, code: str) -> tuple[Body, Assessment]:
    body = _body(request, code)
    kept = assessment_steps.issued(chosen_year(request)).get(body.code)
    if kept is None:
        raise Http404
    return body, kept


def _law(request: DeskRequest) -> tuple[Rulebook, Formula]:
    """The law of today and its formula. Raises Http404 under a law that has none."""
    book = law.in_force(request.today)
    if book.assessment is None:
        raise Http404
    return book, book.assessment


def _body(request: DeskRequest, code: str) -> Body:
    found = assessing.assessed(request.acting).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _of_year(request: DeskRequest, year: int) -> dict[str, Any]:
    return {
        "chosen": year,
        "years": list(reversed(yearly.years(request.today)))[:SHOWN_YEARS],
        "running": year == request.today.year,
    }
