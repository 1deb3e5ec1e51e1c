"""Open cases of an older system, taken over from a list: which columns, what it would do, then for real.

For whoever keeps the whole house, as in the shell. A list is looked through before it can be taken over; it
lies locked until then, and what is not taken up goes after a week.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core import extending
from huiyin.core.text import Text
from huiyin.doors.officer import takeover_work
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sure import Sure, ask
from huiyin.papers.open_formats import plain
from huiyin.reading import lists, saved_maps, tables
from huiyin.reading.about_persons import is_about_persons
from huiyin.registry import attachments, cases_in, law, takeovers, upkeep
from huiyin.registry.access import visible_to
from huiyin.registry.cases_file import COLUMNS, LOOKED, LOOKING, PROBLEM, TAKEN, TAKING, CasesFile
from huiyin.registry.models import Takeover
from huiyin.registry.takeover_columns import LABELS, OPEN_CASES
from huiyin.registry.taking_over import HERE, REFUSED
from huiyin.registry.taking_over import TAKEN as TAKEN_IN
from huiyin.site.forms import Quiet, say_later

A_PAGE = 100  # lines of a report
MAP_BYTES = 64 * 1024
WORDS = {
    "unreadable": _("It cannot be read any more. Bring it again."),
    "ended": _("The takeover had ended. Begin it again, then bring the list again."),
    "stopped": _("It stopped three times on the way. Ask your administrator to look at the log of the desk."),
}
REPORTED = ("line", "number", "outcome", "ref", "state", "late", "why", "lacks")


class SourceForm(Quiet):
    source = forms.CharField(
        label=_("Name of the older system"),
        max_length=takeovers.NAME_LENGTH,
        help_text=_("It stands in each case that comes from there, also where its author reads it."),
        error_messages={"required": _("Write what the older system is called.")},
    )


class FileForm(Quiet):
    file = forms.FileField(
        label=_("List of open cases"),
        help_text=_("CSV, XLSX or JSON Lines, up to 10 MB."),
        error_messages={"required": _("Choose the file first."), "empty": _("This file is empty.")},
    )
    maps = forms.FileField(
        label=_("Saved map of columns"),
        help_text=_("From an earlier list of this kind. Only the columns that it names are taken in."),
        required=False,
    )

    def clean_file(self) -> Any:
        """Read whole: what is larger than can be taken was not kept."""
        file = self.cleaned_data["file"]
        if file.size > attachments.MOST_BYTES:
            raise forms.ValidationError(gettext("This file is larger than 10 MB; make several of it."))
        return file

    def clean_maps(self) -> list[str]:
        """The map, as `lists.Fields.choose` takes it."""
        file = self.cleaned_data["maps"]
        if file is None:
            return []
        try:
            return saved_maps.read(file.read(MAP_BYTES).decode())
        except lists.BadMap as error:
            raise forms.ValidationError(str(say_later(error.said))) from error
        except UnicodeDecodeError as error:
            raise forms.ValidationError(gettext("This is no map of columns.")) from error


class ColumnsForm(Quiet):
    """Which column holds each field. Columns about persons are not among them (decision 0083)."""

    def __init__(self, headings: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings
        offered = [(each, each) for each in headings if each and not is_about_persons(each)]
        for name in (*OPEN_CASES.known, *lists.AUTHOR):
            needed = name in OPEN_CASES.needed
            self.fields[name] = forms.ChoiceField(
                label=say_later(LABELS[name]),
                choices=[("", _("— not taken in —")), *offered],
                required=needed,
                error_messages={"required": _("Say which column holds this.")},
            )

    @property
    def of_case(self) -> list[forms.BoundField]:
        return [self[name] for name in OPEN_CASES.known]

    @property
    def of_author(self) -> list[forms.BoundField]:
        return [self[name] for name in lists.AUTHOR]

    def chosen(self) -> dict[str, str]:
        """Field -> heading. Raises lists.BadMap."""
        maps = [f"{heading}={name}" for name, heading in self.cleaned_data.items() if heading]
        return OPEN_CASES.choose(self.headings, maps, only=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report, as it is read."""

    line: int
    number: str
    outcome: str
    ref: str
    state: Any
    late: list[tuple[Any, date]]
    why: Any
    lacks: Any
    may_open: bool


# ---- which systems


