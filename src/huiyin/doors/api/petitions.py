"""File a petition, follow it, and make its author's moves: the author's own side of the registry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from huiyin.core import explain, telephone
from huiyin.core.case import Move
from huiyin.core.refusal import REASONS, Refusal, refuse
from huiyin.core.text import Text
from huiyin.doors.api import idempotency
from huiyin.doors.api.shapes import AuthorIn, FiledOut, MoveIn, PetitionIn, SignatureIn, SignedOut
from huiyin.doors.api.telling import tell
from huiyin.registry import access, directory, joining, keys, own, record
from huiyin.registry.access import Author
from huiyin.registry.attachments import Upload
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Petition
from huiyin.registry.perform import perform
from huiyin.site import conditional, json_read, json_told, sending, turnstile, typed
from huiyin.site.problem import Answered, answered, language_of, let_through, refused
from huiyin.vault.seal import Author as Person

KEY_HEADER = "Huiyin-Key"
NO_TEXTS = Text(
    "这里不发短信，或者 phone 不是可以接收短信的号码",
    "no short messages are sent from here, or `phone` is no number that could take one",
)


def lodge(request: HttpRequest) -> HttpResponse:
    """201 with reference, key, receipt and clocks; once only for one Idempotency-Key."""
    now = datetime.now(UTC)
    key = idempotency.key_of(request)
    sent = json_read.body_of(request)
    asked = json_read.parse(sent, PetitionIn)
    waiting, uploads = sending.named(asked.attachments)
    lodging = _lodging(asked, language_of(request), uploads)
    let_through(turnstile.filing(request))

    def filed() -> bytes | Refusal:
        made = file(lodging, now=now)
        return made if isinstance(made, Refusal) else msgspec.json.encode(_filed(made))

    answer = idempotency.once(key, sent, filed, now=now) if key else filed()
    if isinstance(answer, Refusal):
        return refused(request, answer)
    for file_sent in waiting:
        file_sent.drop()
    response = answered(answer, 201)
    response["Location"] = f"{request.path}/{typed.decode(answer, _Ref).ref}"
    return response


def sign(request: HttpRequest) -> HttpResponse:
    """201 with the signer's own key and receipt; once only for one Idempotency-Key."""
    now = datetime.now(UTC)
    key = idempotency.key_of(request)
    sent = json_read.body_of(request)
    asked = json_read.parse(sent, SignatureIn)
    let_through(turnstile.filing(request))

    def signed() -> bytes | Refusal:
        made = joining.join(asked.invitation, _person(asked.author), now, reachable=asked.reachable)
        if isinstance(made, Refusal):
            return made
        return msgspec.json.encode(SignedOut(ref=made.ref, key=made.key, receipt=made.receipt))

    answer = idempotency.once(key, sent, signed, now=now) if key else signed()
    return refused(request, answer) if isinstance(answer, Refusal) else answered(answer, 201)


def _person(who: AuthorIn) -> Person:
    given = (who.name.strip(), who.phone.strip(), who.email.strip(), who.address.strip())
    if who.texts and (settings.TEXTS is None or not telephone.plain(who.phone)):
        raise Answered(422, Refusal("contents", REASONS["contents"], "", {"author.texts": NO_TEXTS}))
    return Person(*given, texts=who.texts)


class _Ref(msgspec.Struct):
    ref: str


def show(request: HttpRequest, *, ref: str) -> HttpResponse:
    """The whole petition, for whoever holds its key."""
    author, petition = _author(request, ref)
    if petition.erased_on is not None:
        return refused(request, refuse("erased", day=petition.erased_on))
    return _told(request, petition, author, datetime.now(UTC))


def move(request: HttpRequest, *, ref: str) -> HttpResponse:
    """Make one of the author's moves and answer the petition afterwards; 412 if it is not as in If-Match."""
    author, _ = _author(request, ref)
    asked = json_read.read(request, MoveIn)
    seen = conditional.version_in(request, demanded=False)
    waiting, uploads = sending.named(asked.attachments)
    now = datetime.now(UTC)
    made = perform(author.ref, Move(asked.move, asked.contents), author, now, uploads=uploads, seen=seen)
    if isinstance(made, Refusal):
        moved = made.code == "moved-meanwhile" and seen is not None
        return refused(request, made, 412 if moved else None)
    for file_sent in waiting:
        file_sent.drop()
    return _told(request, made, author, now)


def _told(request: HttpRequest, petition: Petition, author: Author, now: datetime) -> HttpResponse:
    answer = answered(tell(petition, author, now, _reading(request, petition)))
    answer[conditional.VERSION] = str(petition.version)
    return answer


def attachment(request: HttpRequest, *, ref: str, number: int) -> HttpResponseBase:
    """One of the files that stand with the petition, as it was lodged."""
    _, petition = _author(request, ref)
    file_kept = petition.attachments.filter(pk=number).first()
    if file_kept is None:
        raise Answered(404, refuse("not-found"))
    try:
        reading = _reading(request, petition)
        own.show_files([file_kept], reading)
        content = own.read(file_kept, reading)
    except (FileNotFoundError, own.NotYours):
        raise Answered(404, refuse("not-found")) from None
    return sending.as_file(content, file_kept.name, file_kept.media_type)


def send_file(request: HttpRequest) -> HttpResponse:
    """201 with what a file is named by in a petition or a move; it counts as one filing at the turnstile."""
    let_through(turnstile.filing(request))
    return sending.receive(request)


def _reading(request: HttpRequest, petition: Petition) -> bytes | None:
    return own.reading_of(petition, request.headers.get(KEY_HEADER, ""))


def _author(request: HttpRequest, ref: str) -> tuple[Author, Petition]:
    """Whoever holds the key. A wrong key, an unknown reference and a malformed one all look the same."""
    let_through(turnstile.trying(request))
    found = access.author_of(ref, request.headers.get(KEY_HEADER, ""))
    if isinstance(found, Refusal):
        let_through(turnstile.wrong_key(request, keys.read_ref(ref)))
        raise Answered(404, found)
    return found


def _lodging(asked: PetitionIn, language: str, uploads: Sequence[Upload]) -> Lodging:
    codes, words = directory.named(asked.against)
    return Lodging(
        subject=asked.subject,
        text=asked.text,
        kind=asked.kind,
        body=asked.body,
        against=codes,
        against_words=words,
        lodged_before=asked.lodged_before,
        author=_person(asked.author),
        uploads=uploads,
        channel="api",
        language=asked.language or {"zh": "zh-hans"}.get(language, language),
        service=asked.service,
        helper=asked.helper,
        joint=asked.joint,
        reachable=asked.reachable,
    )


def _filed(made: Filed) -> FiledOut:
    return FiledOut(
        ref=made.ref,
        key=made.key,
        receipt=made.receipt,
        clocks=json_told.clocks(explain.as_json(record.clock_of(row)) for row in made.clocks),
        invitation=made.invitation or msgspec.UNSET,
    )
