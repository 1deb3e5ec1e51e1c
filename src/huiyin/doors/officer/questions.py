"""Questions to the public at the desk: ask one, see how many suggestions wait, publish what came of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer.bodies import BodyField, offer
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import asking, receiving
from huiyin.registry.models import Body, Question
from huiyin.site import questions as said
from huiyin.site.forms import say_later

if TYPE_CHECKING:
    FormOfQuestion = forms.ModelForm[Question]
else:  # Django's own class takes no type argument at run time
    FormOfQuestion = forms.ModelForm

LISTED = 100


class QuestionForm(FormOfQuestion):
    use_required_attribute = False

    class Meta:
        model = Question
        fields = ("body", "asks", "why", "opens_on", "closes_on")
        field_classes = {"body": BodyField}
        widgets = {
            "opens_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"asks": _("One sentence that anybody understands. It stays once the question is open.")}

    def __init__(self, *args: Any, bodies: QuerySet[Body], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["body"], bodies.order_by("path"))
        if self.instance.pk:
            del self.fields["body"]
            if self.instance.opens_on <= today:  # whoever answered has read these
                for name in ("asks", "why", "opens_on"):
                    del self.fields[name]

    def clean_why(self) -> str:
        """As it is kept: a browser ends lines with CR LF, and what nobody changed must not look changed."""
        return str(self.cleaned_data["why"]).replace("\r\n", "\n")

    def show(self, refusal: Refusal) -> None:
        for name, reason in (refusal.fields or {"": refusal.reason}).items():
            self.add_error(name if name in self.fields else None, str(say_later(reason)))


def _kept(request: DeskRequest) -> QuerySet[Question]:
    return Question.objects.filter(body__in=receiving.keeps_for(request.acting)).select_related("body")


@require_safe
def questions(request: DeskRequest) -> HttpResponseBase:
    rows = _kept(request).annotate(lodged=Count("suggested")).order_by("-closes_on", "-id")[:LISTED]
    return page(request, "questions.html", {"questions": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: DeskRequest, code: str = "") -> HttpResponseBase:
    found = _kept(request).filter(code=code).first() if code else None
    bodies = receiving.keeps_for(request.acting)
    if (code and found is None) or not bodies.exists():
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, instance=found, bodies=bodies, today=request.today)
    if request.method == "POST" and form.is_valid():
        refused = asking.save(
            form.save(commit=False), by=request.officer, today=request.today, now=request.now
        )
        if refused is None:
            messages.success(request, gettext("The question is saved."))
            return redirect("desk:questions")
        form.show(refused)
    return _page(request, found, form)


def _page(
    request: DeskRequest, found: Question | None, form: QuestionForm, *, outcome: str = "", wrong: Any = ""
) -> HttpResponseBase:
    over = found is not None and found.closes_on < request.today
    context = {
        "question": found,
        "form": form,
        "over": over,
        "waiting": asking.waiting(found) if found and over else 0,
        "tally": said.tally_of(found) if found else [],
        "outcome": outcome,
        "wrong": wrong,
    }
    return page(request, "question.html", context, status=400 if form.errors or wrong else 200)


@require_POST
def outcome(request: DeskRequest, code: str) -> HttpResponseBase:
    """Publish what came of a question."""
    found = _kept(request).filter(code=code).first()
    if found is None:
        raise Http404
    words = request.POST.get("outcome", "")
    if refused := asking.publish(found, words, by=request.officer, today=request.today, now=request.now):
        bodies = receiving.keeps_for(request.acting)
        form = QuestionForm(instance=found, bodies=bodies, today=request.today)
        return _page(request, found, form, outcome=words, wrong=say_later(refused.reason))
    messages.success(request, gettext("What came of it is published."))
    return redirect("desk:questions")
