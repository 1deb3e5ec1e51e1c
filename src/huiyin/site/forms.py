"""The form of any move, made from what its row asks for; every door that draws forms uses this one.

A form only collects and shows. Whether a move is right, `perform` alone decides; its refusal comes back onto
the fields with `show`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.core.refusal import FIELD_REASONS, Refusal
from huiyin.core.rulebook import Choice, Content, Row
from huiyin.core.text import Text
from huiyin.registry.attachments import ENDINGS, MOST_BYTES, Upload

MORE = "more"  # the name of the button that asks for one more row
ATTACHMENTS = "attachments"
RADIOS = 7  # up to so many choices are shown at once; more become a list
MOST_ROWS = 100  # drawn at once, whatever number a request claims
LONG = 200  # a text that may be longer gets a box of several lines
CHOOSE = pgettext_lazy("the first line of a list", "Choose")

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    File = UploadedFile[bytes]
    RowsOfForms = forms.BaseFormSet["RowForm"]
else:  # Django's own classes take no type arguments at run time
    RowsOfForms = forms.BaseFormSet

Choices = Iterable[tuple[Any, Any]]
Data = Mapping[str, Any] | None
Files = MultiValueDict[str, Any] | None


def _said(text: Text) -> str:
    return text.say(get_language() or "zh-hans")


say_later: Callable[[Text], Any] = lazy(_said, str)  # said in the language of the page, not of the import
# What is missing is said in one way, in whatever form.
forms.Field.default_error_messages["required"] = say_later(FIELD_REASONS["required"])


class ManyFiles(forms.ClearableFileInput):
    """A file box that takes several at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none. What is in them is judged by the registry."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[File]:  # noqa: ARG002 Django's signature
        given = data if isinstance(data, (list, tuple)) else [data]
        # An empty file is told by its name by the registry, with the others that cannot be taken.
        return [file for file in given if file]


def files_field(*, label: Any = None, help_text: Any = None) -> FilesField:
    """The box for attachments, the same in every door."""
    return FilesField(
        label=label or _("Attachments"),
        help_text=help_text
        or _(
            "Up to 5 files, 10 MB each: photos, PDF, Word, Excel, text, sound or video. Where and when a "
            "photo was taken, and who wrote a document, is taken out; keep the original if that matters."
        ),
        required=False,
        widget=ManyFiles(attrs={"accept": ",".join(ENDINGS)}),
    )


def uploads_of(files: Iterable[File]) -> list[Upload]:
    """The files of a form as the registry takes them; of one too large only enough to tell."""
    return [Upload(file.name or "file", file.read(MOST_BYTES + 1)) for file in files]


class Quiet(forms.Form):
    """A form that speaks in our words, and can be drawn again without complaint while a row is asked for."""

    use_required_attribute = False
    growing = False

    def full_clean(self) -> None:
        if self.growing:
            self._errors = ErrorDict()
            self.cleaned_data = {}
            return
        super().full_clean()


class RowForm(Quiet):
    """One row: it counts once anything is written in it, whatever stood there before."""

    def has_changed(self) -> bool:
        values = (self[name].data for name, field in self.fields.items() if not field.widget.is_hidden)
        return any(str(value).strip() for value in values if value not in (None, []))

    def settle(self, requests: Collection[str]) -> None:
        """What the petitioner asks for was listed before: it is shown, and not written again."""
        if self["request"].value() in requests:
            self.fields["request"].widget = forms.HiddenInput()

    @property
    def settled(self) -> str:
        """The request that this row answers, where it was listed before."""
        field = self.fields.get("request")
        return str(self["request"].value()) if field and field.widget.is_hidden else ""


