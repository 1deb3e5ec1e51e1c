"""The register of problems at the desk: what is taken up, what might be one, and what is decided of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.correspondence import ADOPTED as SAID
from huiyin.core.refusal import Refusal
from huiyin.doors.officer.bodies import BodyField, offer
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import corresponding, solving
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.models import Body, Problem
from huiyin.registry.problems import ADOPTED, CANDIDATE, DISMISSED, PUBLIC, STATES, WORDS
from huiyin.site.forms import say_later

if TYPE_CHECKING:
    FormOfProblem = forms.ModelForm[Problem]
else:  # Django's own class takes no type argument at run time
    FormOfProblem = forms.ModelForm

ON_A_PAGE = 20
MEMBERS = 50


class ProblemForm(FormOfProblem):
    use_required_attribute = False

    class Meta:
        model = Problem
        fields = ("title", "place", "broken", "body", "plan", "plan_by", "outcome")
        field_classes = {"body": BodyField}
        widgets = {
            "broken": forms.Textarea(attrs={"rows": 4}),
            "plan": forms.Textarea(attrs={"rows": 4}),
            "outcome": forms.Textarea(attrs={"rows": 4}),
            "plan_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": _("Everybody reads this. Write about the thing alone: no names, no numbers, no door."),
            "outcome": _("Once this is written, the problem counts as done."),
        }

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["body"], bodies)
        for name in ("title", "place", "broken"):
            self.fields[name].required = True


class DismissForm(forms.Form):
    """Why a candidate, or what was taken up, is no problem of its own."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Why it is none"),
        help_text=_("Several things, another body's, solved already: as it is."),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def show(form: forms.BaseForm, refusal: Refusal) -> None:
    """Say a refusal at the fields that it is about."""
    for name, reason in (refusal.fields or {"": refusal.reason}).items():
        form.add_error(name if name in form.fields else None, str(say_later(reason)))


@require_safe
def problems(request: DeskRequest) -> HttpResponseBase:
    """Candidates first where there are any to decide on, then what is taken up, the latest first."""
    state = request.GET.get("state", "")
    known = dict(STATES)
    found = solving.for_desk(request.acting).order_by("-petitions", "-found_on", "-id")
    found = found.filter(state=state) if state in known else found.exclude(state=DISMISSED)
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    words = solving.first_words(shown, request.acting)
    context = {
        "page": shown,
        "lines": [{"problem": each, "words": each.title or words.get(each.pk, "")} for each in shown],
        "states": STATES
        if solving.decided_by(request.acting).exists()
        else [s for s in STATES if s[0] in PUBLIC],
        "state": state if state in known else "",
        "k": solving.FEWEST,
    }
    return page(request, "problems.html", context)


def _or_404(request: DeskRequest, number: int) -> Problem:
    found: Problem | None = solving.for_desk(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def problem(request: DeskRequest, number: int) -> HttpResponseBase:
    """One problem; whoever decides on it takes it up here, or changes what is said of it."""
    found = _or_404(request, number)
    if not solving.may_decide(request.acting, found):
        if request.method == "POST":
            raise Http404
        return _page(request, found, None)
    bodies = solving.decided_by(request.acting)
    form = ProblemForm(request.POST if request.method == "POST" else None, instance=found, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        refused = solving.save(form.save(commit=False), acting=request.acting, now=request.now)
        if refused is None:
            messages.success(request, gettext("The problem is in the public register as it stands here."))
            return redirect("desk:problem", found.pk)
        show(form, refused)
    return _page(request, found, form)


@require_POST
def dismiss(request: DeskRequest, number: int) -> HttpResponseBase:
    found = _or_404(request, number)
    if not solving.may_decide(request.acting, found):
        raise Http404
    dismissing = DismissForm(request.POST)
    if dismissing.is_valid():
        reason = dismissing.cleaned_data["reason"]
        refused = solving.dismiss(found, reason, acting=request.acting, now=request.now)
        if refused is None:
            messages.success(request, gettext("It is dismissed; the reason is kept."))
            return redirect("desk:problems")
        show(dismissing, refused)
    kept = _or_404(request, number)
    form = ProblemForm(instance=kept, bodies=solving.decided_by(request.acting))
    return _page(request, kept, form, dismissing)


def _proposal(letter: BodyLetter) -> dict[str, Any]:
    """What was proposed, to whom, and what they answered."""
    answer = getattr(letter, "answer", None)
    kind = corresponding.kind_of(letter).text
    return {"letter": letter, "kind": kind, "adopted": SAID[answer.adopted] if answer else None}


def _offers(request: DeskRequest) -> list[dict[str, Any]]:
    """The proposals that this officer may write on a problem."""
    kinds = corresponding.kinds_on(request.today)
    mine = corresponding.may_write(request.acting)
    return [
        {"kind": code, "text": kinds[code].text} for code in mine if corresponding.on_problems(kinds[code])
    ]


def _page(
    request: DeskRequest, found: Problem, form: ProblemForm | None, dismissing: DismissForm | None = None
) -> HttpResponseBase:
    kept = Problem.objects.select_related("body").get(pk=found.pk)  # as it stands, whatever was typed
    members = list(solving.members_of(kept, request.acting)[:MEMBERS])
    shared = solving.shared_by(kept, request.acting) if form and kept.state == CANDIDATE else solving.Shared()
    if form and not form.is_bound:
        form.initial["place"] = kept.place or shared.place
    context = {
        "problem": kept,
        "is_public": kept.state in PUBLIC,
        "public_page": f"{settings.PUBLIC_URL}/problems/{kept.pk}/",  # this process has no such page
        "is_candidate": kept.state == CANDIDATE,
        "members": members,
        "shared": shared,
        "proposals": [_proposal(letter) for letter in corresponding.proposals_on(kept)],
        "offers": _offers(request) if kept.state in PUBLIC else [],
        "late": kept.state == ADOPTED and kept.plan_by is not None and kept.plan_by < request.today,
        "form": form,
        "dismissing": dismissing or DismissForm(),
        "k": solving.FEWEST,
    }
    wrong = any(each is not None and each.errors for each in (form, dismissing))
    return page(request, "problem.html", context, status=400 if wrong else 200)
