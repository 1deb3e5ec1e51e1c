"""Letters on the desk: to read, to print, and as PDF in the letter form of GB/T 9704."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.core import case
from huiyin.doors.officer import naming, reading
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404
from huiyin.papers import fonts, press, sheet
from huiyin.papers.letter import Letter, letter_of
from huiyin.registry import masking, sealing, service, taking
from huiyin.registry.facts import Fact, codes_in, facts_of
from huiyin.registry.models import Body, Entry, Petition
from huiyin.registry.prospects import open_moves


def said(after: case.After) -> tuple[Fact, ...]:
    """What a move that is not yet made would say, labelled."""
    codes = set(codes_in(after.contents)) - {""}
    bodies = {body.code: body for body in Body.objects.filter(code__in=codes)} if codes else {}
    entry = Entry(rulebook=after.rulebook, contents=dict(after.contents))
    return facts_of(after.row, entry, bodies)


def letter_or_404(request: DeskRequest, ref: str, seq: int) -> tuple[Petition, Letter]:
    """The petition and its letter, opened as far as this officer may read it. Raises Http404 for none."""
    found = petition_or_404(request, ref)
    entry = found.entries.select_related("officer").filter(seq=seq).first()
    reader = masking.reader_of(request.acting, found)
    if entry and sealing.is_closed(entry):
        if reader.hides:
            reading.addressed(found)
        else:
            reading.steps(request, found)
    made = letter_of(found, entry, reader) if entry else None
    if made is None:
        raise Http404
    return found, made


@require_safe
def letter(request: DeskRequest, ref: str, seq: int) -> HttpResponseBase:
    """A notice to print. Without a name: that is merged at print time by opening the seal."""
    found, made = letter_or_404(request, ref, seq)
    verbs = {row.verb for row in open_moves(found, request.acting, request.now)}
    context = {
        "petition": found,
        "letter": made,
        "seq": seq,
        "opens_seal": "unseal" in verbs and naming.is_sealed(found),
    }
    if made.to == "author":
        context["service"] = service.of(found, found.entries.get(seq=seq))
        context["may_deliver"] = "deliver-notice" in verbs and seq in service.letters_of(found.ref)
    return page(request, "letter.html", context | typefaces())


def typefaces() -> dict[str, object]:
    """What the office should know of the fonts before it prints: which are missing, or that all are."""
    try:
        return {"missing_fonts": fonts.chosen().missing, "can_print": True}
    except fonts.NoChineseFont:
        return {"missing_fonts": (), "can_print": False}


@require_safe
def slip(request: DeskRequest, ref: str, seq: int) -> HttpResponseBase:
    """The proof of service that goes along with a letter handed over in person or sent by post."""
    found, made = letter_or_404(request, ref, seq)
    try:
        printed = sheet.slip_pdf(made, get_language() or "")
    except (fonts.NoChineseFont, press.Unprintable):
        return _unprintable(request, found, made, seq)
    _taken(request, "slip-pdf", found)
    return pdf_answer(printed.pdf, f"{found.ref}-{seq}-slip.pdf")


def _unprintable(request: DeskRequest, found: Petition, made: Letter, seq: int) -> HttpResponseBase:
    return page(request, "letter.html", {"petition": found, "letter": made, "seq": seq, "can_print": False})


@require_safe
def letter_pdf(request: DeskRequest, ref: str, seq: int) -> HttpResponseBase:
    """The same letter as PDF, addressed to the reference."""
    found, made = letter_or_404(request, ref, seq)
    try:
        printed = sheet.letter_pdf(made, get_language() or "")
    except (fonts.NoChineseFont, press.Unprintable):
        return page(
            request, "letter.html", {"petition": found, "letter": made, "seq": seq, "can_print": False}
        )
    _taken(request, "letter-pdf", found)
    return pdf_answer(printed.pdf, f"{found.ref}-{seq}.pdf")


def _taken(request: DeskRequest, what: str, found: Petition) -> None:
    """The auditor and the author see that it was taken."""
    if request.method == "GET":
        taking.put_on_record(request.acting, what, request.now, found)


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """A PDF for the browser to show or keep; by no cache."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"  # noqa: FBT003 Django's
    return response
