"""The counter: put on record what came by letter, by telephone or in person, and hand out the receipt.

Whoever comes to this counter is taken in, whichever body is competent. The name is sealed as it is entered;
nobody here can read it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.core import telephone
from huiyin.core.refusal import FIELD_REASONS, Refusal
from huiyin.core.rulebook import Rulebook
from huiyin.doors.officer import paper, receipts, scanned, wording
from huiyin.doors.officer.choosing import MANY, is_called
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import joining, law
from huiyin.registry.file import SUBJECT_LENGTH, TEXT_LENGTH, WORDS_LENGTH, Lodging
from huiyin.registry.models import CHANNELS, HELPERS, Body
from huiyin.site import staging
from huiyin.site.forms import Quiet, files_field, say_later, uploads_of
from huiyin.vault.seal import Author as Person

AUTHOR = ("name", "phone", "email", "address")
AT_A_COUNTER = ("visit", "phone", "letter", "fax", "email")
SPOKEN = frozenset({"visit", "phone"})
CONTACT_LENGTH = 300
ACCUSED_HINT = _("Only for a report. It is then kept from these bodies and from all that answer to them.")


def _line(length: int, **options: Any) -> forms.CharField:
    too_long = MaxLengthValidator(length, say_later(FIELD_REASONS["too-long"]))
    return forms.CharField(validators=[too_long], **options)


def _private(**options: Any) -> forms.CharField:
    """A line that neither the browser nor the script keeps for the next person at this counter."""
    quiet = forms.TextInput(attrs={"autocomplete": "off"})
    return _line(CONTACT_LENGTH, required=False, widget=quiet, **options)


def _kinds(book: Rulebook) -> list[str]:
    """What most come for first."""
    return sorted(book.lodged_kinds, key=("claim", "suggestion", "report").index)


class CounterForm(Quiet):
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(code, dict(CHANNELS)[code]) for code in AT_A_COUNTER],
        widget=forms.RadioSelect,
        initial="visit",
    )
    kind = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect, initial="claim")
    subject = _line(
        SUBJECT_LENGTH,
        label=_("What it is about, in one line"),
        help_text=_("No names here: this line is shown in lists."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = _line(
        TEXT_LENGTH,
        label=_("What was said or written"),
        help_text=_(
            "In the petitioner's own words: what happened, what is asked for. Add nothing, leave nothing out."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    attachments = files_field(label=_("Scans and documents"))
    lodged_before = _line(
        40,
        label=_("Lodged before? Its reference"),
        help_text=_("Only as the petitioner gives it. Nothing is looked up by a person."),
        required=False,
    )
    truthful = forms.BooleanField(
        label=_("I wrote down truthfully what was said, read it back, and the petitioner agreed (art. 19)."),
        required=False,
    )
    body = forms.ChoiceField(
        label=_("For which body"),
        help_text=_("If the petitioner named none, leave it: the right one is found."),
        required=False,
    )
    against = forms.MultipleChoiceField(
        label=_("Bodies it is about"),
        help_text=ACCUSED_HINT,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        required=False,
    )
    against_words = _line(WORDS_LENGTH, label=_("Or about whom, in words"), required=False)
    name = _private(label=_("Name"))
    phone = _private(label=_("Telephone"))
    texts = forms.BooleanField(
        label=_("The petitioner wants news by short message"),
        help_text=_("It says only that there is news. Ask first: the telephone may be read by others."),
        required=False,
    )
    email = _private(label=_("E-mail"))
    address = _private(label=_("Address"))
    service = forms.ChoiceField(
        label=_("How documents reach the petitioner"),
        choices=[(code, say_later(text)) for code, text in wording.SERVICE.items()],
        widget=forms.RadioSelect,
        initial="post",
    )
    helper = forms.ChoiceField(
        label=_("Somebody lodges this for the petitioner"),
        help_text=_("Receipt and key go to the petitioner. Of the helper only this is kept."),
        choices=[("", _("No")), *HELPERS],
        required=False,
    )
    joint = forms.BooleanField(
        label=_("Others will sign it too: print an invitation with the receipt"), required=False
    )
    reachable = forms.BooleanField(
        label=_("If others sign: the petitioner agrees to be asked back under their name"), required=False
    )
    language = forms.ChoiceField(
        label=_("Language of notices"),
        choices=[(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, words: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words or {}
        self.found: dict[str, int] = {}
        bodies = list(Body.objects.filter(active=True).order_by("path"))
        self.many = len(bodies) > MANY
        self._choose("body", [("", _("Find the right one")), *self._narrowed("body", bodies)])
        self._choose("against", self._narrowed("against", bodies))
        book = law.at(timezone.now())[0]
        self.plainly = {name: book.kinds[name].text for name in _kinds(book)}
        self._choose(
            "kind", [(name, say_later(wording.kind_text(book.jurisdiction, name))) for name in _kinds(book)]
        )
        self.fields["language"].initial = get_language()
        if not joining.is_known_to_the_law():
            del self.fields["joint"], self.fields["reachable"]
        if not settings.MAILS:  # asked for nothing that nobody would write to
            del self.fields["email"]
        if settings.TEXTS is None:
            del self.fields["texts"]
        if not self.is_bound:  # whoever stands at the counter begins to speak at once
            self.fields["subject"].widget.attrs["autofocus"] = True

    def _narrowed(self, name: str, bodies: list[Body]) -> list[tuple[str, Any]]:
        """The bodies that the word typed above this list leaves over, and what was chosen before."""
        word = self.words.get(f"find_{name}", "")
        taken = self.initial.get(name, "") if word else ""
        listed = [b for b in bodies if not (name == "body" and b.external)]
        fit = [b for b in listed if is_called(b, word)]
        self.found[name] = len(fit)
        if self.many:
            self.fields[name].widget.attrs["data-bodies"] = ""
        return [(b.code, say_later(b.name)) for b in listed if b in fit or b.code in taken]

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("channel") in SPOKEN and not said.get("truthful"):
            self.add_error(
                "truthful", _("What is spoken is written down truthfully and read back (art. 19).")
            )
        if said.get("texts"):
            if said.get("joint"):
                self.add_error("texts", _("News of a joint petition goes by e-mail and to the page alone."))
            elif not telephone.plain(said.get("phone", "")):
                self.add_error("phone", _("Write the number that short messages go to, with digits alone."))
        if said.get("kind") != "report" and (said.get("against") or said.get("against_words")):
            self.add_error(
                "against", _("Only a report names whom it is about. Choose “report” above, or clear this.")
            )
        return said

    def lodging(self) -> Lodging:
        said = self.cleaned_data
        return Lodging(
            subject=said["subject"],
            text=said["text"],
            kind=said["kind"],
            body=said["body"],
            against=tuple(said["against"]),
            against_words=said["against_words"],
            lodged_before=said["lodged_before"],
            author=Person(
                **{name: said.get(name, "").strip() for name in AUTHOR}, texts=bool(said.get("texts"))
            ),
            channel=said["channel"],
            language=said["language"],
            service=said["service"],
            uploads=uploads_of(said["attachments"]),
            helper=said["helper"],
            joint=bool(said.get("joint")),
            reachable=bool(said.get("reachable")),
        )

    def show(self, refusal: Refusal) -> None:
        named = {name: reason for name, reason in refusal.fields.items() if name in self.fields}
        for name, reason in named.items():
            self.add_error(name, str(say_later(reason)))
        if not named:
            self.add_error(None, str(say_later(refusal.reason)))


@sensitive_post_parameters("name", "phone", "email", "address", "text")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponseBase:
    """The form, and in answer to it the receipt: the key is on no other page."""
    letter = scanned.waiting(request) if "letter" in {**request.GET.dict(), **request.POST.dict()} else None
    if request.method != "POST":
        proposed = {"channel": "letter", "text": letter.text} if letter else {}
        return _form_page(request, CounterForm(initial={**_usual(request), **proposed}), letter=letter)
    token = request.POST.get("once", "")
    if request.POST.get("step") == "find":
        return _form_page(request, _narrowing(request), token, letter=letter)
    form = CounterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, token, status=400, letter=letter)
    if len(token) < len(receipts.new_token()):
        form.add_error(None, _("This form was not whole. Please send it again."))
        return _form_page(request, form, status=400, letter=letter)
    answer = _filed(request, form, token)
    if isinstance(answer, Refusal):
        form.show(answer)
        return _form_page(request, form, token, status=409, letter=letter)
    shown = receipts.show(
        request, answer, spoken=form.cleaned_data["channel"] in SPOKEN, paper=bool(request.POST.get("paper"))
    )
    if letter:
        letter.forget(shown)
    return shown


def _filed(request: DeskRequest, form: CounterForm, token: str) -> receipts.Answer | Refusal:
    """Put it on record, the pages of its letter before the other files."""
    tokens = request.POST.getlist(staging.STAGED)
    lodging, pages = (
        form.lodging(),
        staging.uploads(file for each in tokens if (file := staging.opened(each))),
    )
    if isinstance(pages, Refusal):
        return pages
    lodging = replace(lodging, uploads=(*pages, *lodging.uploads))
    held = partial(paper.held, request.POST.get("paper", ""), request)
    return receipts.file_once(lodging, token, by=request.acting, now=request.now, paper=held)


def _usual(request: DeskRequest) -> dict[str, str]:
    channel = request.GET.get("channel", "")
    return {"channel": channel} if channel in AT_A_COUNTER else {}


def _narrowing(request: DeskRequest) -> CounterForm:
    """The form as it was typed, its lists of bodies shorter; nothing is complained of."""
    names = CounterForm.base_fields
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in names if name != "attachments"}
    typed["against"] = request.POST.getlist("against")
    return CounterForm(initial=typed, words=request.POST)


SELDOM = ("attachments", "lodged_before", "body", "helper")


def _uses_more(form: CounterForm) -> bool:
    """Whether something is written, or wrong, in what is folded away for being seldom needed."""
    own = form["language"].value() not in (None, get_language())
    known = form.is_bound or bool(form.words)
    return known and (
        own
        or bool(form.words.get("find_body"))
        or any(form[name].errors or form[name].value() for name in SELDOM)
    )


def _form_page(
    request: DeskRequest,
    form: CounterForm,
    token: str = "",
    *,
    status: int = 200,
    letter: scanned.Letter | None = None,
) -> HttpResponseBase:
    context = {"form": form, "once": token or receipts.new_token(), "more_open": _uses_more(form)}
    context["letter"] = letter
    if letter:
        form.fields["text"].widget.attrs["rows"] = 24  # as high as the page beside it
    return page(request, "counter.html", context, status=status)