class QuietRows(RowsOfForms):
    growing = False
    legend: Text  # what one row is

    @property
    def settled(self) -> bool:
        """Whether each row answers a request that was listed before: then there is nothing to add."""
        return any(form.settled for form in self) and all(form.settled for form in self)

    def _construct_form(self, i: int, **kwargs: Any) -> RowForm:
        form: RowForm = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.growing = self.growing
        # A row that is left empty is no row; the core asks for at least one where one is needed.
        form.empty_permitted = True
        return form


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a move says, as a template draws it: a field, or rows of fields."""

    content: Content
    field: forms.BoundField | None = None
    rows: QuietRows | None = None


class MoveForm(Quiet):
    """The form of one move: `contents` is what goes into the Move, `uploads` what comes with it."""

    row: Row
    rows: dict[str, QuietRows]
    finds: int | None = None  # of a long list of bodies: how many a word left over

    @property
    def parts(self) -> list[Part]:
        """All that is asked for, in the order of the law; the attachments stand apart."""
        return [
            Part(content, rows=self.rows[content.name])
            if content.type == "rows"
            else Part(content, field=self[content.name])
            for content in self.row.contents
        ]

    @property
    def everything(self) -> list[forms.BaseForm | QuietRows]:
        """The form and its rows: what an error summary looks through."""
        return [self, *self.rows.values()]

    @property
    def is_wrong(self) -> bool:
        """Whether something is complained of, in the form or in a row."""
        return bool(self.errors) or any(rows.total_error_count() for rows in self.rows.values())

    @property
    def attachments(self) -> forms.BoundField | None:
        return self[ATTACHMENTS] if ATTACHMENTS in self.fields else None

    def is_valid(self) -> bool:
        """Whether it was sent and can be read; asking for one more row is not yet sending."""
        if self.growing:
            return False
        # Every part is looked at, so that all that is wrong is said at once.
        own = super().is_valid()
        wrong = [rows for rows in self.rows.values() if not rows.is_valid()]
        return own and not wrong

    @property
    def contents(self) -> dict[str, Any]:
        """What the move says, for `Move(verb, contents)`; what was left empty is left out."""
        said = {
            content.name: _plain(self.cleaned_data.get(content.name))
            for content in self.row.contents
            if content.type != "rows"
        }
        for name, rows in self.rows.items():
            said[name] = [
                {k: _plain(v) for k, v in form.cleaned_data.items()} for form in rows if form.has_changed()
            ]
        return {name: value for name, value in said.items() if value not in ("", None, [])}

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the form, complete or not: what a draft keeps."""
        said: dict[str, Any] = {
            content.name: self[content.name].value()
            for content in self.row.contents
            if content.type != "rows"
        }
        for name, rows in self.rows.items():
            said[name] = [{field.name: field.value() or "" for field in form} for form in rows]
        return {name: value for name, value in said.items() if value not in ("", None, [])}

    @property
    def uploads(self) -> list[Upload]:
        return uploads_of(self.cleaned_data.get(ATTACHMENTS) or [])

    def show(self, refusal: Refusal) -> None:
        """Put a refusal onto the fields it names, or above the form where it names none."""
        named = False
        for name, reason in refusal.fields.items():
            if name in self.fields:
                self.add_error(name, _said(reason))
                named = True
            elif name in self.rows:
                self._show_in_rows(name, reason)
                named = True
        if not named:
            self.add_error(None, capfirst(str(_said(refusal.reason))))

    def _show_in_rows(self, name: str, reason: Text) -> None:
        """At the first field of the first row, where it is mended; above the form where there is no row."""
        first = next(iter(self.rows[name].forms), None)
        asked = next((field.name for field in first.visible_fields()), None) if first is not None else None
        if first is None or asked is None:
            self.add_error(None, f"{_label(self.row, name)}: {_said(reason)}")
        else:
            first.add_error(asked, _said(reason))


def move_form(
    row: Row,
    data: Data = None,
    files: Files = None,
    *,
    choices_for: Mapping[str, Choices] | None = None,
    initial: Mapping[str, Any] | None = None,
    with_files: bool = False,
    settled: Collection[str] = (),
) -> MoveForm:
    """The form of a move. `choices_for`: content name or type (body, officer, clock) -> its choices.

    `settled`: the requests of the petition as they were listed, which rows that answer them do not ask again.
    """
    given = choices_for or {}
    row = replace(row, contents=tuple(c for c in row.contents if _is_asked(c, given)))
    growing = data is not None and bool(data.get(MORE))
    fields: dict[str, Any] = {
        content.name: _field(content, given_for(content, given))
        for content in row.contents
        if content.type != "rows"
    }
    if with_files or files:
        fields[ATTACHMENTS] = files_field()
    kind = type("MoveForm", (MoveForm,), {**fields, "row": row})
    form: MoveForm = kind(data=data, files=files, initial=initial, auto_id=f"id_{row.verb}_%s")
    form.growing = growing
    form.rows = {
        content.name: _rows(content, data, (initial or {}).get(content.name), given, settled)
        for content in row.contents
        if content.type == "rows"
    }
    return form


def _is_asked(content: Content, given: Mapping[str, Choices]) -> bool:
    """Which of one or none? There is nothing to ask: of tasks, and of the next higher bodies."""
    chosen = content.type == "task" or (content.type == "body" and not content.required)
    return not chosen or len(given_for(content, given)) > 1


def given_for(content: Content, given: Mapping[str, Choices]) -> list[tuple[Any, Any]]:
    """The choices that a door gives for a content, by its name or else by its type."""
    return list(given.get(content.name, given.get(content.type, ())))


