"""One counter form, one petition, one receipt: sent again, it shows the same receipt and files nothing.

A printer jams and a line breaks. The answer is therefore kept, sealed under a token that only the form
carries: the server can neither read it back nor show it to anybody who does not have that form.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import segno
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase
from nacl.secret import SecretBox

from huiyin.core.refusal import Refusal
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import drawn
from huiyin.registry import access, story
from huiyin.registry.access import Acting
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Body, Idempotent, Petition
from huiyin.registry.receipt import receipt_key

TRIES = 3


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the petitioner leaves the counter with."""

    ref: str
    key: str
    receipt: str
    instead_of: str  # code of the body that it was passed by, since the report is about it
    named: bool
    words: str  # a keyed digest of what was filed
    again: bool = False  # it was on record already
    differs: bool = False  # and since then something else was typed, which is not on record


def new_token() -> str:
    return secrets.token_urlsafe(24)


def file_once(lodging: Lodging, token: str, *, by: Acting, now: datetime) -> Answer | Refusal:
    """File what the form says, or answer what it was answered before. A refusal is not kept."""
    words = _words(lodging, token)
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                if kept := Idempotent.objects.filter(digest=_digest(token)).first():
                    before = Answer(**json.loads(_box(token).decrypt(bytes(kept.answer))))
                    same = hmac.compare_digest(before.words, words)
                    return replace(before, again=True, differs=not same)
                filed = file(lodging, now=now, by=by)
                if isinstance(filed, Refusal):
                    return filed
                answer = _answer(filed, lodging, words)
                _keep(token, answer, now)
                return answer
        except IntegrityError:
            # The same form was sent twice at once: the other one stands, this one was rolled back.
            continue
    raise RuntimeError("an answer is neither kept nor can be kept")


def _answer(filed: Filed, lodging: Lodging, words: str) -> Answer:
    passed_by = filed.routing.instead_of
    return Answer(
        ref=filed.ref,
        key=filed.key,
        receipt=filed.receipt,
        instead_of=passed_by.code if passed_by else "",
        named=bool(lodging.author.name),
        words=words,
    )


def _keep(token: str, answer: Answer, now: datetime) -> None:
    sealed = _box(token).encrypt(json.dumps(asdict(answer)).encode())
    row = Idempotent(digest=_digest(token), body_digest=answer.words, answer=bytes(sealed), created_at=now)
    row.save(force_insert=True)


def _digest(token: str) -> str:
    return hashlib.sha256(b"huiyin-counter\n" + token.encode()).hexdigest()


def _words(lodging: Lodging, token: str) -> str:
    """Keyed with the token, so that nobody can try a guess at somebody's words against the table."""
    files = [hashlib.sha256(upload.content).hexdigest() for upload in lodging.uploads]
    said = [lodging.subject, lodging.text, lodging.kind, lodging.body, *lodging.against, lodging.channel]
    said += [
        lodging.against_words,
        lodging.service,
        lodging.language,
        *asdict(lodging.author).values(),
        *files,
    ]
    return hmac.new(token.encode(), json.dumps(said).encode(), "sha256").hexdigest()


def _box(token: str) -> SecretBox:
    return SecretBox(hashlib.sha256(b"huiyin-counter-answer\n" + token.encode()).digest())


def show(request: DeskRequest, answer: Answer, *, spoken: bool) -> HttpResponseBase:
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
            "clocks": [drawn(told, petition) for told in story.clocks_of(petition)],
            # Plain text and no address: a camera shows it, and no browser opens it and keeps it.
            "qr": segno.make(f"{answer.ref}\n{answer.key}", error="m").svg_data_uri(border=2, scale=4),
            "follow": f"{settings.PUBLIC_URL}/follow/",
            "receipt_key": receipt_key(),
            "spoken": spoken,
            "visible": access.visible_to(request.acting).filter(pk=petition.pk).exists(),
        },
    )
