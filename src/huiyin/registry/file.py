"""Put a petition on record: one of the two writers of the registry.

In one transaction: the petition, its first clock, its sealed author, its ledger entry, its notice, and the
answer kept for a client that asks again. Only then is the receipt handed out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from huiyin.core import case, contents, ledger, parts, procedure
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import Rulebook
from huiyin.core.seal import public_of
from huiyin.reading import mask
from huiyin.registry import (
    asking,
    attachments,
    indexing,
    joining,
    keys,
    law,
    masking,
    record,
    routing,
    sealing,
    takeovers,
)
from huiyin.registry.access import Acting, Actor, Author, House
from huiyin.registry.attachments import Upload
from huiyin.registry.insert import insert, new_row
from huiyin.registry.models import (
    CHANNELS,
    HELPERS,
    KINDS,
    SERVICE,
    Accused,
    Attachment,
    Body,
    Clock,
    DataSet,
    Entry,
    Holding,
    Officer,
    Petition,
    Recusal,
    Suggested,
)
from huiyin.registry.receipt import receipt_of
from huiyin.registry.together import insert_alone, stands_alone
from huiyin.vault.seal import Author as Person
from huiyin.vault.seal import seals_of

SUBJECT_LENGTH = 200
TEXT_LENGTH = 20_000
WORDS_LENGTH = 500  # of what it is about, in the author's own words
LENGTHS = {"subject": SUBJECT_LENGTH, "text": TEXT_LENGTH, "against": WORDS_LENGTH}
LENGTHS |= {"language": 10, "source": 60, "source_id": 80}
LENGTHS |= {"lodged_before": 40}
LENGTHS |= {"name": 200, "phone": 200, "email": 254, "address": 500}
AUDITOR = "auditor"
RECIPIENTS = ("superior", "discipline", AUDITOR)  # of a report of pressure
HELPER = (("", ""), *HELPERS)  # or nobody
PRESSURE = (("", ""), *((one, one) for one in RECIPIENTS))
CHOSEN: dict[str, Sequence[tuple[str, Any]]] = {"kind": KINDS, "channel": CHANNELS, "service": SERVICE}
CHOSEN |= {"helper": HELPER, "pressure": PRESSURE}
TRIES = 5


@dataclass(frozen=True, slots=True)
class Lodging:
    """What somebody lodges, through whichever door."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    kind: str = "claim"
    body: str = ""  # code of the body it is addressed to; '' = the house finds one
    against: tuple[str, ...] = ()  # codes of bodies it is about
    against_words: str = field(default="", repr=False)
    author: Person = field(default_factory=Person)
    channel: str = "web"
    language: str = "zh-hans"
    service: str = "electronic"
    unsure: bool = False  # its author does not know which class it is: the petition office sorts it
    lodged_before: str = ""  # reference of an earlier lodging of the same matter, as the author gives it
    uploads: Sequence[Upload] = ()
    question: str = ""  # code of the question to the public that a suggestion answers
    helper: str = ""  # who helped to lodge it, of HELPERS; nothing more about them is kept
    joint: bool = False  # others will sign it too
    pressure: str = ""  # a report of pressure for having petitioned: whom its author chose, of RECIPIENTS
    reachable: bool = False  # of a joint petition: the body may open this author's seal to ask back
    source: str = ""  # of an import: where it comes from, and its id there
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What the author leaves with. The key is shown once and kept by nobody but the author."""

    ref: str
    key: str = field(repr=False)  # neither in a log nor on an error page
    receipt: str = field(repr=False)
    petition: Petition
    clocks: tuple[Clock, ...]
    routing: routing.Routed
    invitation: str = field(default="", repr=False)  # of a joint petition: what others join by


def file(
    lodging: Lodging, *, now: datetime, at: datetime | None = None, by: Acting | House | None = None
) -> Filed | Refusal:
    """Put a petition on record and answer the receipt, or say what is wrong with it.

    `by` is who enters it for the author (an officer at a counter, the importer); None: the author. `at` is
    when it was lodged according to an imported source; a live registry refuses it, but from a takeover that
    is under way (`takeovers.py`).
    """
    # What is kept is what the receipt commits to, so that whoever downloads it can check it.
    said = lodging.subject.strip(), lodging.text.strip()
    if said != (lodging.subject, lodging.text):
        lodging = replace(lodging, subject=said[0], text=said[1])
    if lodging.joint:
        lodging = replace(lodging, service="electronic")  # posted on the page of each, with their own key
    brought_in = at is not None and takeovers.is_open(lodging.source)
    if refused := _refusal(lodging) or _time_refusal(lodging, at, brought_in=brought_in):
        return refused
    routed = routing.receiver(lodging.kind, lodging.body, lodging.against, unsure=lodging.unsure)
    if isinstance(routed, Refusal):
        return routed
    moment = record.Moment(now, at, brought_in=brought_in)
    for _ in range(TRIES):
        draft = _draft(lodging, routed, moment, by)
        if isinstance(draft, Refusal):
            return draft
        try:
            # All that can be made ready before is: on SQLite everybody else waits meanwhile.
            if stands_alone() and not lodging.uploads:
                insert_alone(draft.rows)
            else:
                with transaction.atomic():
                    insert(draft.rows)
                    attachments.keep(draft.petition, 1, lodging.uploads)
            return draft.filed(routed)
        except IntegrityError:
            # Either the reference was drawn twice (draw again) or this row of the source is here already.
            if (
                lodging.source
                and Petition.objects.filter(source=lodging.source, source_id=lodging.source_id).exists()
            ):
                return refuse("already-imported", source_id=lodging.source_id)
    raise RuntimeError("no free reference found: the random source of this machine is broken")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a part has from the mixed petition: its key, its seals, and the day its term runs from."""

    whole: Petition
    before: case.Case  # the whole, as it stood
    part: parts.Part
    since: date
    files: tuple[Attachment, ...] = ()
    goes_on: bool = False  # where the whole stood


