"""The whole petition as one file for its author: to read and print, and for machines with what proves it."""

from __future__ import annotations

import io
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.doors.petitioner.visit import Visit, following
from huiyin.papers import case_file, case_sheet
from huiyin.papers.case_file import CaseFile
from huiyin.registry import own


def _case(visit: Visit) -> CaseFile:
    reading = visit.reading
    case = case_file.case_file(
        visit.petition, timezone.now(), for_author=True, read=lambda file: own.read(file, reading)
    )
    own.show_files(case.files, reading)
    return case


@following
@require_safe
def download(_request: HttpRequest, visit: Visit) -> FileResponse:
    """A ZIP of everything that the author may see. What is sealed is not in it: nobody here can read it."""
    case = _case(visit)
    context = {
        "petition": case.petition,
        "story": case.story,
        "lost": case_file.lost(case),
        "made_at": case.made_at,
    }
    text = render_to_string("petitioner/petition.txt", context).encode()
    packed = case_file.bundle(case, {"case.txt": text, **case_sheet.if_printable(case, get_language() or "")})
    return FileResponse(
        cast("io.BufferedIOBase", packed),
        as_attachment=True,
        filename=f"{case.petition.ref}.zip",
        content_type="application/zip",
    )


@following
@require_safe
def case_pdf(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The case file as PDF; where no font can draw it, the ZIP, which holds the same as text."""
    case = _case(visit)
    made = case_sheet.if_printable(case, get_language() or "")
    if not made:
        return redirect("petitioner:download")
    response = HttpResponse(made[case_sheet.NAME], content_type="application/pdf")
    name = f"{case.petition.ref}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003
    return response