@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: DeskRequest) -> HttpResponseBase:
    """The older systems from which cases came or come; begin one."""
    _only_keepers(request)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        begun = takeovers.begin(form.cleaned_data["source"], by=request.officer, now=request.now)
        return redirect("desk:takeover", begun.pk)
    context = {"form": form, "systems": Takeover.objects.order_by("-began_at")}
    return page(request, "takeovers.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def system(request: DeskRequest, number: int) -> HttpResponseBase:
    """One older system: bring a list, see those that wait, end it."""
    _only_keepers(request)
    found = Takeover.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    form = FileForm()
    if request.method == "POST":
        if found.ended_at is not None:
            return redirect("desk:takeover", number)
        if request.POST.get("do") == "end":
            return _end(request, found)
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and (kept := _brought(request, found, form)):
            return redirect("desk:takeover-file", kept.pk)
    waiting = [(each, takeover_work.told_of(each)[0]) for each in cases_in.files().filter(takeover=found)]
    context = {"system": found, "form": form, "files": waiting}
    return page(request, "takeover.html", context, status=400 if form.errors else 200)


def _only_keepers(request: DeskRequest) -> None:
    """Raises Http404 for whoever keeps only some of the bodies."""
    if not upkeep.keeps_house(request.acting):
        raise Http404


def _end(request: DeskRequest, found: Takeover) -> HttpResponseBase:
    back = reverse("desk:takeover", args=[found.pk])
    question = Sure(
        title=_("End this takeover?"),
        whose=found.source,
        text=_("Nothing more comes in from it. It can begin again, from that later day on."),
        button=_("End it"),
    )
    if asked := ask(request, question, back):
        return asked
    takeovers.end(found, by=request.officer, now=request.now)
    messages.success(request, gettext("The takeover has ended."))
    return redirect(back)


def _brought(request: DeskRequest, found: Takeover, form: FileForm) -> CasesFile | None:
    """Keep the list; None, and an error at the form, where it cannot be read or the map does not fit it."""
    file, maps = form.cleaned_data["file"], form.cleaned_data["maps"]
    content, name = file.read(), attachments.clean_name(file.name)
    try:
        headings = takeover_work.table_of(name, content).headings
    except tables.Unreadable as error:
        form.add_error("file", str(say_later(error.said)))
        return None
    except extending.NoSuchClass:
        form.add_error(
            "file", gettext("No reader of lists can be used here; an administrator runs “huiyin check”.")
        )
        return None
    chosen: Mapping[str, str] = {}
    if maps or set(headings) <= set(OPEN_CASES.known):  # of our own export there is nothing to choose
        try:
            chosen = OPEN_CASES.choose(headings, maps, only=bool(maps))
        except lists.BadMap as error:
            form.add_error("maps" if maps else "file", str(say_later(error.said)))
            return None
    kept = cases_in.bring(name, headings, content, found, by=request.officer, now=request.now)
    if chosen:
        cases_in.ask(kept, LOOKING, request.now, chosen)
    return kept


# ---- one list


def _file(request: DeskRequest, pk: UUID) -> CasesFile:
    """Raises Http404."""
    _only_keepers(request)
    found = CasesFile.objects.select_related("takeover", "by").defer("content").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """A list: its columns; how far it is; what it would do, or did, line by line."""
    file = _file(request, pk)
    name, headings = takeover_work.told_of(file)
    form = ColumnsForm(headings, initial=file.columns or OPEN_CASES.proposed(headings))
    if request.method == "POST":
        done = _done(request, file, name)
        if done is not None:
            return done
        form = ColumnsForm(headings, request.POST)
        if form.is_valid():
            try:
                cases_in.ask(file, LOOKING, request.now, form.chosen())
                return redirect("desk:takeover-file", pk)
            except lists.BadMap as error:
                form.add_error(None, str(say_later(error.said)))
    if file.is_going:
        takeover_work.start()
    context = {
        "file": file,
        "name": name,
        "form": form if file.state in {COLUMNS, LOOKED} else None,
        "choosing": file.state == COLUMNS or form.is_bound,
        "persons": [each for each in headings if each and is_about_persons(each)],
        "others": _others(headings, file.columns),
        "problem": WORDS.get(file.problem, WORDS["stopped"]) if file.state == PROBLEM else "",
        "until": file.at + cases_in.KEPT,
        **_report(request, file),
    }
    return page(request, "takeover_file.html", context, status=400 if form.is_bound and form.errors else 200)


def _others(headings: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    """Columns beside those about persons that are not taken in; nothing is said before somebody chose."""
    return lists.left_out(headings, chosen)[1] if chosen else []


def _done(request: DeskRequest, file: CasesFile, name: str) -> HttpResponseBase | None:
    """What a button asks for; None for new columns."""
    step = request.POST.get("do", "")
    here = reverse("desk:takeover-file", args=[file.pk])
    if step == "drop":
        cases_in.drop(file)
        messages.success(request, gettext("The list is destroyed here; what was taken over stays."))
        return redirect("desk:takeover", file.takeover_id)
    if step == "take" and file.state == LOOKED:
        if asked := ask(request, _sure(file, name), here):
            return asked
        cases_in.ask(file, TAKING, request.now)
        return redirect(here)
    return redirect(here) if step or file.state not in {COLUMNS, LOOKED} else None


def _sure(file: CasesFile, name: str) -> Sure:
    n = file.outcomes.get(TAKEN_IN, 0)
    said = ngettext(
        "%(n)s case comes under this house, with its own days. That cannot be undone: "
        "from then on its terms are kept here.",
        "%(n)s cases come under this house, with their own days. That cannot be undone: "
        "from then on their terms are kept here.",
        n,
    )
    return Sure(
        title=_("Take these cases over?"),
        whose=name,
        text=said % {"n": n},
        button=_("Take them over"),
    )


def _report(request: DeskRequest, file: CasesFile) -> dict[str, Any]:
    """The lines, those to be mended first."""
    if file.state not in {LOOKED, TAKEN}:
        return {}
    rows = takeover_work.report_of(file)
    rows.sort(key=lambda row: (row["outcome"] != REFUSED, row["line"]))
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    refs = [row["ref"] for row in shown if row["ref"]]
    mine = set(visible_to(request.acting).filter(ref__in=refs).values_list("ref", flat=True))
    book = law.at(request.now)[0]
    lines = []
    for row in shown:
        state, why = book.states.get(row["state"]), _mended(cases_in.said_of(row, "why"))
        lines.append(
            Row(
                row["line"],
                row["number"],
                row["outcome"],
                row["ref"],
                state.text if state else "",
                [(_called(book, clock), date.fromisoformat(due)) for clock, due in row["late"]],
                why,
                cases_in.said_of(row, "lacks"),
                row["ref"] in mine,
            )
        )
    figures = {name: file.outcomes.get(name, 0) for name in (TAKEN_IN, HERE, REFUSED, "late")}
    return {"page": shown, "rows": lines, **figures}


def _mended(why: Text | None) -> Text | None:
    """The same with the field that it begins with called as on this page."""
    field = why.en.partition(":")[0] if why else ""
    if why is None or field not in LABELS:
        return why
    label = LABELS[field]
    return Text(why.zh.replace(field, label.zh, 1), why.en.replace(field, label.en, 1))


def _called(book: Any, clock: str) -> Text:
    return book.clocks[clock].text if clock in book.clocks else Text(clock, clock)


@require_safe
def report(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """The same as a file, in the shell's columns."""
    made = io.StringIO()
    written = csv.writer(made, lineterminator="\r\n")
    written.writerow(REPORTED)
    for row in takeover_work.report_of(_file(request, pk)):
        words = (cases_in.said_of(row, name) for name in ("why", "lacks"))
        said = [str(say_later(each)) if each else "" for each in words]
        late = " ".join(f"{clock}:{due}" for clock, due in row["late"])
        cells = (row["line"], row["number"], row["outcome"], row["ref"], row["state"], late, *said)
        written.writerow([plain(str(cell)) for cell in cells])
    return _download(made.getvalue().encode("utf-8-sig"), "takeover-report.csv", "text/csv; charset=utf-8")


@require_safe
def columns(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """The map of columns that was chosen, for the next list of this kind."""
    file = _file(request, pk)
    try:
        said = saved_maps.written(file.columns)
    except lists.BadMap as error:
        messages.error(request, str(say_later(error.said)))
        return redirect("desk:takeover-file", pk)
    return _download(said.encode(), "columns.json", "application/json")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