@dataclass(frozen=True, slots=True, repr=False)
class Adopted:
    """What a petition has from the installation that handed it over, beside what its author lodged there.

    `since`: the legal day on which it arrived here, from which the terms of a transfer run.
    """

    sender: Body
    lodged_at: datetime
    since: date
    key_ref: str  # the reference there: the author's key belongs to it
    key_hash: bytes
    reading_key: bytes | None
    masked: Mapping[str, Any]
    said: Mapping[str, str]  # what the first entry here says of where it comes from


def file_adopted(
    lodging: Lodging, adopted: Adopted, *, now: datetime, by: House
) -> tuple[Petition, str] | Refusal:
    """Take over what another installation handed over, in the transaction that says so; with its receipt.

    Its author is sealed there still: seals follow.
    """
    routed = routing.receiver(lodging.kind, lodging.body, lodging.against)
    if refused := _refusal(lodging):
        return refused
    if isinstance(routed, Refusal):
        return routed
    moment = record.Moment(now)
    for _ in range(TRIES):
        draft = _draft(lodging, routed, moment, by, adopted=adopted)
        if isinstance(draft, Refusal):
            return draft
        try:
            with transaction.atomic():
                insert(draft.rows)
                attachments.keep(draft.petition, 1, lodging.uploads)
        except IntegrityError:
            continue  # the reference was drawn twice: draw again
        return draft.petition, draft.filed(routed).receipt
    raise RuntimeError("no free reference found: the random source of this machine is broken")


def file_part(
    lodging: Lodging, routed: routing.Routed, origin: Origin, moment: record.Moment, by: Acting
) -> Petition | Refusal:
    """Put a part of a mixed petition on record, in the transaction of the move that splits it.

    Its clock starts on the day of `origin`; no notice of its own goes out, for the split has one.
    """
    for _ in range(TRIES):
        draft = _draft(lodging, routed, moment, by, origin)
        if isinstance(draft, Refusal):
            return draft
        try:
            with transaction.atomic():
                insert(draft.rows)
            return draft.petition
        except IntegrityError:
            continue  # the reference was drawn twice: draw again
    raise RuntimeError("no free reference found: the random source of this machine is broken")


