"""The identity provider of the staff (OpenID Connect Core 1.0): where it is, and whether what it says holds.

Authorization code with PKCE (RFC 7636), state and nonce. A token is believed when its signature is by a key
of the provider's own list, by an asymmetric algorithm, and issuer, audience, nonce and times are right;
joserfc checks the signatures. Nothing of a token is kept but issuer and subject.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare

from huiyin.core import staff_claims
from huiyin.core.staff_claims import Said
from huiyin.site.environment import LOOPBACK, Oidc
from huiyin.site.forms import say_later

PATIENCE = 5.0  # seconds for each step of one connection
LARGEST = 512 * 1024  # bytes of an answer that are read
GOOD_FOR = 3600.0  # seconds that the provider's description and keys are kept
SOONEST = 30.0  # seconds: keys are not asked for again sooner, however many unknown ones come
LEEWAY = 60  # seconds that clocks may differ
SIGNED_WITHIN = 600  # seconds since which a token was signed
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
WELL_KNOWN = "/.well-known/openid-configuration"


class NotProven(Exception):
    """Nobody is signed in by this. The argument says why, in words that name nobody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along, and has to come back: kept in the session until then."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Who came back, as the provider vouches for them."""

    issuer: str
    subject: str
    said: Said
    proved_at: float | None  # when they last proved it there, in seconds since 1970; None: not said

    def is_since(self, moment: float) -> bool:
        """Whether they proved it after that moment; where the provider does not say when: no."""
        return self.proved_at is not None and self.proved_at >= moment - LEEWAY


@dataclass(slots=True)
class _Known:
    """What is known of a provider, and since when."""

    about: dict[str, Any]
    keys: dict[str, Any]
    since: float


_known: dict[str, _Known] = {}  # by issuer; a process asks once an hour


def configured() -> Oidc | None:
    """The provider that officers may sign in through."""
    found: Oidc | None = settings.OIDC
    return found


def title_of(provider: Oidc) -> str:
    """How the button calls the provider."""
    return str(say_later(provider.claims.called)) or provider.issuer.split("//", 1)[1].rstrip("/")


def forget() -> None:
    """Ask the provider anew next time."""
    _known.clear()


# ---- going there


def ask(provider: Oidc, back: str, *, again: bool = False) -> tuple[str, Asked]:
    """Where the browser is sent, and what has to come back. `again`: whoever is there proves it once more.

    Raises NotProven where the provider cannot be reached.
    """
    asked = Asked(*(secrets.token_urlsafe(32) for _ in range(3)))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back,
        "scope": " ".join(provider.claims.scopes),
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    if again:
        query |= {"prompt": "login", "max_age": "0"}
    where = _about(provider)["authorization_endpoint"]
    return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(query)}", asked


def end(provider: Oidc, back: str) -> str:
    """Where a browser goes to be signed out there as well; '' where the provider names no such place.

    OpenID Connect RP-Initiated Logout 1.0, by the client's name: no token is kept that could hint at whom.
    Raises NotProven where the provider cannot be reached.
    """
    where = _about(provider).get("end_session_endpoint")
    if not isinstance(where, str) or not is_safe(where):
        return ""
    query = urlencode({"client_id": provider.client, "post_logout_redirect_uri": back})
    return f"{where}{'&' if urlsplit(where).query else '?'}{query}"


# ---- coming back


def came_back(provider: Oidc, asked: Asked, query: Mapping[str, str], back: str, now: datetime) -> Proven:
    """Whoever the answer of the provider proves. Raises NotProven."""
    if not constant_time_compare(query.get("state", ""), asked.state):
        raise NotProven("state")
    if query.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: an answer of another provider's
        raise NotProven("iss")
    if "error" in query:
        raise NotProven("denied" if query["error"] == "access_denied" else "error")
    if not query.get("code"):
        raise NotProven("no-code")
    tokens = _exchanged(provider, query["code"], asked.verifier, back)
    token = _checked(provider, tokens.get("id_token"), asked.nonce, now)
    access = tokens.get("access_token")
    _belongs(token.claims, token.header, access)
    more = _more(provider, access, token.claims)
    if staff_claims.groups_elsewhere(provider.claims, token.claims, more):
        raise NotProven("groups-elsewhere")
    said = staff_claims.said_of(provider.claims, token.claims, more)
    at = token.claims.get("auth_time")
    at = float(at) if isinstance(at, (int, float)) else None
    return Proven(provider.issuer, str(token.claims["sub"]), said, at)


