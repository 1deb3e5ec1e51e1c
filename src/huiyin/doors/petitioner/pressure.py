"""Tell of pressure or retaliation for having petitioned (art. 18.4): what, by whom, and who shall know.

What is sent is a petition of its own with its own key; nothing on this petition says that it was sent.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.petitioner import once, receipt
from huiyin.doors.petitioner.finding import Finder, offer, only
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.registry import pressing
from huiyin.registry.bodies import Body
from huiyin.registry.facts import names_of
from huiyin.registry.file import TEXT_LENGTH, WORDS_LENGTH, Filed, Lodging, file
from huiyin.site.forms import Quiet, say_later

STALE = gettext_lazy("This page was open for a long time. Please send it again.")
NOBODY = gettext_lazy(
    "Everybody here who could be told is one of these bodies, or answers to them. Tell the government or the "
    "discipline body above them yourself, by letter or in person, and not through this page."
)
UNKEPT = {"autocomplete": "off", "data-no-draft": ""}


class PressureForm(Quiet):
    """What happened, who did it, and who shall be told."""

    text = forms.CharField(
        label=gettext_lazy("What was done or said to you, when, and by whom?"),
        help_text=gettext_lazy("The first line names your petition. Strike it out if it shall not be named."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, **UNKEPT}),
        error_messages={"required": gettext_lazy("Say in a few words what happened.")},
    )
    against = forms.MultipleChoiceField(
        label=gettext_lazy("Which other bodies had a hand in it?"),
        help_text=gettext_lazy("They are not told either, nor anybody who answers to them."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    against_words = forms.CharField(
        label=gettext_lazy("Or say in words who it was"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.TextInput(attrs=UNKEPT),
    )
    to = forms.ChoiceField(
        label=gettext_lazy("Who shall be told?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose who shall be told."),
            "invalid_choice": gettext_lazy("That one may not be told: choose another."),
        },
    )

    def __init__(self, data: Any, *, visit: Visit, language: str) -> None:
        line = str(_("It is about my petition %(ref)s.")) % {"ref": visit.petition.ref}
        super().__init__(data, initial={"text": f"{line}\n\n"})
        self.first_line = line
        self.language = language
        concerned = pressing.concerned(visit.petition)
        others = Body.objects.filter(active=True).exclude(code__in=concerned).order_by("path")
        self.finder = Finder.of(others, data or {})
        self.bodies = self.finder.bodies
        offer(self, "against", self.bodies.values())
        self.more = only(self, "against", self.finder, self["against"].value() or ())
        named = frozenset(data.getlist("against")) & self.bodies.keys() if data else frozenset()
        self.concerned = concerned
        self.recipients = {one.code: one for one in pressing.recipients(visit.petition, named)}
        self.fields["to"].choices = [(one.code, _name(one)) for one in self.recipients.values()]  # type: ignore[attr-defined]
        self.fields["to"].required = bool(self.recipients)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.recipients:
            return said
        # Nobody is left to choose from: what is wrong stands where the author named them.
        self.errors.pop("to", None)
        if said.get("against"):
            taken = _("Nobody is left here who could be told. Take one off, or say it in words.")
            self.add_error("against", taken)
        else:
            self.add_error(None, str(NOBODY))
        return said

    def clean_text(self) -> str:
        said = str(self.cleaned_data["text"]).strip()
        if said == self.first_line:
            raise forms.ValidationError(_("Say in a few words what happened."))
        return said

    def lodging(self) -> Lodging:
        """The report as any other door would lodge it; its author is known by the key alone."""
        said = self.cleaned_data
        return Lodging(
            subject=str(_("Pressure for having petitioned")),
            text=said["text"],
            kind="report",
            body=self.recipients[said["to"]].body.code,
            against=tuple(sorted(self.concerned | set(said["against"]))),
            against_words=said["against_words"],
            language=self.language,
            pressure=said["to"],
        )


def _name(one: pressing.Recipient) -> Any:
    return say_later(Text(f"{one.name.zh}（{one.body.name.zh}）", f"{one.name.en} ({one.body.name.en})"))


@sensitive_post_parameters()
@following
@require_http_methods(["GET", "HEAD", "POST"])
def pressure(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Fill in, read once more, send; the answer is a receipt of its own."""
    if not pressing.is_known_to_the_law(timezone.now()):
        raise Http404
    language = get_language() or settings.LANGUAGE_CODE
    form = PressureForm(request.POST if request.method == "POST" else None, visit=visit, language=language)
    token, go = request.POST.get("once", ""), request.POST.get("go", "")
    good = once.is_good(token)
    form.growing = go in {"back", "find"} or form.finder.is_asked(request.POST)
    context = {
        "form": form,
        "petition": visit.petition,
        "once": token if good else once.new_token(),
        "concerned": names_of(form.concerned),
        "notice": STALE if token and not good else "",
    }
    if not form.is_bound or form.growing or not form.is_valid():
        status = 409 if form.is_bound and not form.growing else 200
        return render(request, "petitioner/pressure.html", context, status=status)
    if go == "send" and good:
        answer = _send(form, token)
        if not isinstance(answer, Refusal):
            return receipt.show(request, answer.answer if isinstance(answer, once.Sent) else answer)
        form.add_error(None, answer.reason.say(language))
        return render(request, "petitioner/pressure.html", context, status=409)
    said = form.cleaned_data
    context |= {"chosen": form.recipients[said["to"]], "named": names_of(said["against"])}
    return render(request, "petitioner/pressure_check.html", context)


def _send(form: PressureForm, token: str) -> once.Answer | once.Sent | Refusal:
    lodging, now = form.lodging(), timezone.now()

    def make() -> Filed | Refusal:
        return file(lodging, now=now)

    said = {name: form.cleaned_data[name] for name in form.fields}
    return once.once(token, said, make, now=now)
