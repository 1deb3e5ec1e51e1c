"""Letters between bodies: proposals and their answers, what the conference demands, going up the tree.

What is open to whom, `registry.corresponding` says; an unknown letter and a hidden one look the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.correspondence import ADOPTED, Kind
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import corresponding, law, solving
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.models import Body, Problem
from huiyin.site import articles
from huiyin.site.forms import Quiet, nothing_chosen, say_later

A_PAGE = 50
GROUND = Text("{text}（{article}）", "{text} ({article})")


def _bodies() -> list[tuple[Any, Any]]:
    # Nobody is chosen beforehand: a letter that stands as it is must not go out by oversight.
    active = Body.objects.filter(active=True).order_by("path")
    return [nothing_chosen(), *((b.code, say_later(b.name)) for b in active)]


def _grounds(today: date) -> list[tuple[Any, Any]]:
    """Each ground with the article it stands in."""
    book = law.in_force(today).id
    return [
        (code, say_later(GROUND.format(text=choice.text, article=articles.cite(choice.article, book))))
        for code, choice in corresponding.grounds_on(today).items()
    ]


class LetterForm(Quiet):
    """One letter, before it is sent."""

    sender = forms.ChoiceField(label=_("In the name of"))
    receiver = forms.ChoiceField(label=_("To"))
    about = forms.ChoiceField(
        label=_("About which body"),
        help_text=_("It never sees this letter, nor does anybody who answers to it."),
    )
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    office = forms.CharField(
        label=_("Which post answers for it"),
        help_text=_("The post, such as “head of the bureau”. Never a name."),
        max_length=corresponding.OFFICE_LENGTH,
        required=False,
    )
    text = forms.CharField(
        label=_("What is proposed or demanded, and why"),
        help_text=_("Write about the work of the body. Name no petitioner and no other person."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    refs = forms.CharField(
        label=_("Petitions, by reference"),
        help_text=_("One on each line. Only their references go into the letter."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    term = forms.DateField(
        label=_("Written answer by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, rule: Kind, senders: list[Body], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _bodies()
        self._choose("sender", [(b.code, say_later(b.name)) for b in senders])
        self._choose("receiver", choices)
        self._choose("about", choices)
        self._choose("ground", _grounds(today))
        if usual := law.in_force(today).spans.get("letter-answer"):
            self.fields["term"].help_text = say_later(usual.told)
            self.fields["term"].initial = today + timedelta(days=usual.days)
        if not rule.about:
            for name in ("about", "ground", "office"):
                del self.fields[name]
        if not rule.answered:
            del self.fields["term"]
        self.fields["refs"].required = rule.listed
        if len(senders) == 1:
            self.fields["sender"].initial = senders[0].code

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def draft(
        self, kind: str, follows: BodyLetter | None, problem: Problem | None = None
    ) -> corresponding.Draft:
        said = self.cleaned_data
        bodies = {b.code: b for b in Body.objects.filter(active=True)}
        return corresponding.Draft(
            kind=kind,
            sender=bodies[said["sender"]],
            receiver=bodies[said["receiver"]],
            text=said["text"],
            about=bodies.get(said.get("about", "")),
            office=said.get("office", ""),
            ground=said.get("ground", ""),
            refs=corresponding.read_refs(said["refs"]),
            problem=problem,
            term=said.get("term"),
            follows=follows,
        )


class AnswerForm(Quiet):
    adopted = forms.ChoiceField(
        label=_("Is it adopted?"),
        choices=[(code, say_later(text)) for code, text in ADOPTED.items()],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("What is done, by when; what is not, and why"), widget=forms.Textarea(attrs={"rows": 6})
    )


def show_on(form: forms.Form, refusal: Refusal) -> None:
    """A refusal of the registry, at the fields of a form."""
    for name, reason in refusal.fields.items():
        form.add_error(name if name in form.fields else None, str(say_later(reason)))
    if not refusal.fields:
        form.add_error(None, str(say_later(refusal.reason)))


@require_safe
def letters(request: DeskRequest) -> HttpResponseBase:
    """What was written and what came, what waits for an answer first."""
    found = corresponding.visible_to(request.acting)
    waiting = list(found.filter(answer=None).exclude(term=None).order_by("term", "id")[:A_PAGE])
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    kinds = corresponding.kinds_on(request.today)
    offers = [
        {"kind": code, "text": kinds[code].text, "article": _cited(request, kinds[code])}
        for code in corresponding.may_write(request.acting)
    ]
    context = {
        "waiting": [_line(request, each) for each in waiting],
        "letters": [_line(request, each) for each in shown],
        "page": shown,
        "offers": offers,
    }
    return page(request, "body_letters.html", context)


def _cited(request: DeskRequest, kind: Kind) -> Any:
    return articles.cite(kind.article, law.in_force(request.today).id)


def _line(request: DeskRequest, letter: BodyLetter) -> dict[str, Any]:
    answer = getattr(letter, "answer", None)
    kind = corresponding.kind_of(letter)
    owed = letter.term is not None and answer is None
    return {
        "letter": letter,
        "kind": kind.text,
        "article": _cited(request, kind),
        "answer": answer,
        "adopted": ADOPTED[answer.adopted] if answer else None,
        "owed": owed,
        "late": bool(owed and letter.term and letter.term < request.today),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Write one letter. One that follows an unanswered one goes to the superior of the silent body."""
    senders = corresponding.may_write(request.acting).get(kind)
    if not senders:
        raise Http404
    follows = _followed(request)
    rule = corresponding.kinds_on(request.today)[kind]
    problem = _problem(request) if corresponding.on_problems(rule) else None
    start: dict[str, Any] = {"text": f"{problem.title}\n{problem.broken}\n\n"} if problem else {}
    if follows is not None:
        start |= {"text": follows.text, "refs": "\n".join(follows.refs), "office": follows.office}
        start |= {"receiver": follows.receiver.superior.code if follows.receiver.superior else ""}
        start |= {"about": follows.about.code if follows.about else "", "ground": follows.ground}
    typed = request.POST if request.method == "POST" else None
    form = LetterForm(rule, senders, request.today, typed, initial=start)
    if request.method == "POST" and form.is_valid():
        sent = corresponding.send(
            form.draft(kind, follows, problem), request.acting, request.now, request.today
        )
        if not isinstance(sent, Refusal):
            messages.success(request, gettext("The letter is sent and stands as it is."))
            return redirect("desk:body-letter", sent.pk)
        show_on(form, sent)
    context = {
        "form": form,
        "heading": rule.text,
        "article": _cited(request, rule),
        "follows": _line(request, follows) if follows else None,
        "about_problem": problem,
        "button": gettext("Send"),
    }
    return page(request, "supervision_form.html", context, status=400 if form.errors else 200)


