"""What a web process answers with: its zone; and, where both zones share one address, the way to the desk.

The public process forwards /desk/ untouched to the desk process. It holds no key and no account, so whoever
breaks into it has not broken into the desk.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from huiyin.site import lifeline

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DESK = "/desk"
DESK_ADDRESS = "_HUIYIN_DESK"  # set by `huiyin serve` for its own processes: no setting of the operator's
BAD_GATEWAY = "502"  # of the proxy's own: the desk answers nothing like it
SECONDS = 60  # the desk may take that long over an upload
# How long a thread keeps the interpreter while others wait for it. Python's own 5 ms make whoever writes to
# SQLite wait that long after each of its statements, with everybody else behind it: half as many were filed.
# PostgreSQL has no such line, and there to hand it over so often only costs.
SWITCH_EVERY_ON_SQLITE = 0.0002


def load() -> None:
    """Load whatever the workers of this zone share, in the process that they will be forked from.

    So they have it at once and in common: a worker costs the memory of what it alone does. Nothing here asks
    the database or reads a key, and nothing starts a thread: the fork would leave that behind.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.site.settings")
    import django
    from django.conf import settings

    django.setup()
    from django.template import engines
    from django.urls import get_resolver
    from django.utils.translation import trans_real

    from huiyin.core import rulebook

    if os.environ.get(DESK_ADDRESS):
        import werkzeug.middleware.http_proxy  # noqa: F401 - loading is what is wanted
    get_resolver().url_patterns  # noqa: B018 - the same
    rulebook.all_rulebooks()
    engines.all()
    for code, _ in settings.LANGUAGES:
        trans_real.translation(code)
    gc.freeze()  # a collector that looked at what is shared would make it each worker's own


def application() -> WSGIApplication:
    """Make the application of this process's zone; called once in each worker."""
    lifeline.follow(os.getppid())
    from django.conf import settings

    from huiyin.site.wsgi import application as zone

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        sys.setswitchinterval(SWITCH_EVERY_ON_SQLITE)
    desk = os.environ.get(DESK_ADDRESS)
    return TwoZones(zone, desk) if desk else zone


class TwoZones:
    """The public zone, and the desk behind it."""

    def __init__(self, public: WSGIApplication, desk: str) -> None:
        from werkzeug.middleware.http_proxy import ProxyMiddleware  # the desk needs none

        from huiyin.site.outage import DESK_IS_AWAY

        self._public, self._away = public, DESK_IS_AWAY
        target: dict[str, Any] = {"target": desk, "host": None}
        self._both = ProxyMiddleware(public, {f"{DESK}/": target}, timeout=SECONDS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == DESK:
            start_response("302 Found", [("Location", f"{DESK}/"), ("Content-Length", "0")])
            return []
        if not path.startswith(f"{DESK}/"):
            return self._public(environ, start_response)
        away: list[str] = []

        def answered(status: str, *told: Any) -> Any:
            if status.startswith(BAD_GATEWAY):
                away.append(status)
                return away.append  # where nobody listens
            return start_response(status, *told)

        answer = self._both(_for_the_proxy(environ, path), answered)
        if not away:
            return answer
        # The public zone says it: it speaks the reader's language, and stands.
        return self._public({**environ, self._away: True}, start_response)


def _for_the_proxy(environ: WSGIEnvironment, path: str) -> WSGIEnvironment:
    # WSGI hands over the path's bytes as Latin-1; the proxy would encode them a second time.
    told = {**environ, "PATH_INFO": path.encode("latin-1").decode("utf-8", "replace")}
    if not told.get("CONTENT_LENGTH"):
        told.pop("CONTENT_LENGTH", None)  # empty would be taken for a body of unknown length
    told.setdefault("HTTP_HOST", environ.get("SERVER_NAME", "127.0.0.1"))
    return told
