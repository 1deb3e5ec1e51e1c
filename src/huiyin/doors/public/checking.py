"""The page that checks a receipt in the browser: one file, which works as well when it is kept and opened."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

PAGE = Path(__file__).with_name("check.html")
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


@cache
def allowed() -> dict[str, list[str]]:
    """What the page may run: its own script and style, by their hashes, and nothing from anywhere."""
    found = _INLINE.findall(PAGE.read_text(encoding="utf-8"))
    return {
        f"{kind}-src": [_hash(content) for name, content in found if name == kind]
        for kind in ("script", "style")
    }


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@require_safe
@csp_replace(
    {"img-src": [NONE], "font-src": [NONE], "connect-src": [NONE], "form-action": [NONE], **allowed()}
)
def check(_request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody: what is checked on it is sent nowhere."""
    return HttpResponse(PAGE.read_bytes(), content_type="text/html; charset=utf-8")