def _problem(request: DeskRequest) -> Problem | None:
    """The problem of the public register that a proposal is about, where the address names one."""
    typed = request.GET.get("problem", "")
    if not typed.isdecimal() or len(typed) > 9:
        return None
    return solving.public().filter(pk=int(typed)).first()


def _followed(request: DeskRequest) -> BodyLetter | None:
    typed = request.GET.get("follows", "")
    if not typed.isdecimal() or len(typed) > 9:
        return None
    found = corresponding.visible_to(request.acting).filter(pk=int(typed)).first()
    return found if found and found.sender.code in request.acting.codes(corresponding.WRITERS) else None


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: DeskRequest, number: int) -> HttpResponseBase:
    """One letter as it was sent, with its answer, or the form for it."""
    found = corresponding.visible_to(request.acting).filter(pk=number).first()
    if found is None:
        raise Http404
    answering = corresponding.may_answer(found, request.acting)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and answering and form.is_valid():
        said = form.cleaned_data
        done = corresponding.answer(found, said["adopted"], said["reasons"], request.acting, request.now)
        if not isinstance(done, Refusal):
            messages.success(request, gettext("The answer is on record."))
            return redirect("desk:body-letter", found.pk)
        show_on(form, done)
    own = found.sender.code in request.acting.codes(corresponding.WRITERS)
    line = _line(request, found)
    bodies = {b.code: b.name for b in Body.objects.filter(code__in=_codes(found))}
    context = line | {
        "petitions": corresponding.petitions_of(found, request.acting),
        "ground": dict(_grounds(law.at(found.sent_at)[1])).get(found.ground),
        "lines": [each | {"name": bodies.get(each["body"])} for each in found.figures.get("lines", [])],
        "form": form if answering else None,
        "escalate_to": found.receiver.superior if own and line["late"] else None,
    }
    return page(request, "body_letter.html", context, status=400 if answering and form.errors else 200)


def _codes(letter: BodyLetter) -> list[str]:
    return [line["body"] for line in letter.figures.get("lines", [])]
