"""The pages that are filled in to lodge: what happened, whom it is about, where it goes, who asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from huiyin.core import telephone
from huiyin.core.refusal import FIELD_REASONS
from huiyin.core.rulebook import Rulebook
from huiyin.doors.petitioner.finding import MOST, Finder, offer, only
from huiyin.registry.file import SUBJECT_LENGTH, TEXT_LENGTH, WORDS_LENGTH, Lodging
from huiyin.registry.models import SERVICE
from huiyin.site.forms import Quiet, files_field, say_later
from huiyin.vault.seal import Author as Person

ORDER = ("claim", "report", "suggestion")  # what most come for first
UNSURE = "unsure"
KEPT = {"data-draft": ""}  # the browser keeps what is typed until it is sent, as it does with long texts
WHO = (
    ("anonymous", _("I do not give my name")),
    ("named", _("I give my name")),
)
HELP = (
    ("", _("No, for myself")),
    ("relative", _("Yes: I am a relative or friend")),
    ("social-worker", _("Yes: I am a social worker")),
    ("lawyer", _("Yes: I am a lawyer")),
    ("counter", _("Yes: I work at a counter")),
    ("other", _("Yes: somebody else")),
)
WHO_HINTS = {
    "anonymous": _(
        "Nothing about you is kept. You read the answer here with your key; "
        "if the key is lost, nobody can give you a new one."
    ),
    "named": _(
        "Your name is sealed at once: an officer who opens it must say what for, and you see who did."
    ),
}
CONTACTS = ("name", "phone", "email", "address")
SERVICE_HINTS = {
    "electronic": _("With your key, at any time."),
    "post": _("For this we need a name and an address."),
    "in-person": _("You are told here when it lies ready."),
}


def line(length: int, **options: Any) -> forms.CharField:
    """A text that is refused when too long, never cut off by the browser while somebody pastes it."""
    too_long = MaxLengthValidator(length, say_later(FIELD_REASONS["too-long"]))
    messages = {"required": say_later(FIELD_REASONS["required"])} | options.pop("error_messages", {})
    return forms.CharField(validators=[too_long], error_messages=messages, **options)


class MatterForm(Quiet):
    """What it is, in the classes of the law in force, and what happened."""

    kind = forms.ChoiceField(
        label=_("What brings you here?"), initial="claim", widget=forms.RadioSelect, required=True
    )
    text = line(
        TEXT_LENGTH,
        label=_("What happened, and what you ask for"),
        help_text=_(
            "When and where it happened, what you asked for so far, what should be done now. "
            "Use your own words; up to 20,000 characters."
        ),
        error_messages={"required": _("Say what happened.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    subject = line(
        SUBJECT_LENGTH,
        label=_("The same in one sentence"),
        help_text=_(
            "For example: the lift in our house has been out of order for three months. "
            "Put no names here: this line is shown in lists."
        ),
        error_messages={"required": _("Say in one sentence what it is about.")},
        widget=forms.TextInput(attrs=KEPT),
    )
    lodged_before = line(
        40,
        label=_("Have you lodged this before? Its reference"),
        help_text=_(
            "Only if you want to say so. It is taken in all the same, and you see the term that runs there."
        ),
        required=False,
    )
    attachments = files_field()

    def __init__(self, *args: Any, book: Rulebook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {name: book.kinds[name] for name in ORDER if name in book.lodged_kinds}
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 it is
        field.choices = [(name, say_later(kind.text)) for name, kind in self.kinds.items()]
        if len(self.kinds) > 1 and book.rows_of("classify"):
            field.choices += [(UNSURE, _("I am not sure"))]

    @property
    def kind_hints(self) -> dict[str, Any]:
        hints = {name: say_later(kind.hint) for name, kind in self.kinds.items()}
        return hints | {
            UNSURE: _("Just write. The petition office reads it first, sorts it, and tells you why.")
        }

    @property
    def kind_text(self) -> Any:
        """What was chosen, in the words it was offered in."""
        chosen = self.cleaned_data["kind"]
        return _("I am not sure") if chosen == UNSURE else self.kinds[chosen].text

    @property
    def lodged_as(self) -> str:
        """The class it is taken in as; whoever is unsure asks for something until somebody sorts it."""
        chosen: str = self.cleaned_data["kind"]
        return "claim" if chosen == UNSURE else chosen


class AboutForm(Quiet):
    """Whom or what it is about. Neither has to be known."""

    against_words = line(
        WORDS_LENGTH,
        label=_("Say it in your own words"),
        help_text=_("A person, an office, a company, a place."),
        required=False,
        widget=forms.TextInput(attrs=KEPT),
    )

    against = forms.MultipleChoiceField(
        label=_("Is it about a body?"),
        help_text=_("Choose as many as you like, or none."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, finder: Finder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finder = finder
        offer(self, "against", finder.bodies.values())
        self.more = only(self, "against", finder, self["against"].value() or ())


class BodyForm(Quiet):
    """Which body shall look into it. Nobody need know."""

    body = forms.ChoiceField(
        label=_("Which body should look into it?"),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, finder: Finder, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finder = finder
        found = ("", _("I am not sure: find the right body for me"))
        if kind == "report":
            found = ("", _("I am not sure: the discipline body that may look into it"))
        offer(self, "body", finder.bodies.values(), first=found)
        offered = finder.offered()
        if kind == "report":
            offered = [b for b in finder.bodies.values() if b.kind == "discipline"][:MOST]
        chosen = self["body"].value()
        self.more = only(self, "body", finder, [chosen] if chosen else [], offered=offered, first=found)


class WhoForm(Quiet):
    """A name and contacts, or none."""

    who = forms.ChoiceField(
        label=_("Giving your name"),
        choices=WHO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    name = line(100, label=_("Name"), required=False)
    phone = line(40, label=_("Telephone"), required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("Write an e-mail address such as name@example.org.")},
    )
    address = line(300, label=_("Postal address"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.MAILS:  # asked for nothing that nobody would write to
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("who") == "named" and "name" in said and not said["name"]:
            self.add_error("name", _("Write your name, or choose not to give it."))
        if said.get("who") == "anonymous":
            # Nothing of it is taken, so nothing about it is wrong; and the page does not show it.
            for contact in CONTACTS:
                self.errors.pop(contact, None)
        return said

    @property
    def person(self) -> Person:
        """Who asks. Somebody who chose not to give a name gives nothing, whatever was typed before."""
        said = self.cleaned_data
        if said.get("who") != "named":
            return Person()
        given = {name: said[name].strip() for name in CONTACTS if name in self.fields}
        return Person(**given, texts=bool(said.get("texts")))


class SignerForm(WhoForm):
    """Who signs with others."""

    reachable = forms.BooleanField(
        label=_("The body may open my name and contacts to ask me back"), required=False
    )


class AuthorForm(WhoForm):
    texts = forms.BooleanField(
        label=_("Tell me by short message when there is news"),
        help_text=_("It says only that there is news: neither your name nor what it is about."),
        required=False,
    )
    helper = forms.ChoiceField(
        label=_("Do you write this for somebody else?"),
        help_text=_(
            "Then write their name and contacts below, not yours. Receipt and key are theirs; "
            "of you only this answer is kept."
        ),
        choices=HELP,
        widget=forms.RadioSelect,
        required=False,
    )
    service = forms.ChoiceField(
        label=_("How do you want to receive written answers?"),
        choices=SERVICE,
        initial="electronic",
        widget=forms.RadioSelect,
        required=False,
    )

    joint = forms.BooleanField(
        label=_("Others will sign it with me: make an invitation that I can pass on"), required=False
    )
    reachable = forms.BooleanField(
        label=_("If others sign: the body may open my name and contacts to ask me back"), required=False
    )

    def __init__(self, *args: Any, may_be_joint: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_joint:
            del self.fields["joint"], self.fields["reachable"]
        if settings.TEXTS is None:  # nothing is said of what is not offered
            del self.fields["texts"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("texts") and said.get("who") == "named":
            if said.get("joint"):
                self.add_error("texts", _("News of a joint petition goes by e-mail and to the page alone."))
            elif not telephone.plain(said.get("phone", "")):
                self.add_error("phone", _("Write the number that short messages go to, with digits alone."))
        if said.get("joint") and said.get("service") not in {"", "electronic"}:
            self.add_error(
                "service", _("A joint petition is answered on the page where each signer reads it.")
            )
        if said.get("service") == "post" and said.get("who") == "named" and not said.get("address"):
            self.add_error("address", _("Write the address that answers should be posted to."))
        if said.get("service") == "post" and said.get("who") == "anonymous":
            self.add_error("service", _("Nothing can be posted without a name and an address."))
        return said


def lodging_of(
    matter: MatterForm, about: AboutForm, body: BodyForm, author: AuthorForm, **rest: Any
) -> Lodging:
    """The pages as one lodging; `rest`: the language and the uploads."""
    what, whom, who = matter.cleaned_data, about.cleaned_data, author.cleaned_data
    return Lodging(
        subject=what["subject"],
        text=what["text"].replace("\r\n", "\n"),
        kind=matter.lodged_as,
        unsure=what["kind"] == UNSURE,
        body=body.cleaned_data["body"],
        against=tuple(whom["against"]),
        against_words=whom["against_words"],
        lodged_before=what["lodged_before"],
        author=author.person,
        service=who["service"] or "electronic",
        joint=bool(who.get("joint")),
        helper=who["helper"],
        reachable=bool(who.get("reachable")),
        **rest,
    )
