"""What an officer signs in with besides the password: an authenticator app, passkeys, recovery codes.

No secret lies here in the clear: that of an app is sealed under a key outside of the database, a recovery
code is kept as a keyed digest, and a passkey leaves its public half alone (`huiyin.registry.proving`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Officer


class CodeApp(models.Model):
    """An app that shows a new code every thirty seconds (RFC 6238)."""

    officer = models.OneToOneField(Officer, on_delete=models.CASCADE, related_name="code_app")
    secret = models.BinaryField(max_length=120)  # sealed for this officer
    last_step = models.BigIntegerField()  # of the code that was used last: none is taken twice
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.officer_id}"


class Passkey(models.Model):
    """The public half of a key that a telephone, a computer or a security key holds (WebAuthn)."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="passkeys")
    titled = models.CharField(max_length=60)
    credential = models.CharField(max_length=1400, unique=True)  # base64url
    public_key = models.BinaryField(max_length=1024)
    counter = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]

    def __str__(self) -> str:
        return self.titled


class RecoveryCode(models.Model):
    """One code on paper for whoever lost the rest. Used once, then the row is gone."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.digest[:8]
