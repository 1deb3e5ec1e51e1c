"""One counter form, one petition, one receipt: sent again, it shows the same receipt and files nothing.

A printer jams and a line breaks: whoever has the form, and nobody else, gets its receipt once more.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import segno
from django.conf import settings
from django.http import HttpResponseBase

from huiyin.core.refusal import Refusal
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import drawn
from huiyin.registry import access, papers_in
from huiyin.registry.access import Acting
from huiyin.registry.clocks import clocks_of
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Body, PaperLetter, Petition
from huiyin.registry.once import once
from huiyin.registry.receipt import log_key


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the petitioner leaves the counter with."""

    ref: str
    key: str
    receipt: str
    instead_of: str  # code of the body that it was passed by, since the report is about it
    named: bool
    invitation: str = ""  # of a joint petition: the token that others join by
    again: bool = False  # it was on record already
    differs: bool = False  # and since then something else was typed, which is not on record


def new_token() -> str:
    return secrets.token_urlsafe(24)


def file_once(
    lodging: Lodging,
    token: str,
    *,
    by: Acting,
    now: datetime,
    paper: Callable[[], PaperLetter | Refusal | None] = lambda: None,
) -> Answer | Refusal:
    """File what the form says, or answer what it was answered before. A refusal is not kept.

    `paper` holds the letter of a batch that it puts on record: the letter goes in the same transaction.
    """

    def made() -> bytes | Refusal:
        letter = paper()
        filed = letter if isinstance(letter, Refusal) else file(lodging, now=now, by=by)
        if isinstance(filed, Refusal):
            return filed
        if isinstance(letter, PaperLetter):
            papers_in.taken_up(letter, by.officer, now)
        return json.dumps(asdict(_answer(filed, lodging))).encode()

    told = once(token, _words(lodging), made, door="counter", now=now)
    if isinstance(told, Refusal):
        return told
    return replace(Answer(**json.loads(told.content)), again=told.again, differs=told.differs)


def _answer(filed: Filed, lodging: Lodging) -> Answer:
    passed_by = filed.routing.instead_of
    return Answer(
        ref=filed.ref,
        key=filed.key,
        receipt=filed.receipt,
        instead_of=passed_by.code if passed_by else "",
        named=bool(lodging.author.name),
        invitation=filed.invitation,
    )


def _words(lodging: Lodging) -> bytes:
    """All that the form says, as bytes to compare by."""
    files = [hashlib.sha256(upload.content).hexdigest() for upload in lodging.uploads]
    said = [lodging.subject, lodging.text, lodging.kind, lodging.body, *lodging.against, lodging.channel]
    said += [lodging.lodged_before, lodging.against_words, lodging.service, lodging.language]
    said += [*asdict(lodging.author).values()]
    return json.dumps([*said, lodging.helper, lodging.joint, lodging.reachable, *files]).encode()


def show(request: DeskRequest, answer: Answer, *, spoken: bool, paper: bool = False) -> HttpResponseBase:
    """The page to print and hand over. No address leads here: the key is in no history and no log."""
    petition = Petition.objects.select_related("holder").get(ref=answer.ref)
    first = petition.entries.get(seq=1)
    return page(
        request,
        "counter_receipt.html",
        {
            "filed": answer,
            "petition": petition,
            "received_by": Body.objects.get(code=first.body),
            "instead_of": Body.objects.filter(code=answer.instead_of).first(),
            "clocks": [drawn(told, petition) for told in clocks_of(petition)],
            # Plain text and no address: a camera shows it, and no browser opens it and keeps it.
            "qr": segno.make(f"{answer.ref}\n{answer.key}", error="m").svg_data_uri(border=2, scale=4),
            # The whole receipt, so that paper alone can prove it; it holds no key.
            "receipt_qr": segno.make(answer.receipt, error="l").svg_data_uri(border=2, scale=2),
            "follow": f"{settings.PUBLIC_URL}/follow/",
            "log_key": log_key(),
            "spoken": spoken,
            "paper": paper,
            "link": f"{settings.PUBLIC_URL}/join/{answer.invitation}/" if answer.invitation else "",
            "visible": access.visible_to(request.acting).filter(pk=petition.pk).exists(),
        },
    )
