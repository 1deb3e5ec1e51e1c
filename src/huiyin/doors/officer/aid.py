"""The decision aid: a few plain questions about the matter, and the class and route that they propose.

Nothing is written here. The officer goes on to the move, decides, and gives reasons that the author reads.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from huiyin.core import aid, rulebook
from huiyin.core.aid import Proposal
from huiyin.doors.officer import reading, wording
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404, shown
from huiyin.registry import access
from huiyin.registry.masking import AS_IT_IS
from huiyin.registry.models import Petition
from huiyin.registry.prospects import open_moves


@require_safe
def ask(request: DeskRequest, ref: str) -> HttpResponseBase:
    """The next question, or the proposal; the answers so far are a word of y and n in the address."""
    petition = petition_or_404(request, ref)
    book = rulebook.in_force(petition.jurisdiction, request.today)
    open_verbs = {row.verb for row in open_moves(petition, request.acting, request.now)}
    if not book.aid.questions or not access.handles(request.acting, petition) or not is_useful(open_verbs):
        raise Http404
    reading.words(request, petition)
    standing = aid.follow(book.aid, request.GET.get("a", ""))
    context: dict[str, Any] = {
        **shown(petition, AS_IT_IS),
        "asked": [
            {"question": question, "yes": answer == aid.YES, "again": standing.answers[:number]}
            for number, (question, answer) in enumerate(standing.asked)
        ],
        "question": standing.question,
        "answers": standing.answers,
        "proposal": standing.proposal,
    }
    if standing.proposal:
        article = standing.proposal.article
        context["article"] = wording.cited(article, petition, request.today)
        context["article_href"] = wording.read_at(article, petition, request.today)
        context["go_on"] = _go_on(petition, standing.proposal) if standing.proposal.verb in open_verbs else ""
    return page(request, "aid.html", context)


def is_useful(open_verbs: set[str]) -> bool:
    """Whether what the aid could propose may be done now at all."""
    return "classify" in open_verbs


def _go_on(petition: Petition, proposal: Proposal) -> str:
    """The form of the proposed move, filled in as far as the proposal goes."""
    filled = {"sorting": proposal.name, "aided": "followed"} if proposal.verb == "classify" else {}
    address = reverse("desk:move", args=[petition.ref, proposal.verb])
    return f"{address}?{urlencode(filled)}" if filled else address