def live_refusal(at: datetime | None) -> Refusal | None:
    """A live registry never back-dates; one marked as a demonstration or an import may."""
    if at is None or DataSet.objects.filter(kind__in=("demonstration", "import")).exists():
        return None
    return refuse("live-registry")


def _time_refusal(lodging: Lodging, at: datetime | None, *, brought_in: bool) -> Refusal | None:
    """Nothing is back-dated, but that a takeover tells what happened before it began."""
    return takeovers.refusal(lodging.source, at) if brought_in and at else live_refusal(at)


def _refusal(lodging: Lodging) -> Refusal | None:
    said = _said(lodging)
    wrong = {name: "required" for name in ("subject", "text") if not said[name]}
    wrong |= {name: "too-long" for name, words in said.items() if len(words) > LENGTHS[name]}
    wrong |= {name: "text" for name, words in said.items() if not contents.is_keepable(words)}
    if lodging.lodged_before.strip() and not keys.read_ref(lodging.lodged_before):
        wrong["lodged_before"] = "ref-form"
    for name, choices in CHOSEN.items():
        if getattr(lodging, name) not in dict(choices):
            wrong[name] = "choice"
    if lodging.pressure and lodging.kind != "report":
        wrong["pressure"] = "choice"  # hidden from whom it is about, as only a report is
    for name, codes in (("body", (lodging.body,)), ("against", lodging.against)):
        if not all(map(contents.is_keepable, codes)):
            wrong[name] = "body"
    if wrong:
        return refuse("contents", fields=wrong)
    return attachments.refusal(lodging.uploads)


def _said(lodging: Lodging) -> dict[str, str]:
    """Every text of a lodging by the name of its field."""
    author = lodging.author
    return {
        "subject": lodging.subject,
        "text": lodging.text,
        "against": lodging.against_words.strip(),
        "language": lodging.language,
        "lodged_before": lodging.lodged_before,
        "source": lodging.source,
        "source_id": lodging.source_id,
        "name": author.name,
        "phone": author.phone,
        "email": author.email,
        "address": author.address,
    }


@dataclass(frozen=True, slots=True, repr=False)
class _Draft:
    """A petition that is ready to be put on record, all of its rows with it."""

    key: str
    petition: Petition
    clocks: tuple[Clock, ...]
    entry: Entry
    case: case.Case
    rows: list[Model]
    invitation: str

    def filed(self, routed: routing.Routed) -> Filed:
        receipt = receipt_of(self.petition, self.entry, self.case.clocks)
        ref, made = self.petition.ref, self.petition
        return Filed(ref, self.key, receipt, made, self.clocks, routed, self.invitation)


