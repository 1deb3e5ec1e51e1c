"""The tables of signing in: which account is whose at an identity provider, and who came in which way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Officer

LONGEST = 255  # of a subject (OpenID Connect Core, 2), and of an issuer here


class ProviderLink(models.Model):
    """One account there is one account here: by issuer and how they are known there (`sub`)."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="provider_links")
    issuer = models.CharField(max_length=LONGEST)
    known_as = models.CharField(max_length=LONGEST)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "known_as"], name="provider_link_once"),
            models.UniqueConstraint(fields=["officer", "issuer"], name="provider_link_one_each"),
        ]

    def __str__(self) -> str:
        return self.issuer


class StaffEntry(models.Model):
    """How a directory of the staff (SCIM) knows an account, and whether it has given it up."""

    officer = models.OneToOneField(
        Officer, on_delete=models.CASCADE, primary_key=True, related_name="staff_entry"
    )
    external_id = models.CharField(max_length=LONGEST, null=True, unique=True)  # noqa: DJ001 none is not one
    given_up = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.external_id or "")


class SignedIn(models.Model):
    """That an officer came in, when, and by what. No address and no device: those would follow people."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    way = models.CharField(max_length=12)
    second = models.CharField(max_length=12, blank=True)  # what proved them besides; empty: nothing

    def __str__(self) -> str:
        return self.way
