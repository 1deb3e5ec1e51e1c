"""The second factor of officers: who needs one, how it is added, proved and taken away.

The key that seals the secrets of apps lies in `keys/second-factor.secret`, not in the database: whoever
copies the database can reckon no code. Each change leaves a row for the auditor and ends the
officer's sessions.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

import pyotp
from django.conf import settings
from django.db import transaction
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from huiyin.registry import keeping, keys
from huiyin.registry.access import Acting
from huiyin.registry.models import CodeApp, Officer, Passkey, RecoveryCode

# They open seals, watch over who did, or give others their roles.
DEMANDED = frozenset({"custodian", "relief", "auditor", "administrator"})
APP, PASSKEY, PAPER = "app", "passkey", "paper"
CODES = 10
CODE_LETTERS = 12  # 60 bits: nothing that could be guessed, short enough for paper
DRIFT = 1  # steps of thirty seconds that a telephone's clock may be off (RFC 6238, 5.2)
DIGITS = 6


def is_demanded_of(acting: Acting) -> bool:
    """Whether this officer needs a second factor: everybody, unless a setting asks of some roles alone."""
    return is_demanded_for(role for held in acting.roles.values() for role in held)


def is_demanded_for(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles needs one."""
    return settings.SECOND_FACTOR == "everybody" or not DEMANDED.isdisjoint(roles)


def has_one(officer: Officer) -> bool:
    """Whether there is an app or a passkey; codes on paper alone are none."""
    return (
        CodeApp.objects.filter(officer=officer).exists() or Passkey.objects.filter(officer=officer).exists()
    )


# ---- the app


def new_secret() -> str:
    """A secret for an app, in base32 (RFC 4648), 160 bits."""
    return pyotp.random_base32()


def address_of(officer: Officer, secret: str) -> str:
    """What the QR code holds (otpauth://): whose account, at which installation."""
    return pyotp.TOTP(secret).provisioning_uri(name=officer.login, issuer_name=f"Huiyin {settings.ORIGIN}")


def sealed(officer: Officer, secret: str) -> bytes:
    """The secret as it may lie in the database: opened for this officer alone."""
    return bytes(SecretBox(_key(f"app {officer.pk}")).encrypt(secret.encode()))


def unsealed(officer: Officer, box: bytes) -> str:
    """The secret of an app. Raises CryptoError for another officer's, or under another key."""
    return SecretBox(_key(f"app {officer.pk}")).decrypt(box).decode()


def add_app(officer: Officer, secret: str, typed: str, now: datetime) -> bool:
    """Put an app in use, in place of an earlier one, once it has shown a right code."""
    step = _step(secret, typed, now)
    if step is None:
        return False
    with transaction.atomic():
        CodeApp.objects.update_or_create(
            officer=officer, defaults={"secret": sealed(officer, secret), "last_step": step, "since": now}
        )
        _changed("second-factor-added", officer, APP, by=officer, now=now)
    return True


def _step(secret: str, typed: str, now: datetime) -> int | None:
    """Which step of thirty seconds the code belongs to, if to one around now."""
    code = "".join(typed.split())
    if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        return None
    app = pyotp.TOTP(secret, digits=DIGITS)
    here = app.timecode(now)
    fits = [
        step
        for step in range(here - DRIFT, here + DRIFT + 1)
        if hmac.compare_digest(app.generate_otp(step), code)
    ]
    return fits[-1] if fits else None


# ---- passkeys


def add_passkey(passkey: Passkey, now: datetime) -> None:
    """Keep the public half of a passkey that was checked."""
    with transaction.atomic():
        passkey.save(force_insert=True)
        _changed("second-factor-added", passkey.officer, PASSKEY, by=passkey.officer, now=now)


# ---- proving it


def proved(officer: Officer, typed: str, now: datetime) -> str:
    """How a typed code proves the officer, "app" or "paper"; empty if it does not. None is taken twice."""
    if _app_shows(officer, typed, now):
        return APP
    return PAPER if _on_paper(officer, typed, now) else ""


def _app_shows(officer: Officer, typed: str, now: datetime) -> bool:
    app = CodeApp.objects.filter(officer=officer).first()
    if app is None:
        return False
    try:
        step = _step(unsealed(officer, bytes(app.secret)), typed, now)
    except CryptoError:  # the key was lost or changed: the app proves nothing, an administrator resets it
        return False
    # Compare and set: of two who type one code at once, one is let in.
    unused = CodeApp.objects.filter(pk=app.pk, last_step__lt=step) if step is not None else None
    return bool(unused is not None and unused.update(last_step=step))


def _on_paper(officer: Officer, typed: str, now: datetime) -> bool:
    code = keys.as_typed(typed)
    if len(code) != CODE_LETTERS:
        return False
    with transaction.atomic():
        gone, _ = RecoveryCode.objects.filter(officer=officer, digest=_digest(officer, code)).delete()
        if gone:
            keeping.write_down("recovery-code-used", officer, now, officer=officer.login)
    return bool(gone)


def new_codes(officer: Officer, now: datetime) -> list[str]:
    """Ten new recovery codes, shown once; those from before are worth nothing any more."""
    made = [keys.draw(CODE_LETTERS) for _ in range(CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(officer=officer).delete()
        RecoveryCode.objects.bulk_create(
            [RecoveryCode(officer=officer, digest=_digest(officer, code)) for code in made]
        )
        keeping.write_down("recovery-codes-made", officer, now, officer=officer.login)
    return ["-".join(code[i : i + 4] for i in range(0, CODE_LETTERS, 4)) for code in made]


# ---- taking it away


def remove(officer: Officer, kind: str, number: int, now: datetime) -> bool:
    """Take away one's own app or one of one's passkeys; recovery codes go with the last of them."""
    with transaction.atomic():
        if kind == APP:
            gone, _ = CodeApp.objects.filter(officer=officer).delete()
        else:
            gone, _ = Passkey.objects.filter(officer=officer, pk=number).delete()
        if gone:
            if not has_one(officer):
                RecoveryCode.objects.filter(officer=officer).delete()
            _changed("second-factor-removed", officer, kind, by=officer, now=now)
    return bool(gone)


def reset(officer: Officer, *, by: Officer | None, now: datetime) -> None:
    """Take away all of somebody who lost it; by None: from the shell. The password stays as it is."""
    with transaction.atomic():
        CodeApp.objects.filter(officer=officer).delete()
        Passkey.objects.filter(officer=officer).delete()
        RecoveryCode.objects.filter(officer=officer).delete()
        _changed("second-factor-reset", officer, "", by=by, now=now)


def _changed(did: str, officer: Officer, kind: str, *, by: Officer | None, now: datetime) -> None:
    keeping.end_sessions(officer)
    keeping.write_down(did, by, now, officer=officer.login, **({"kind": kind} if kind else {}))


# ---- the key outside of the database


def _key(purpose: str) -> bytes:
    """A key of its own for each purpose, out of the one secret of this installation."""
    return hmac.digest(settings.SECOND_FACTOR_SECRET.encode(), purpose.encode(), hashlib.sha256)


def _digest(officer: Officer, code: str) -> str:
    return hmac.new(_key(f"paper {officer.pk}"), code.encode(), hashlib.sha256).hexdigest()