def _draft(
    lodging: Lodging,
    routed: routing.Routed,
    moment: record.Moment,
    by: Acting | House | None,
    origin: Origin | None = None,
    *,
    adopted: Adopted | None = None,
) -> _Draft | Refusal:
    rules, day = _law_of(moment, origin, adopted)
    if lodging.joint and not rules.rows_of(joining.COUNTING):
        return refuse("not-in-this-law", verb=joining.COUNTING, rulebook=rules.id)
    ref = keys.new_ref()
    key = keys.new_key(ref)
    fresh = case.Case(
        ref=ref,
        jurisdiction=rules.jurisdiction,
        kind=lodging.kind,
        state="",
        holder=routed.body.as_core(),
        accused=frozenset(lodging.against) if lodging.kind == "report" else frozenset(),
        imported=bool(lodging.source),
        marks=_marks(lodging, adopted),
        senders=_senders(adopted),
    )
    situation = case.Situation(rules, law.calendar_for(rules.calendar), day)
    actor: Actor = by or Author(ref)
    question = asking.answerable(lodging.question, day)
    if lodging.question and (question is None or lodging.kind != "suggestion"):
        return refuse("question-closed")
    after = procedure.lodge(fresh, _lodger(by, routed.body, splits=origin is not None), situation)
    if isinstance(after, Refusal):
        return after
    if origin:
        after = parts.split_off(after, origin.before, origin.part, on=origin.goes_on)
    after = _with_contents(after, lodging, origin, adopted)
    # Of a joint petition no key is the first one: whoever lodged it holds the key of one signature.
    kept = secrets.token_bytes(32) if lodging.joint else keys.key_hash(ref, key)
    known = mask.certain(lodging.text, _own_words(lodging, origin))
    petition = _petition(lodging, after.case, routed.body, moment, key_hash=kept, origin=origin, known=known)
    if adopted:
        _take_over(petition, adopted)
    elif not lodging.joint and origin is None:
        petition.reading_key = public_of(keys.reading_key(ref, key))
    clocks = tuple(record.clock_row(petition, clock) for clock in after.case.clocks)
    entry, notices = record.entry_of(petition, after, None, actor, moment)
    rows = [petition, *clocks, entry, *_satellites(petition, lodging, moment), *_searched(petition, known)]
    if lodging.kind == sealing.REPORT:
        rows.append(sealing.close(petition, moment.recorded_at))
    if question is not None:
        rows.append(Suggested(petition=petition, question=question))
    rows += _from_the_whole(petition, origin) if origin else notices
    token = ""
    if lodging.joint:
        token, invitation = joining.invitation_to(petition, day)
        signed = joining.signature_of(petition, key, lodging.author, reachable=lodging.reachable)
        rows += [invitation, *signed]
    return _Draft(key, petition, clocks, entry, after.case, rows, token)


def _law_of(moment: record.Moment, origin: Origin | None, adopted: Adopted | None) -> tuple[Rulebook, date]:
    """The version that it is lodged under, and the day that its terms run from."""
    if origin:
        return law.in_force(origin.since, origin.whole.jurisdiction), origin.since
    if adopted:
        return law.in_force(adopted.since), adopted.since
    return law.at(moment.happened_at)


def _take_over(petition: Petition, adopted: Adopted) -> None:
    """Who holds its key, when it was lodged, and where its text names somebody: as it was there."""
    petition.key_ref, petition.key_hash = adopted.key_ref, adopted.key_hash
    petition.reading_key = adopted.reading_key
    petition.lodged_at = adopted.lodged_at
    petition.masked = dict(adopted.masked)


def _senders(adopted: Adopted | None) -> tuple[case.Body, ...]:
    return (adopted.sender.as_core(),) if adopted else ()


def _marks(lodging: Lodging, adopted: Adopted | None) -> dict[str, Any]:
    """The facts of law that a petition is lodged with."""
    marks: dict[str, Any] = {"signatures": 1} if lodging.joint else {}
    marks |= {"unsure": 1} if lodging.unsure else {}
    marks |= {"adopted": True} if adopted else {}
    return marks | ({"pressure": lodging.pressure} if lodging.pressure else {})


def _from_the_whole(petition: Petition, origin: Origin) -> Iterator[Model]:
    """What comes along beside the petition itself: its files, and who stepped back from the whole."""
    yield from (_copy(file, petition) for file in origin.files)
    for officer in Officer.objects.filter(login__in=origin.before.recused):
        yield Recusal(petition=petition, officer=officer)


def _copy(file: Attachment, petition: Petition) -> Attachment:
    """The same file, attached to a part as well; the bytes lie in the store once."""
    kept = {name: getattr(file, name) for name in ("name", "media_type", "size", "sha256")}
    return Attachment(petition=petition, entry_seq=1, **kept)


