"""Open data: the figures of each month as files for programs, made of the log's figures when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.core import open_data as core
from huiyin.core.text import Text
from huiyin.site import open_data
from huiyin.site.cohort_plot import said_period

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "txt": "text/plain; charset=utf-8",
    "zip": "application/zip",
}
LISTED = ("terms.csv", "terms.json", "terms.parquet", "datapackage.json")


@dataclass(frozen=True, slots=True)
class Line:
    """One month or year, with how many rows there are of it."""

    period: str
    words: Text
    rows: int


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every month of which there is something, and what each column means."""
    known = open_data.source()
    found = core.periods(known.figures) if known else []
    lines = [
        Line(each, said_period(each), len(core.rows(known.figures, each, known.smallest)))
        for each in found
        if known
    ]
    context: dict[str, Any] = {
        "known": known,
        "url": f"{settings.PUBLIC_URL}/log",
        "lines": lines,
        "fields": core.FIELDS,
        "files": [name for name in LISTED if open_data.has_parquet() or not name.endswith("parquet")],
    }
    return render(request, "public/open_data.html", context)


@require_safe
def download(_request: HttpRequest, period: str, file: str) -> HttpResponse:
    """One file of a package, or all of them as ZIP."""
    known = open_data.source()
    if known is None or period not in core.periods(known.figures):
        raise Http404
    made = open_data.files(known, period)
    whole = f"huiyin-open-data-{period}.zip"
    content = open_data.packed(made) if file == whole else made.get(file)
    if content is None:
        raise Http404
    given = file if file == whole else f"huiyin-{period}-{file}"
    answer = HttpResponse(content, content_type=KINDS[file.rpartition(".")[2]])
    answer["Content-Disposition"] = f'attachment; filename="{given}"'
    return answer
