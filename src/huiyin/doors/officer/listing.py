"""Bodies and officers from a list: choose a file, look at what it would do, confirm once, all or nothing.

Nothing waits on the server between the two pages: the list travels with the page that shows it, is judged
anew when it is confirmed, and is kept only if it then does what was shown.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.text import Text
from huiyin.doors.officer.bodies import kept
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.people import known_to
from huiyin.reading import tables
from huiyin.reading.tables import Table
from huiyin.registry import body_columns, body_imports, body_lists, bombs, lists, officer_lists
from huiyin.registry.access import Acting
from huiyin.registry.lists import Fault, Overtaken
from huiyin.registry.models import Body, Change
from huiyin.site.forms import say_later

LARGEST = 1 << 20  # bytes of a list
LONG = 200  # bodies; keeping more of them is felt
MEANWHILE = Text(
    "看过之后有了变化；下面是现在会做的，请再看一遍",
    "something changed since you looked: below is what it would do now. Look again",
)


class FileForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=_("List"),
        help_text=_("CSV or XLSX, as Excel or WPS saves it, up to 1 MB."),
        error_messages={"required": _("Choose the file first."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(gettext("This file is larger than 1 MB; make several of it."))
        return file


@dataclass(frozen=True, slots=True)
class Kind:
    """What there are lists of: how one is judged, and what its pages are called."""

    name: str  # of its address
    columns: tuple[lists.Column, ...]
    plan: Callable[[Table, Any], Any]
    template: str


BODIES = Kind("body-list", body_columns.COLUMNS, body_lists.plan, "body_list_plan.html")
PEOPLE = Kind("people-list", officer_lists.COLUMNS, officer_lists.plan, "people_list_plan.html")


@require_http_methods(["GET", "HEAD", "POST"])
def bodies(request: DeskRequest) -> HttpResponseBase:
    """A tree of bodies from a list."""
    planned = _posted(request, BODIES)
    if isinstance(planned, HttpResponseBase):
        return planned
    try:
        kept = body_imports.keep(planned, by=request.officer, now=request.now)
    except Overtaken as error:
        return _shown(request, BODIES, planned, request.POST["list"], wrong=error.said)
    n = len(planned.new) + len(planned.changed)
    said = ngettext("%(n)s body is saved.", "%(n)s bodies are saved.", n) % {"n": n}
    messages.success(request, said)
    return redirect("desk:body-import", kept.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def body_import(request: DeskRequest, number: int) -> HttpResponseBase:
    """A list that was kept: what taking it back would do now, and doing it."""
    row = body_imports.brought_in(request.acting).filter(pk=number).first()
    if row is None:
        raise Http404
    wrong = None
    if request.method == "POST":
        try:
            return _take_back(request, row)
        except Overtaken as error:
            wrong = error.said
    undone = body_imports.undoing(row, request.acting)
    context = {
        "row": row,
        "back": body_imports.taken_back(row),
        "undone": undone,
        "told": _told(undone),
        "wrong": wrong,
    }
    return page(request, "body_import.html", context, status=409 if wrong else 200)


def _take_back(request: DeskRequest, row: Change) -> HttpResponseBase:
    """Raises Overtaken."""
    done = body_imports.take_back(row, request.POST.get("told", ""), request.acting, request.now).what
    said = gettext("Taken back: %(gone)s out of service, %(restored)s as before.") % done
    messages.success(request, said)
    return redirect("desk:body-import", row.pk)


@sensitive_variables("hired")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: DeskRequest) -> HttpResponseBase:
    """Accounts and roles from a list. The passwords are on the answer and nowhere else.

    A long list goes in portions, each printed before the next: what is done already is as it is.
    """
    planned = _posted(request, PEOPLE)
    if isinstance(planned, HttpResponseBase):
        return planned
    try:
        hired = officer_lists.keep(officer_lists.portion(planned), by=request.officer, now=request.now)
    except (Overtaken, IntegrityError) as error:
        said = error.said if isinstance(error, Overtaken) else MEANWHILE
        return _shown(request, PEOPLE, planned, request.POST["list"], wrong=said)
    if not hired:
        messages.success(request, gettext("The list is saved."))
        return redirect("desk:people")
    given = {each.login: each.given for each in planned.rows}
    slips = [{"hired": each, "roles": given[each.officer.login]} for each in hired]
    context = {"slips": slips, "where": _sign_in_address(request)}
    return page(request, "password_slips.html", {**context, **_left_of(request, len(planned.new))})


def _left_of(request: DeskRequest, wanted: int) -> dict[str, Any]:
    """What of a long list still waits: nothing, or what to send for the next portion, and how far it is."""
    text = request.POST["list"]
    left = PEOPLE.plan(_as_table(text), Acting(request.officer, request.today)) if wanted else None
    if left is None or left.faults or not left.new:
        return {}
    return {
        "left": len(left.new),
        "next": min(len(left.new), officer_lists.AT_ONCE),
        "rows": len(left.rows),
        "opened": len(left.rows) - len(left.new),
        "text": text,
        "told": _told(left),
    }


def _as_table(text: str) -> Table:
    return tables.read("list", lambda: io.BytesIO(text.encode()))


def _sign_in_address(request: DeskRequest) -> str:
    return request.build_absolute_uri("/desk/")


def _posted(request: DeskRequest, kind: Kind) -> Any:
    """The plan that was looked at and confirmed, or the page to answer with."""
    if request.method != "POST":
        return _choose(request, kind, FileForm())
    if "list" in request.POST:
        text = request.POST["list"]
        planned = kind.plan(_as_table(text), request.acting)
        as_shown = request.POST.get("told") == _told(planned)
        if planned.faults or not as_shown:
            return _shown(request, kind, planned, text, wrong=MEANWHILE)
        return planned
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _choose(request, kind, form)
    try:
        table = _table(form.cleaned_data["file"])
        planned = kind.plan(table, request.acting)
    except tables.Unreadable as error:
        form.add_error("file", str(say_later(error.said)))
        return _choose(request, kind, form)
    return _shown(request, kind, planned, _as_text(table))


def _table(file: Any) -> Table:
    """The list with its lines read once. Raises tables.Unreadable."""
    content = file.read()
    if content.startswith(tables.ZIP) and (wrong := bombs.problem(content)):  # small, and huge once opened
        raise tables.Unreadable(wrong.format(name=file.name))
    table = tables.read(file.name, lambda: io.BytesIO(content))
    lines = list(itertools.islice(table.lines(), lists.MOST_ROWS + 1))
    return Table(table.headings, len(lines), lambda: iter(lines))


def _as_text(table: Table) -> str:
    """The list once more, each row on the line where it stood, so that a fault is found again."""
    made = io.StringIO()
    written = csv.writer(made, lineterminator="\n")
    written.writerow(table.headings)
    at = 2
    for line in table.lines():
        made.write("\n" * (line.number - at))
        cells = (line.cells.get(heading, "") for heading in table.headings)
        written.writerow(["；".join(cell.splitlines()) for cell in cells])
        at = line.number + 1
    return made.getvalue()


def _told(planned: Any) -> str:
    """A digest of what a plan does: looked at and confirmed are the same, or something changed between."""
    return lists.digest(planned.does)


def _choose(request: DeskRequest, kind: Kind, form: FileForm) -> HttpResponseBase:
    context = {"form": form, "columns": kind.columns, "kind": kind.name, "roles": officer_lists.ROLES}
    if kind is BODIES:
        context["earlier"] = body_imports.brought_in(request.acting)[: body_imports.LATELY]
    return page(request, "list_choose.html", context, status=400 if form.errors else 200)


def _shown(
    request: DeskRequest, kind: Kind, planned: Any, text: str, wrong: Text | None = None
) -> HttpResponseBase:
    """What the list would do, or all that is wrong with it."""
    faults: tuple[Fault, ...] = planned.faults
    context = {
        "plan": planned,
        "text": text,
        "told": _told(planned),
        "wrong": wrong,
        "kind": kind.name,
        "at_once": officer_lists.AT_ONCE,
        "does_something": bool(planned.new or planned.changed),
        "is_long": len(planned.new) + len(planned.changed) > LONG,
    }
    return page(request, kind.template, context, status=400 if faults or wrong else 200)


# ---- files to take along


@require_safe
def body_template(request: DeskRequest) -> HttpResponseBase:
    first = kept(request.acting).filter(external=False).order_by("path").first()
    content = body_columns.template(first.code if first else "", chinese=_chinese())
    return _file(content, "bodies-template.csv")


@require_safe
def body_export(request: DeskRequest) -> HttpResponseBase:
    """The bodies that this administrator keeps, as a list that can be changed and imported again."""
    found = kept(request.acting).filter(active=True).select_related(*body_columns.LINKS)
    rows = found.prefetch_related("competences").order_by("path")
    return _file(body_columns.exported(rows, chinese=_chinese()), "bodies.csv")


@require_safe
def people_template(request: DeskRequest) -> HttpResponseBase:
    first = kept(request.acting).filter(external=False).order_by("path").first()
    content = officer_lists.template(first.code if first else "", chinese=_chinese())
    return _file(content, "officers-template.csv")


@require_safe
def people_export(request: DeskRequest) -> HttpResponseBase:
    """Who works at the bodies that this administrator keeps, a row for each role."""
    officers = (
        known_to(request.acting).filter(is_active=True).prefetch_related("roles__body").order_by("login")
    )
    mine = Body.objects.filter(pk__in=kept(request.acting)).values_list("pk", flat=True)
    return _file(officer_lists.exported(officers, mine, chinese=_chinese()), "officers.csv")


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
