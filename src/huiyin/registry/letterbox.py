"""What the mail door keeps of messages: that one was taken, and what was set aside for an officer to look at.

Neither a Message-ID nor an address stands here. A message is known again by a digest that is keyed with a
secret of this installation; the answer to it waits sealed under words that only the message holds.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Officer

# Why a message was not filed by itself. None says anything of whoever wrote it.
WHY = (
    ("automatic", _("sent by a machine")),
    ("list", _("from a mailing list")),
    ("bounce", _("a message that came back")),
    ("own", _("sent by this house")),
    ("spam", _("the mail server takes it for advertising")),
    ("empty", _("nothing is written in it")),
    ("large", _("larger than can be taken")),
    ("encrypted", _("encrypted, so nobody here can read it")),
    ("unreadable", _("it could not be read")),
    ("refused", _("it could not be filed")),
    ("not-added", _("nothing can be added to that petition")),
    ("files", _("filed, but not all of its files")),
)
CLOSED_FOR = (
    ("advertising", _("advertising")),
    ("machine", _("a message of a machine, with nothing to file")),
    ("double", _("filed already")),
    ("files-seen", _("its files came another way")),
    ("elsewhere", _("not meant for this office")),
)
FILE, CLOSE = "file", "close"
DECISIONS = (("", _("waits")), (FILE, _("to be filed")), (CLOSE, _("closed")))


class MailTaken(models.Model):
    """A message that was acted upon; the row outlives it, so that it is never acted upon twice."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)
    answer = models.BinaryField(null=True)  # sealed under the message; gone once it was sent
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.digest[:8]


class MailAside(models.Model):
    """A message that lies in the mailbox, in a folder of its own, until an officer has decided."""

    digest = models.CharField(max_length=64, primary_key=True)
    mark = models.CharField(max_length=64)  # of its head alone: finds it in the folder
    at = models.DateTimeField()
    why = models.CharField(max_length=12, choices=WHY)
    body = models.CharField(max_length=40)  # code of the office that sorts what comes in
    subject = models.CharField(max_length=200)  # names and numbers masked before they are kept
    text = models.TextField()  # the beginning of it, masked likewise
    files = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    told = models.BooleanField(default=False)  # whoever sent it was told, if anybody had to be
    decision = models.CharField(max_length=5, choices=DECISIONS, blank=True, default="")
    closed_for = models.CharField(max_length=12, choices=CLOSED_FOR, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["body", "decision", "at"], name="mail_aside_waiting")
        ]

    def __str__(self) -> str:
        return self.digest[:8]
