"""Who holds the key of one petition, for half an hour: a signed cookie instead of an account.

The cookie names the petition and a fingerprint of its key's hash; it does not hold the key, ends with the
browser, and the visits themselves are kept by nobody. Of a report, whose words lie under seal, it also
carries what opens these words and does nothing else, enciphered for this server alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal, refuse
from huiyin.doors.petitioner import reenter
from huiyin.registry import erasing, own
from huiyin.registry.access import SPLIT, Author, author_of, key_hash_of
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
    reading: bytes | None = field(default=None, repr=False)  # opens the author's own words, where sealed


def private(response: Response) -> Response:
    """Kept by no cache and no history: phones and counters are shared."""
    response["Cache-Control"] = "no-store"
    return response


def begin(response: HttpResponseBase, visit: Visit) -> None:
    """Let the visit last for half an hour from now, and no longer than the browser stays open."""
    author, fingerprint = visit.author, _fingerprint(visit)
    if fingerprint is None:
        return  # the signature was taken back: there is nothing to visit
    opens = _carried(visit.reading) if visit.reading and may_hold_sealed(visit.petition) else ""
    value = signing.dumps([author.ref, author.signature, fingerprint, opens], salt=SALT)
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
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
        ref, signature, fingerprint, opens = told
        reading = _read_back(opens)
    except (signing.BadSignature, ValueError, CryptoError):
        return None
    petition = Petition.objects.select_related("holder").filter(ref=ref).first()
    if petition is None:
        return None
    visit = Visit(Author(petition.ref, signature), petition, reading)
    right = _fingerprint(visit)
    if not right or not hmac.compare_digest(fingerprint, right):
        return None
    own.show(petition, reading)
    return visit


def with_key(ref: str, key: str) -> Visit | Refusal:
    """The visit that a reference and its key begin.

    A slip of the finger is told from what does not fit by looking at what was typed, and at nothing else.
    """
    found = author_of(ref, key)
    if isinstance(found, Refusal):
        return refuse("mistyped") if is_mistyped(ref, key) else found
    author, petition = found
    visit = Visit(author, petition, own.reading_of(petition, key))
    own.show(petition, visit.reading)
    return visit


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
        if visit.petition.erased_on is not None:
            return private(_erased(request, visit.petition))
        response = view(request, visit, **parts)
        begin(response, visit)
        return private(response)

    return guarded


def _erased(request: HttpRequest, petition: Petition) -> HttpResponse:
    context = {"petition": petition, "stone": petition.tombstone, "ground": erasing.ground_of(petition)}
    return render(request, "petitioner/erased.html", context)


def _over(request: HttpRequest) -> HttpResponse:
    response = private(reenter.ask(request))
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return response


def may_hold_sealed(petition: Petition) -> bool:
    """Whether it, or another part of the same mixed petition, may lie under seal."""
    return petition.kind == "report" or petition.part_of_id is not None or petition.state == SPLIT


def _box() -> SecretBox:
    return SecretBox(hashlib.sha256(b"huiyin-visit-reading\n" + settings.SECRET_KEY.encode()).digest())


def _carried(reading: bytes) -> str:
    return base64.urlsafe_b64encode(_box().encrypt(reading)).decode()


def _read_back(carried: str) -> bytes | None:
    return _box().decrypt(base64.urlsafe_b64decode(carried)) if carried else None


def _fingerprint(visit: Visit) -> str | None:
    kept = key_hash_of(visit.author, visit.petition)
    if kept is None:
        return None
    made = hashlib.sha256(b"huiyin-visit\n" + kept).digest()
    return base64.urlsafe_b64encode(made[:18]).decode()
