"""Templates at the desk: a body's registrars and heads keep them, its officers put them into a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.rulebook import Row
from huiyin.core.text import Text
from huiyin.doors.officer import petition as petitions
from huiyin.doors.officer import wording
from huiyin.doors.officer.bodies import BodyField, offer
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sure import Sure, ask
from huiyin.reading import labels
from huiyin.registry import keeping_passages, law, masking, passages
from huiyin.registry.models import Body, Passage, Petition
from huiyin.site.forms import nothing_chosen, say_later

if TYPE_CHECKING:
    FormOfPassage = forms.ModelForm[Passage]
else:  # Django's own class takes no type argument at run time
    FormOfPassage = forms.ModelForm

KEEPING = ("registrar", "head")
INSERT = "insert"  # of a button in the form of a move: the template to put in
LISTED = 200


def kept(request: DeskRequest) -> QuerySet[Passage]:
    """The templates of the bodies where this officer keeps them."""
    return Passage.objects.filter(body__in=_bodies(request)).select_related("body")


def _bodies(request: DeskRequest) -> QuerySet[Body]:
    return Body.objects.filter(code__in=request.acting.codes(KEEPING)).order_by("path")


class PassageForm(FormOfPassage):
    use_required_attribute = False
    use = forms.ChoiceField(label=_("What it is for"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
    )

    class Meta:
        model = Passage
        fields = ("body", "title", "language", "text")
        field_classes = {"body": BodyField}
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}

    field_order = ("body", "use", "title", "language", "text")

    def __init__(
        self, *args: Any, bodies: QuerySet[Body], uses: dict[tuple[str, str], Text], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        offer(self.fields["body"], bodies)
        self.uses = {f"{verb}:{name}": (verb, name) for verb, name in uses}
        self.fields["use"].choices = [nothing_chosen(), *_grouped(uses)]  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["use"] = f"{self.instance.verb}:{self.instance.content}"
        else:
            self.initial.setdefault("language", get_language())

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if wrong := passages.wrong_places(text):
            raise forms.ValidationError(
                gettext("Nothing can be filled in for %(names)s. What can stands below; take one of these.")
                % {"names": ", ".join(name if name in "{}" else f"{{{name}}}" for name in wrong)}
            )
        if found := labels.found(text):
            raise forms.ValidationError(
                gettext("It holds words that label a person: %(words)s. Say what happened instead.")
                % {"words": ", ".join(found)}
            )
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if use := said.get("use"):
            self.instance.verb, self.instance.content = self.uses[use]
        same = Passage.objects.filter(
            body=said.get("body"),
            verb=self.instance.verb,
            title=said.get("title"),
            language=said.get("language"),
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("title", _("There is one of this name for this step already."))
        return said


# The groups in which the petition's page offers its steps.
GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("Not ours, or another way"), petitions.ELSEWHERE),
    (_("Meetings and the responsible leader"), petitions.MEETING),
    (_("Besides"), petitions.KEEPING),
)


def _grouped(uses: dict[tuple[str, str], Text]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What a template may be for, as a petition's page groups it; what is written most often comes first."""
    usual = petitions.USUAL
    ranked = sorted(uses, key=lambda use: usual.index(use[0]) if use[0] in usual else len(usual))
    found: list[tuple[Any, list[tuple[str, Any]]]] = []
    for title, verbs in ((_("What takes it on"), None), *GROUPS):
        mine = [
            use for use in ranked if (use[0] not in petitions.APART if verbs is None else use[0] in verbs)
        ]
        found.append((title, [(":".join(use), say_later(uses[use])) for use in mine]))
    return [group for group in found if group[1]]


@require_safe
def listed(request: DeskRequest) -> HttpResponseBase:
    uses = passages.writable(law.in_force(request.today))
    lines = [{"passage": p, "use": uses.get((p.verb, p.content))} for p in kept(request)[:LISTED]]
    return page(request, "passages.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: DeskRequest, number: int = 0) -> HttpResponseBase:
    """A template to be changed, taken away, or written anew."""
    found = kept(request).filter(pk=number).first() if number else None
    if number and found is None:
        raise Http404
    if found and request.POST.get("do") == "drop":
        question = Sure(
            title=gettext("Take this template away?"),
            whose=found.title,
            text=gettext(
                "Nobody at %(body)s finds it in a form any more. What was written with it stays as it is."
            )
            % {"body": say_later(found.body.name)},
            button=gettext("Take this template away"),
        )
        if asked := ask(request, question, reverse("desk:passage", args=[found.pk])):
            return asked
        keeping_passages.drop(found, by=request.officer, now=request.now)
        messages.success(request, gettext("“%(title)s” is no template any more.") % {"title": found.title})
        return redirect("desk:passages")
    posted = request.POST if request.method == "POST" else None
    uses = passages.writable(law.in_force(request.today))
    form = PassageForm(posted, instance=found, bodies=_bodies(request), uses=uses)
    if form.is_valid():
        made = form.save(commit=False)
        keeping_passages.keep(made, by=request.officer, now=request.now)
        messages.success(request, gettext("“%(title)s” is offered in the form now.") % {"title": made.title})
        return redirect("desk:passages")
    context = {"form": form, "passage": found, "places": passages.PLACES}
    return page(request, "passage.html", context, status=400 if form.errors else 200)


# ---- in the form of a move


@dataclass(frozen=True, slots=True)
class Filled:
    """A template as it would stand in the form."""

    passage: Passage
    field: Text
    text: str


def filled(request: DeskRequest, petition: Petition, row: Row) -> list[Filled]:
    """The templates for this move, with the petition's facts; those in its author's language first.

    Asked before a report's words are opened for the page: a template says no more of one than its cover.
    """
    fields = passages.fields_of(row)
    found = Passage.objects.filter(body=petition.holder_id, verb=row.verb, content__in=fields)
    around = passages.Around(
        today=request.today,
        officer=str(request.officer),
        subject=masking.subject_for(request.acting, petition),
        law=law.of(petition, request.today).title,
        article=wording.cited(row.article, petition, request.today) or Text("", ""),
    )
    mine = sorted(found, key=lambda each: each.language != petition.language)
    return [Filled(each, fields[each.content], passages.fill(each, petition, around)) for each in mine]


def put_in(request: DeskRequest, petition: Petition, row: Row) -> QueryDict | None:
    """What was typed with the chosen template put in; None if none was chosen."""
    number = request.POST.get(INSERT, "")
    chosen = next((f for f in filled(request, petition, row) if str(f.passage.pk) == number), None)
    if chosen is None:
        return None
    grown = request.POST.copy()
    field = _field(grown, row, chosen.passage.content)
    grown[field] = "\n\n".join(part for part in (grown.get(field, "").strip(), chosen.text) if part)
    return grown


def _field(posted: QueryDict, row: Row, name: str) -> str:
    """The field as the form names it: of rows the first where nothing is written yet, else the last."""
    for content in row.contents:
        if name in {column.name for column in content.columns}:
            total = posted.get(f"{content.name}-TOTAL_FORMS", "1")
            count = max(1, min(int(total), 100)) if total.isdecimal() else 1
            each = [f"{content.name}-{number}-{name}" for number in range(count)]
            return next((field for field in each if not posted.get(field, "").strip()), each[-1])
    return name