def _lodger(by: Acting | House | None, body: Body, *, splits: bool) -> case.Actor:
    if by is None:
        return case.Actor("", frozenset({"author"}))
    if isinstance(by, House):
        return case.Actor("", frozenset({by.role}))
    # First-receiver duty: a registrar takes in what comes to their counter, whoever it is addressed to.
    # Whoever may split a petition was asked by that move.
    here = "registrar" if splits or by.has("registrar") else ""
    return case.Actor(by.officer.login, at={body.code: frozenset({here})})


def _with_contents(
    after: case.After, lodging: Lodging, origin: Origin | None, adopted: Adopted | None
) -> case.After:
    content = {"subject": lodging.subject, "text": lodging.text, **attachments.named(lodging.uploads)}
    if origin:
        content["attachments"] = [file.sha256 for file in origin.files]
    said: dict[str, Any] = {
        "kind": lodging.kind,
        "channel": lodging.channel,
        "content_sha256": ledger.digest(ledger.canonical(content)),
    }
    if origin:
        said["part_of"] = origin.whole.ref
    if adopted:
        said["handed_over"] = dict(adopted.said)
    return case.After(after.case, after.row, said, after.rulebook)


def _petition(
    lodging: Lodging,
    made: case.Case,
    body: Body,
    moment: record.Moment,
    *,
    key_hash: bytes,
    origin: Origin | None,
    known: tuple[str, ...],
) -> Petition:
    lodged_at = origin.whole.lodged_at if origin else moment.happened_at
    return new_row(
        Petition,
        ref=made.ref,
        jurisdiction=made.jurisdiction,
        kind=lodging.kind,
        subject=lodging.subject,
        text=lodging.text,
        channel=lodging.channel,
        language=lodging.language,
        service=lodging.service,
        helper=lodging.helper,
        key_hash=origin.whole.key_hash if origin else key_hash,
        reading_key=origin.whole.reading_key if origin else None,
        part_of=origin.whole if origin else None,
        state=made.state,
        stage=made.stage,
        holder=body,
        senders=[body.code for body in made.senders],
        handled_by=made.handled_by,
        officer=origin.whole.officer if origin and made.officer else None,
        requests=list(made.requests),
        took_part=[list(pair) for pair in sorted(made.took_part)],
        accused_words=lodging.against_words.strip(),
        masked=masking.at_filing(lodging.subject, lodging.text, known),
        marks=dict(made.marks),
        for_auditor_at=body.code if lodging.pressure == AUDITOR else "",
        lodged_before=keys.read_ref(lodging.lodged_before),
        lodged_at=lodged_at,
        moved_at=moment.happened_at,
        next_due=record.next_due(made.clocks),
        imported=made.imported,
        brought_in_at=moment.recorded_at if moment.brought_in else None,
        source=lodging.source,
        source_id=lodging.source_id,
    )


def _searched(petition: Petition, known: tuple[str, ...]) -> Iterator[Model]:
    """The row by which it is found, where it may be."""
    if indexing.may_be_searched(petition):
        yield indexing.row(petition, [petition.holder.pk], known)


def _own_words(lodging: Lodging, origin: Origin | None) -> tuple[str, ...]:
    """The author's own name, numbers and address while the house still knows them, to be masked in the text.

    Not of a joint petition: a mark at one signer's name would tell who came first.
    """
    if origin:
        return masking.known_of(origin.whole)
    who = lodging.author
    return (
        () if lodging.joint else tuple(w for w in (who.name, who.phone, who.email, who.address) if w.strip())
    )


def _satellites(petition: Petition, lodging: Lodging, moment: record.Moment) -> Iterator[Model]:
    """Who holds it, whom it is about, and its author under seal."""
    yield new_row(Holding, petition=petition, body=petition.holder, since=moment.recorded_at)
    if lodging.against:
        for body in Body.objects.filter(code__in=lodging.against):
            yield Accused(petition=petition, body=body)
    for seal, holds in () if lodging.joint else seals_of(lodging.author, now=moment.recorded_at):
        yield new_row(seal, petition=petition, **holds)
