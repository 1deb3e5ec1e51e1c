"""What bodies answered in public, to be searched by words of the matter: problems, questions, opinions.

What is typed comes by POST, is judged, and goes into an address only closed with a key of the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from huiyin.core.refusal import Refusal
from huiyin.reading.query import Query
from huiyin.registry import finding_answers, law
from huiyin.registry.answer_words import AnswerWords
from huiyin.registry.answers import OPINION, PROBLEM, QUESTION
from huiyin.registry.finding_answers import Answer
from huiyin.registry.models import Body
from huiyin.site.closed import closed, opened
from huiyin.site.forms import say_later

PURPOSE = "answers"
ANY = ("", _("Any"))
KINDS = {PROBLEM: _("Problem"), QUESTION: _("Question to the public"), OPINION: _("Re-review opinion")}


class AnswersForm(forms.Form):
    """The words and the filters. No words: everything, the newest first."""

    use_required_attribute = False
    q = forms.CharField(
        label=_("Words of the matter"),
        help_text=_(
            "Several words: all must be there. “Words in quotes” stand side by side. -word: not that one."
        ),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("What kind"), required=False)
    body = forms.ChoiceField(label=_("Body"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, publishes: bool) -> None:
        super().__init__(data)
        bodies = Body.objects.filter(pk__in=AnswerWords.objects.values("body")).order_by("path")
        kinds = [pair for pair in KINDS.items() if publishes or pair[0] != OPINION]
        choices = {"kind": kinds, "body": [(each.code, say_later(each.name)) for each in bodies]}
        for name, known in choices.items():
            self.fields[name].choices = [ANY, *known]  # type: ignore[attr-defined]


@sensitive_post_parameters()
@sensitive_variables("form", "wanted", "kept")
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponseBase:
    publishes = law.at(timezone.now())[0].publishes
    posted = request.method == "POST"
    kept = request.POST.dict() if posted else opened(request.GET.get("s", ""), PURPOSE)
    form = AnswersForm(kept, publishes=publishes)
    if kept is None:
        return _found(request, form, finding_answers.NOTHING, publishes=publishes)
    if not form.is_valid():
        return _page(request, {"form": form}, status=400)
    wanted = finding_answers.asked(form.cleaned_data["q"])
    if isinstance(wanted, Refusal):
        form.add_error("q", str(say_later(wanted.reason)))
        return _page(request, {"form": form}, status=400)
    return redirect(_address(form)) if posted else _found(request, form, wanted, publishes=publishes)


def _found(request: HttpRequest, form: AnswersForm, wanted: Query, *, publishes: bool) -> HttpResponseBase:
    said: Mapping[str, str] = form.cleaned_data if form.is_bound else {}
    found = finding_answers.found(
        wanted,
        request.GET.get("page"),
        publishes=publishes,
        kind=said.get("kind", ""),
        body=said.get("body", ""),
    )
    context = {"form": form, "count": found.count, "more": found.more, "page": found.page}
    return _page(request, {**context, "lines": [_line(each) for each in found.answers]})


def _line(answer: Answer) -> dict[str, Any]:
    href = reverse(f"public:{answer.kind}", args=[answer.page])
    return {"answer": answer, "kind": KINDS[answer.kind], "href": href}


def _address(form: AnswersForm) -> str:
    kept = {name: value for name, value in form.cleaned_data.items() if value}
    here = reverse("public:answers")
    return f"{here}?s={closed(kept, PURPOSE)}" if kept else here


def _page(request: HttpRequest, context: Mapping[str, Any], *, status: int = 200) -> HttpResponseBase:
    """No search engine keeps a copy: what is taken down has to be gone."""
    answer = render(request, "public/answers.html", dict(context), status=status)
    answer["X-Robots-Tag"] = "noindex, noarchive"
    answer["Cache-Control"] = "no-store"
    return answer
