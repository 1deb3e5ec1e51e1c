"""A notice or an opinion as a letter: to read, to print, to take along; also as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huiyin.core.rulebook import Row
from huiyin.core.text import Text
from huiyin.doors.petitioner.visit import Visit, following
from huiyin.papers import fonts, press, sheet
from huiyin.papers.letter import Letter, letter_of
from huiyin.registry import service
from huiyin.registry.models import Petition
from huiyin.registry.prospects import open_moves
from huiyin.registry.story import Story, Told, story_of

REMEDIES = frozenset({"request-review", "request-rereview", "challenge"})


@following
@require_safe
def document(request: HttpRequest, visit: Visit, *, seq: int) -> HttpResponse:
    """One document of this petition. An opinion can be read once it is served."""
    return _page(request, visit, seq)


@following
@require_safe
def document_pdf(request: HttpRequest, visit: Visit, *, seq: int) -> HttpResponse:
    """The same as PDF in the letter form; where no font can draw it, the page to print."""
    _told, letter = _letter_or_404(visit, seq)
    try:
        printed = sheet.letter_pdf(letter, get_language() or "")
    except (fonts.NoChineseFont, press.Unprintable):
        return _page(request, visit, seq, can_print=False)
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    name = f"{visit.petition.ref}-{seq}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003
    return response


def _letter_or_404(visit: Visit, seq: int) -> tuple[Told, Letter]:
    told = next((t for t in _story(visit.petition).timeline if t.seq == seq and t.document), None)
    entry = visit.petition.entries.select_related("officer").filter(seq=seq).first() if told else None
    letter = letter_of(visit.petition, entry) if entry else None
    if told is None or letter is None:
        raise Http404
    return told, letter


def _page(request: HttpRequest, visit: Visit, seq: int, *, can_print: bool = True) -> HttpResponse:
    told, letter = _letter_or_404(visit, seq)
    story = _story(visit.petition)
    context = {
        "petition": visit.petition,
        "told": told,
        "letter": letter,
        "service": _reached(visit.petition, told),
        "served_on": _served_on(story, told),
        "open_until": _open_until(story, told),
        "remedy": _remedy(visit) if _service(story, told) else None,
        "can_print": can_print,
    }
    return render(request, "petitioner/document.html", context)


def _reached(petition: Petition, told: Told) -> service.Service:
    return service.of(petition, petition.entries.get(seq=told.seq))


def _story(petition: Petition) -> Story:
    return story_of(petition, served_only=True)


def _service(story: Story, told: Told) -> Told | None:
    """The service of this document; none for one that is only told."""
    if told.served is False:
        return None
    return next((t for t in story.timeline if t.seq > told.seq and t.event == "served"), None)


def _served_on(story: Story, told: Told) -> Text | str | None:
    service = _service(story, told)
    return next((f.value for f in service.facts if f.name == "served_on"), None) if service else None


def _remedy(visit: Visit) -> Row | None:
    """What is open to whoever does not agree with an answer that they read."""
    rows = open_moves(visit.petition, visit.author, timezone.now())
    return next((row for row in rows if row.verb in REMEDIES), None)


def _open_until(story: Story, told: Told) -> dict[str, object] | None:
    """The author's own term that the service of this document started."""
    service = _service(story, told)
    if service is None:
        return None
    own = (c for c in story.clocks if c.rule.duty == "author" and c.clock.seq in service.clocks)
    return next(({"name": c.rule.text, "due": c.clock.due} for c in own), None)
