"""Passkeys (WebAuthn level 2): what the browser is asked to sign, and whether what came back holds."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from huiyin.registry.models import Officer, Passkey

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

# The library is loaded by who uses a passkey: it takes longer to load than all of the desk's pages together.

CHALLENGE = "passkey_challenge"
LONGEST = 20_000  # characters of an answer; a real one has about two thousand


def to_make(request: HttpRequest, officer: Officer) -> str:
    """What the browser is given to make a new passkey, as JSON."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    asked = webauthn.generate_registration_options(
        rp_id=_host(request),
        rp_name=f"Huiyin {settings.ORIGIN}",
        # The same for each of an officer's passkeys, and no number that means anything elsewhere.
        user_id=hashlib.sha256(f"huiyin {settings.ORIGIN} {officer.pk}".encode()).digest(),
        user_name=officer.login,
        user_display_name=str(officer),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_of(officer),
    )
    request.session[CHALLENGE] = bytes_to_base64url(asked.challenge)
    return webauthn.options_to_json(asked)


def to_prove(request: HttpRequest, officer: Officer) -> str:
    """What the browser is given to sign at the second step, as JSON; empty where there is no passkey."""
    known = _of(officer)
    if not known:
        return ""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import UserVerificationRequirement

    asked = webauthn.generate_authentication_options(
        rp_id=_host(request),
        allow_credentials=known,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    request.session[CHALLENGE] = bytes_to_base64url(asked.challenge)
    return webauthn.options_to_json(asked)


def made(request: HttpRequest, officer: Officer, answer: str, titled: str, now: datetime) -> Passkey | None:
    """The new passkey that an answer holds, not saved yet; None if the answer does not hold."""
    challenge = _challenge(request)
    if challenge is None or len(answer) > LONGEST:
        return None
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        checked = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
        )
    except (WebAuthnException, ValueError):
        return None
    credential = bytes_to_base64url(checked.credential_id)
    if Passkey.objects.filter(credential=credential).exists():
        return None
    return Passkey(
        officer=officer,
        titled=titled,
        credential=credential,
        public_key=checked.credential_public_key,
        counter=checked.sign_count,
        since=now,
    )


def proves(request: HttpRequest, officer: Officer, answer: str) -> bool:
    """Whether an answer was signed just now by one of this officer's passkeys, for this site."""
    challenge = _challenge(request)
    if challenge is None or len(answer) > LONGEST:
        return False
    import webauthn
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        said = parse_authentication_credential_json(answer)
        known = Passkey.objects.filter(officer=officer, credential=bytes_to_base64url(said.raw_id)).first()
        if known is None:
            return False
        checked = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            credential_public_key=bytes(known.public_key),
            credential_current_sign_count=known.counter,
        )
    except (WebAuthnException, ValueError):
        return False
    Passkey.objects.filter(pk=known.pk).update(counter=checked.new_sign_count)
    return True


def _of(officer: Officer) -> list[PublicKeyCredentialDescriptor]:
    rows = list(Passkey.objects.filter(officer=officer).values_list("credential", flat=True))
    if not rows:
        return []
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row)) for row in rows]


def _challenge(request: HttpRequest) -> bytes | None:
    """The challenge that waits, once: no answer counts a second time."""
    kept = request.session.pop(CHALLENGE, "")
    if not kept:
        return None
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(kept)


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _host(request: HttpRequest) -> str:
    # Django has held the name against HUIYIN_HOSTS already.
    return urlsplit(_origin(request)).hostname or ""
