"""The year: what a petition office reports of it (art. 41.1), as a page to print and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from huiyin.core.correspondence import ADOPTED
from huiyin.core.text import Text
from huiyin.doors.officer import wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.papers import annual, annual_html, annual_pdf, fonts, press
from huiyin.registry import law, taking, watched, yearly
from huiyin.registry.yearly import Proposals, Year
from huiyin.site import articles

FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what is counted, and how many."""

    text: Text
    count: int | str


@require_safe
def year(request: DeskRequest) -> HttpResponseBase:
    chosen = chosen_year(request)
    made = yearly.of(request.acting, chosen)
    book = law.in_force(request.today)
    context = {
        "chosen": chosen,
        "years": list(reversed(yearly.years(request.today)))[:6],
        "running": chosen == request.today.year,
        "made": made,
        "classes": [Line(wording.KINDS[kind], count) for kind, count in made.classes.items()],
        "steps": _steps(request, made.steps),
        "supervised": _steps(request, made.supervision),
        "proposals": [(each, articles.cite(each.article, book.id)) for each in made.proposals],
        "cited": {
            "fields": articles.cite("41.1(1)", book.id),
            "sent_on": articles.cite("41.1(2)", book.id),
            "proposals": articles.cite("41.1(3)", book.id),
            "answers": articles.cite("39.1", book.id),
        },
    }
    return page(request, "year.html", context)


def chosen_year(request: DeskRequest) -> int:
    """The year that was asked for, or this one. Raises Http404 for what is none."""
    typed = request.GET.get("year", "")
    if not typed:
        return request.today.year
    if not typed.isdecimal() or len(typed) > 4 or int(typed) not in yearly.years(request.today):
        raise Http404
    return int(typed)


def _steps(request: DeskRequest, counted: Any) -> list[Line]:
    """Verbs as the law of today names them; one that it does not know is left out."""
    book = law.in_force(request.today)
    # The last row of a verb: those before it tell of a body that another installation serves.
    return [Line(rows[-1].past, n) for verb, n in counted.items() if (rows := book.rows_of(verb))]


@require_safe
def as_csv(request: DeskRequest) -> HttpResponseBase:
    """The same figures, one a line: what of the article, which body, what is counted, how many."""
    made = yearly.of(request.acting, chosen_year(request))
    if request.method == "GET":
        taking.put_on_record(request.acting, "year-csv", request.now)
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="year-{made.year}.csv"'},
    )
    answer.write("\ufeff")  # so that a spreadsheet reads it as UTF-8
    lines = csv.writer(answer)
    lines.writerow([gettext("Article"), gettext("Body"), gettext("What is counted"), gettext("How many")])
    lines.writerows([_plain(cell) for cell in line] for line in _lines(request, made))
    return answer


FORMS = {
    "html": ("year-html", "text/html; charset=utf-8"),
    "docx": ("year-docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": ("year-pdf", "application/pdf"),
}


@require_safe
def as_report(request: DeskRequest, form: str) -> HttpResponseBase:
    """The annual report of these bodies as a file, in the language of the page."""
    chosen, (what, kind) = chosen_year(request), FORMS[form]
    mine = watched.by(request.acting)
    made = annual.report(mine, chosen, request.now, get_language() or "", organ=_organ(request))
    try:
        content = _written(made, form)
    except (fonts.NoChineseFont, press.Unprintable):
        return page(request, "year_unprintable.html", {"year": str(chosen)}, status=503)
    if request.method == "GET":
        taking.put_on_record(request.acting, what, request.now)
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{made.name}.{form}"'},
    )


def _written(made: annual.Report, form: str) -> bytes:
    if form == "pdf":
        return annual_pdf.pdf(made).pdf
    if form == "docx":
        from huiyin.papers import annual_docx  # lxml comes with it: 15 MB, once a year

        return annual_docx.docx(made)
    return annual_html.html(made).encode()


def _organ(request: DeskRequest) -> Text:
    """The body for which they supervise; the first of several, in the order of the tree."""
    codes = request.acting.codes({"supervisor"})
    bodies = [request.acting.bodies[code] for code in codes if code in request.acting.bodies]
    return min(bodies, key=lambda each: each.path).name


def _plain(cell: Any) -> Any:
    """No name of a body is run as a formula by a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _lines(request: DeskRequest, made: Year) -> Iterator[list[Any]]:
    tongue = get_language() or "zh-hans"
    for kind, count in made.classes.items():
        yield ["41.1(1)", "", wording.KINDS[kind].say(tongue), count]
    for line in (*_steps(request, made.steps), *_steps(request, made.supervision)):
        yield ["41.1(2)", "", line.text.say(tongue), line.count]
    for each in made.proposals:
        yield from _of_proposals(each, tongue)
    for body in made.bodies:
        name = body.body.name.say(tongue)
        yield ["41.1(1)", name, gettext("Dealt with"), body.dealt_with]
        yield ["39.1", name, gettext("Answers given"), body.answers]
        yield ["39.1", name, gettext("Terms of the law missed"), body.missed]
        yield ["39.1", name, gettext("Dates set by order missed"), body.missed_orders]
        yield ["39.1", name, gettext("Promises reported as carried out"), body.carried_out]


def _of_proposals(each: Proposals, tongue: str) -> Iterator[list[Any]]:
    name = each.text.say(tongue)
    yield ["41.1(3)", "", f"{name}: {gettext('sent')}", each.sent]
    for code, count in each.adopted.items():
        yield ["41.1(3)", "", f"{name}: {ADOPTED[code].say(tongue)}", count]
    yield ["41.1(3)", "", f"{name}: {gettext('not answered yet')}", each.waiting]
