"""Who holds the key of one petition, for half an hour: a signed cookie instead of an account.

The cookie names the petition and a fingerprint of its key's hash; it holds no key, ends with the browser,
and the visits themselves are kept by nobody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from huiyin.core.refusal import Refusal, refuse
from huiyin.doors.petitioner import reenter
from huiyin.registry.access import Author, author_of, key_hash_of
from huiyin.registry.keys import is_mistyped, read_ref
from huiyin.registry.models import Petition
from huiyin.site import turnstile

COOKIE = reenter.COOKIE
PATH = "/follow/"
SALT = "huiyin.petitioner.visit"
AGE = timedelta(minutes=30)

View = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Visit:
    """Proof that whoever asks holds the key of this petition."""

    author: Author
    petition: Petition


def private(response: Response) -> Response:
    """Kept by no cache and no history: phones and counters are shared."""
    response["Cache-Control"] = "no-store"
    return response


def begin(response: HttpResponseBase, visit: Visit) -> None:
    """Let the visit last for half an hour from now, and no longer than the browser stays open."""
    author, fingerprint = visit.author, _fingerprint(visit)
    if fingerprint is None:
        return  # the signature was taken back: there is nothing to visit
    value = signing.dumps([author.ref, author.signature, fingerprint], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        path=PATH,
        secure=bool(settings.CSRF_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )


def end(response: HttpResponse) -> None:
    """Forget the visit, and what the browser kept of it."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    response["Clear-Site-Data"] = '"cache", "storage"'


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit that the cookie proves, or None when there is none, or it has ended."""
    try:
        ref, signature, fingerprint = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError):
        return None
    petition = Petition.objects.select_related("holder").filter(ref=ref).first()
    if petition is None:
        return None
    visit = Visit(Author(petition.ref, signature), petition)
    right = _fingerprint(visit)
    return visit if right and hmac.compare_digest(fingerprint, right) else None


def with_key(ref: str, key: str) -> Visit | Refusal:
    """The visit that a reference and its key begin.

    A slip of the finger is told from what does not fit by looking at what was typed, and at nothing else.
    """
    found = author_of(ref, key)
    if isinstance(found, Refusal):
        return refuse("mistyped") if is_mistyped(ref, key) else found
    return Visit(*found)


def tried(request: HttpRequest) -> Visit | Refusal | turnstile.Wait:
    """The visit that what was typed begins; else why not, or that too many keys were tried just now."""
    token = reenter.token_of(request)
    if wait := turnstile.trying(request, token):
        return wait
    ref = request.POST.get(reenter.REF, "")
    found = with_key(ref, request.POST.get(reenter.KEY, ""))
    if isinstance(found, Refusal):
        return refuse("tried-too-often") if turnstile.wrong_key(request, read_ref(ref)) else found
    return found


def following(view: View) -> View:
    """Only for whoever holds the key; another half hour begins with each page.

    Where the half hour is over, what was typed is carried along while reference and key are asked again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        visit = visit_of(request)
        if visit is None and request.method == "POST" and reenter.REF in request.POST:
            found = tried(request)
            if not isinstance(found, Visit):
                return private(reenter.ask(request, no=found))
            visit = found
        if visit is None:
            return _over(request)
        response = view(request, visit, **parts)
        begin(response, visit)
        return private(response)

    return guarded


def _over(request: HttpRequest) -> HttpResponse:
    response = private(reenter.ask(request))
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return response


def _fingerprint(visit: Visit) -> str | None:
    kept = key_hash_of(visit.author, visit.petition)
    if kept is None:
        return None
    made = hashlib.sha256(b"huiyin-visit\n" + kept).digest()
    return base64.urlsafe_b64encode(made[:18]).decode()
