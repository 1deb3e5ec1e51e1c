"""Between bodies: what was sent and is not taken, what others ask of us, who decides, what nobody takes."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import between as waiting


@require_safe
def between(request: DeskRequest) -> HttpResponseBase:
    acting = request.acting
    return page(
        request,
        "between.html",
        {
            "asked": waiting.asked_of(acting),
            "sent": waiting.sent_by(acting),
            "disputed": waiting.to_decide(acting),
            "bounced": waiting.bounced(acting) if acting.has("supervisor") else None,
        },
    )
