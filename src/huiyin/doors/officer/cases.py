"""The case file of one petition, for its handlers alone: it holds everything as it is written."""

from __future__ import annotations

import io
from typing import cast

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.doors.officer import reading
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.letters import pdf_answer
from huiyin.doors.officer.petition import petition_or_404
from huiyin.papers import case_file, case_sheet
from huiyin.papers.case_file import CaseFile
from huiyin.registry import access, attachments, taking


def _case_or_404(request: DeskRequest, ref: str) -> CaseFile:
    found = petition_or_404(request, ref)
    if not access.handles(request.acting, found):
        raise Http404
    reading.words(request, found)
    case = case_file.case_file(
        found, request.now, for_author=False, read=lambda file: reading.opened(file, attachments.read(file))
    )
    reading.names(case.files)
    return case


def _taken(request: DeskRequest, what: str, case: CaseFile) -> None:
    """The auditor and the author see that it was taken."""
    if request.method == "GET":
        taking.put_on_record(request.acting, what, request.now, case.petition)


@require_safe
def case_pdf(request: DeskRequest, ref: str) -> HttpResponseBase:
    """To read, print and archive: PDF/A-3 with an index, the attachments inside."""
    case = _case_or_404(request, ref)
    _taken(request, "case-pdf", case)
    made = case_sheet.if_printable(case, get_language() or "")
    if not made:
        return page(request, "case_unprintable.html", {"petition": case.petition}, status=503)
    return pdf_answer(made[case_sheet.NAME], f"{case.petition.ref}.pdf")


@require_safe
def case_zip(request: DeskRequest, ref: str) -> HttpResponseBase:
    """For machines: case.json, the PDF, the attachments, and a signed list that `huiyin verify` checks."""
    case = _case_or_404(request, ref)
    _taken(request, "case-zip", case)
    packed = case_file.bundle(case, case_sheet.if_printable(case, get_language() or ""))
    return FileResponse(
        cast("io.BufferedIOBase", packed),
        as_attachment=True,
        filename=f"{case.petition.ref}.zip",
        content_type="application/zip",
    )