def _rows(
    content: Content,
    data: Data,
    initial: Any,
    given: Mapping[str, Choices],
    settled: Collection[str] = (),
) -> QuietRows:
    kind = type("Row", (RowForm,), {c.name: _field(c, given_for(c, given)) for c in content.columns})
    extra = 0 if initial else content.least
    most = min(content.most, MOST_ROWS)
    made = forms.formset_factory(kind, formset=QuietRows, extra=extra, max_num=most, absolute_max=most)
    growing = data is not None and bool(data.get(MORE))
    if data is not None and f"{content.name}-TOTAL_FORMS" not in data:
        data = _none_at_all(data, content)
    if data is not None and data.get(MORE) == content.name:
        data = _one_more(data, content)
    rows: QuietRows = made(data=data, initial=initial, prefix=content.name)  # type: ignore[assignment]
    rows.growing, rows.legend = growing, content.text
    if content.answers_requests:
        for form in rows:
            form.settle(settled)
    return rows


def _none_at_all(data: Mapping[str, Any], content: Content) -> Mapping[str, Any]:
    """What was sent says nothing of these rows: there are none, and the core says so where it needs one."""
    return {**dict(data.items()), f"{content.name}-TOTAL_FORMS": "0", f"{content.name}-INITIAL_FORMS": "0"}


def _one_more(data: Mapping[str, Any], content: Content) -> Mapping[str, Any]:
    name = f"{content.name}-TOTAL_FORMS"
    grown = data.copy() if isinstance(data, QueryDict) else dict(data)
    shown = str(data.get(name, "0"))
    grown[name] = str(min(int(shown) + 1 if shown.isdecimal() else 1, content.most, MOST_ROWS))
    grown.setdefault(f"{content.name}-INITIAL_FORMS", "0")
    return grown


# ---- one field for each type of content


def nothing_chosen(*, required: bool = True) -> tuple[str, Any]:
    """The first line of a list to choose from: it asks for a choice where one is needed."""
    return ("", CHOOSE if required else "—")


def _field(content: Content, given: Choices) -> forms.Field:
    common: dict[str, Any] = {
        "label": say_later(content.text),
        "help_text": say_later(content.hint),
        "required": content.required,
        "error_messages": {
            name: say_later(FIELD_REASONS[why])
            for name, why in (
                ("required", "unchosen" if content.type in _CHOSEN else "required"),
                ("invalid", _WRONG.get(content.type, "text")),
                ("invalid_choice", _WRONG.get(content.type, "choice")),
                ("min_value", _WRONG.get(content.type, "number")),
                ("max_value", _WRONG.get(content.type, "number")),
            )
        },
    }
    return _MAKERS.get(content.type, _text)(content, given, common)


_CHOSEN = frozenset({"choice", "body", "bodies", "officer", "clock", "task", "letter"})
_WRONG = {
    "bodies": "body",
    "date": "date",
    "days": "days",
    "number": "number",
    "body": "body",
    "officer": "officer",
    "choice": "choice",
    "task": "task",
    "letter": "letter",
}


def _text(content: Content, _: Choices, common: dict[str, Any]) -> forms.Field:
    # Too long a text is refused by the core, which keeps what was typed; the browser would cut it off.
    widget = forms.Textarea(attrs={"rows": 6}) if content.most > LONG else forms.TextInput()
    return forms.CharField(widget=widget, **common)


def _line(_: Content, __: Choices, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **common)


def _choice(content: Content, _: Choices, common: dict[str, Any]) -> forms.Field:
    choices = [(choice.code, _choice_words(choice)) for choice in content.choices]
    if len(choices) <= RADIOS:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[nothing_chosen(required=content.required), *choices], **common)


def _choice_words(choice: Choice) -> Any:
    return say_later(choice.text)


def _listed(content: Content, given: Choices, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[nothing_chosen(required=content.required), *given], **common)


def _several(content: Content, given: Choices, common: dict[str, Any]) -> forms.Field:
    widget = forms.SelectMultiple(attrs={"size": 5})
    common["help_text"] = say_later(content.hint) or _("Several can be chosen: hold Ctrl, or Cmd on a Mac.")
    return forms.MultipleChoiceField(choices=list(given), widget=widget, **common)


def _date(_: Content, __: Choices, common: dict[str, Any]) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **common)


def _days(content: Content, _: Choices, common: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(min_value=1, max_value=content.most, **common)


def _flag(_: Content, __: Choices, common: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**{**common, "required": False})


_MAKERS: dict[str, Callable[[Content, Choices, dict[str, Any]], forms.Field]] = {
    "text": _text,
    "choice": _choice,
    "body": _listed,
    "bodies": _several,
    "officer": _listed,
    "clock": _listed,
    "task": _listed,
    "letter": _listed,
    "date": _date,
    "days": _days,
    "number": _days,
    "flag": _flag,
    "ref": _line,
}


def _plain(value: Any) -> Any:
    """A cleaned value as the core reads it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _label(row: Row, name: str) -> str:
    return next((_said(content.text) for content in row.contents if content.name == name), name)