def _exchanged(provider: Oidc, code: str, verifier: str, back: str) -> dict[str, Any]:
    about = _about(provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if not provider.secret:
        form["client_id"] = provider.client
    elif "client_secret_basic" in ways:
        pair = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
        head["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client, "client_secret": provider.secret}
    return _told("token", about["token_endpoint"], head, urlencode(form).encode())


def _checked(provider: Oidc, sent: Any, nonce: str, now: datetime) -> Any:
    """The token, its signature and its claims checked (OpenID Connect Core, 3.1.3.7). Raises NotProven."""
    from joserfc import errors, jwt

    if not isinstance(sent, str):
        raise NotProven("no-id-token")
    token = _opened(provider, sent)
    if token is None and _is_old(provider):
        forget()  # perhaps it is by a key that is new there
        token = _opened(provider, sent)
    if token is None:
        raise NotProven("signature")
    rules: dict[str, Any] = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client},
        "nonce": {"essential": True, "value": nonce},
        **{name: {"essential": True} for name in ("sub", "exp", "iat")},
    }
    try:
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY, **rules).validate(token.claims)
    except errors.JoseError as error:
        raise NotProven(f"claim: {error.error}") from None
    _rest(provider, token.claims, now)
    return token


def _opened(provider: Oidc, sent: str) -> Any:
    """The token, if one of the provider's keys signed it."""
    from joserfc import errors, jwk, jwt

    try:
        return jwt.decode(sent, jwk.KeySet.import_key_set(_keys(provider)), algorithms=ALGORITHMS)
    except (errors.JoseError, ValueError):
        return None


def _rest(provider: Oidc, claims: Mapping[str, Any], now: datetime) -> None:
    """What the library leaves to who uses it. Raises NotProven."""
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", provider.client) != provider.client or (len(others) > 1 and "azp" not in claims):
        raise NotProven("azp")
    if claims["iat"] < now.timestamp() - SIGNED_WITHIN:
        raise NotProven("iat")
    if not isinstance(claims["nonce"], str) or not 0 < len(claims["sub"]) <= 255:
        raise NotProven("sub")


def _belongs(claims: Mapping[str, Any], header: Mapping[str, Any], access: Any) -> None:
    """Whether the access token is the one that the signed token speaks of. Raises NotProven."""
    bits = str(header.get("alg", ""))[-3:]
    if not isinstance(access, str) or "at_hash" not in claims or bits not in {"256", "384", "512"}:
        return
    digest = hashlib.new(f"sha{bits}", access.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not constant_time_compare(half, str(claims["at_hash"])):
        raise NotProven("at_hash")


def _more(provider: Oidc, access: Any, claims: Mapping[str, Any]) -> dict[str, Any]:
    """What the token leaves out and the provider tells whoever shows the access token."""
    where = _about(provider).get("userinfo_endpoint")
    if not where or not isinstance(access, str) or not staff_claims.lacks(provider.claims, claims):
        return {}
    said = _told("userinfo", where, {"Authorization": f"Bearer {access}"})
    if said.get("sub") != claims["sub"]:
        raise NotProven("userinfo of somebody else")
    return said


# ---- what is known of the provider


def _about(provider: Oidc) -> dict[str, Any]:
    return _looked_up(provider).about


def _keys(provider: Oidc) -> Any:
    return _looked_up(provider).keys


def _is_old(provider: Oidc) -> bool:
    return time.monotonic() - _looked_up(provider).since > SOONEST


def _looked_up(provider: Oidc) -> _Known:
    found = _known.get(provider.issuer)
    if found is None or time.monotonic() - found.since > GOOD_FOR:
        about = _told("description", provider.issuer.rstrip("/") + WELL_KNOWN, {})
        if about.get("issuer") != provider.issuer:
            raise NotProven("the description is of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(about.get(name), str) or not is_safe(about[name]):
                raise NotProven(f"description without a usable {name}")
        found = _Known(about, _told("keys", about["jwks_uri"], {}), time.monotonic())
        _known[provider.issuer] = found
    return found


def is_safe(url: str) -> bool:
    """Whether what goes there cannot be read on the way."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )


def _told(what: str, url: str, head: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
    """The JSON that an address answers. Nothing is followed elsewhere. Raises NotProven."""
    if not is_safe(url):
        raise NotProven(f"{what}: not https")
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=PATIENCE)
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        head = {"Accept": "application/json", "User-Agent": "huiyin", **head}
        connection.request("POST" if body is not None else "GET", path, body, head)
        answer = connection.getresponse()
        read = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NotProven(f"{what}: {type(error).__name__}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise NotProven(f"{what}: {answer.status}")
    try:
        said = json.loads(read) if len(read) <= LARGEST else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NotProven(f"{what}: no JSON object")
    return said
