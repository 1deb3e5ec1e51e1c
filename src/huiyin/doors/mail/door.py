"""One look into the mailbox. A message is let go of only when what it says is on record and was answered.

Killed anywhere, the next look goes on: what was filed is not filed again, the answer that was made is sent,
and what was set aside is found by its digest. An answer may go out twice, under the same Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.mail import answers, box, kinds, message
from huiyin.doors.mail.answers import Answer
from huiyin.doors.mail.box import Box
from huiyin.doors.mail.message import Message, Unreadable
from huiyin.registry import attachments, by_mail, prospects, threads
from huiyin.registry.access import Author
from huiyin.registry.attachments import MOST_BYTES, MOST_FILES, Upload
from huiyin.registry.file import SUBJECT_LENGTH, TEXT_LENGTH, Lodging, file
from huiyin.registry.letterbox import CLOSE
from huiyin.registry.models import MailAside, Petition
from huiyin.registry.perform import perform
from huiyin.site import typed
from huiyin.vault.seal import Author as Person

log = logging.getLogger("huiyin.mail")

# Five files of ten megabytes as mail writes them, and the words.
MOST_MB = MOST_FILES * MOST_BYTES * 3 // 2 // 1024 // 1024
ACKNOWLEDGED = 5  # additions of a day that are answered: two machines must not talk to one another
A_DAY = timedelta(days=1)
TRIES = 5  # of adding while officers move the same petition
PERMANENT = 500  # SMTP: from here on trying again is useless
NO_SUBJECT = Text("（无标题）", "(no subject)")
SEE_FILES = Text("（见附件）", "(see the attached files)")
WHOLE = "message.txt"
GOES_ON = Text("\n\n（全文见附件 {name}）", "\n\n(the whole text is in the file {name})")
TOO_MANY = Text("每封最多 {most} 个附件", "at most {most} files in one message")


def look(now: datetime) -> Counter[str]:
    """Take what came in, and follow what officers decided. Raises OSError when no mail server answers."""
    if settings.IMAP is None:
        return Counter()
    done: Counter[str] = Counter()
    with box.opened(settings.IMAP) as opened:
        _follow(opened, now, done)
        folders = [(settings.IMAP.folder, False)]
        folders += [(settings.IMAP_JUNK, True)] if settings.IMAP_JUNK else []
        for folder, junk in folders:
            for uid in opened.uids(folder):
                done[_one(opened, uid, now, junk=junk)] += 1
    by_mail.forget(now)
    return done


def _one(opened: Box, uid: str, now: datetime, *, junk: bool) -> str:
    """Act upon one message; answers what became of it."""
    try:
        size = opened.size(uid)
        if size > MOST_MB * 1024 * 1024:
            return _too_large(opened, uid, size, now)
        return _whole(opened, uid, now, junk=junk, size=size)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        # The mail server would not take this answer now: the message stays where it is, the others go on.
        log.warning("an answer could not be sent: %s", type(error).__name__)
        return "unanswered"


def _whole(opened: Box, uid: str, now: datetime, *, junk: bool, size: int) -> str:
    raw = opened.whole(uid)
    if not raw:
        return "gone"
    known, mark = message.known_of(raw)
    try:
        read = message.read(raw)
    except Unreadable:
        by_mail.set_aside(known, now, mark=mark, why="unreadable", size=size)
        opened.set_aside(uid)
        return "aside"
    state, kept = by_mail.state_of(known), by_mail.aside_of(known)
    if state == by_mail.UNANSWERED:
        return _take(opened, uid, read, now, size=size)
    if kept is not None and (kept.told or kept.why not in kinds.ANSWERED):
        opened.set_aside(uid)
        return "aside"
    if state == by_mail.DONE:
        opened.let_go(uid)
        return "again"
    if why := kinds.why_aside(read, junk=junk):
        return _aside(opened, uid, read, why, now, size=size)
    return _take(opened, uid, read, now, size=size)


# ---- filing and adding


def _take(opened: Box, uid: str, read: Message, now: datetime, *, size: int = 0) -> str:
    petition = threads.named_in(str(read.head.get("subject", "")), *read.to)
    if petition is not None:
        made = by_mail.once(read.known, lambda: _added(petition, read, now), now)
    else:
        made = by_mail.once(read.known, lambda: _filed(read, now), now)
    if isinstance(made, Refusal):
        why = "not-added" if petition else "refused"
        ref = petition.ref if petition else ""
        return _aside(opened, uid, read, why, now, size=size, reason=made.reason, ref=ref)
    if made is None:
        opened.let_go(uid)
        return "again"
    answer = typed.decode(made, Answer)
    if answer.left_out:
        n = len(answer.left_out)
        by_mail.set_aside(
            read.known, now, mark=read.mark, why="files", subject=answer.ref, files=n, size=size
        )
    else:
        by_mail.taken_up(read.known)
    _answer(read, answer, now)
    by_mail.answered(read.known, now)
    if answer.left_out:
        opened.set_aside(uid)
    else:
        opened.let_go(uid)
    return "filed" if answer.receipt else "added"


def _filed(read: Message, now: datetime) -> bytes | Refusal:
    uploads, left_out = _uploads(read)
    text, more = _fitting(read.text or SEE_FILES.say(read.language), read.language)
    lodging = Lodging(
        subject=_subject(read),
        text=text,
        author=Person(name=read.name, email=read.address),
        channel="email",
        language=read.language,
        unsure=True,  # nobody asked its author which class it is: the petition office sorts it
        uploads=(*more, *uploads)[:MOST_FILES],
    )
    made = file(lodging, now=now)
    if isinstance(made, Refusal):
        return made
    return msgspec.json.encode(Answer(made.ref, read.language, made.key, made.receipt, left_out))


def _added(petition: Petition, read: Message, now: datetime) -> bytes | Refusal:
    author = Author(petition.ref)
    uploads, left_out = _uploads(read)
    open_now = {row.verb: row for row in prospects.open_moves(petition, author, now)}
    row = open_now.get("answer-question") or open_now.get("add-information")
    name = next((c.name for c in row.contents if c.type == "text" and c.required), "") if row else ""
    most = next((c.most for c in row.contents if c.name == name), TEXT_LENGTH) if row else TEXT_LENGTH
    said = message.above_quote(read.text) or SEE_FILES.say(petition.language)
    text, more = _fitting(said, petition.language, most)
    verb = row.verb if row else "add-information"
    said_now = Move(verb, {name or "information": text})
    for _ in range(TRIES):
        made = perform(petition.ref, said_now, author, now, uploads=(*more, *uploads)[:MOST_FILES])
        if not isinstance(made, Refusal) or made.code != "moved-meanwhile":
            break
    if isinstance(made, Refusal):
        return made
    return msgspec.json.encode(Answer(petition.ref, petition.language, left_out=left_out))


def _subject(read: Message) -> str:
    said = read.subject.strip() or next((line.strip() for line in read.text.splitlines() if line.strip()), "")
    return (said or NO_SUBJECT.say(read.language))[:SUBJECT_LENGTH]


def _fitting(text: str, language: str, most: int = TEXT_LENGTH) -> tuple[str, tuple[Upload, ...]]:
    """The text; of one that is too long its beginning, and the whole of it as a file."""
    if len(text) <= most:
        return text, ()
    note = GOES_ON.format(name=WHOLE).say(language)
    return text[: most - len(note)] + note, (Upload(WHOLE, text.encode()),)


def _uploads(read: Message) -> tuple[tuple[Upload, ...], tuple[tuple[str, str], ...]]:
    """The files that can be taken, without what cameras wrote into them, and why the others cannot.

    Why is said of "2.zip" and never by the name that the sender gave: it may say what the matter is.
    """
    most = MOST_FILES - (len(read.text) > TEXT_LENGTH)
    taken: list[Upload] = []
    left_out: list[tuple[str, str]] = []
    for number, each in enumerate(read.files, start=1):
        upload = Upload(each.name, each.content)
        told = Upload(f"{number}{message.ending_of(each.name)}", each.content)
        if refused := attachments.refusal([told]):
            left_out.append((refused.reason.zh, refused.reason.en))
        elif len(taken) == most:
            why = TOO_MANY.format(most=most)
            left_out.append((f"{told.name}：{why.zh}", f"{told.name}: {why.en}"))
        else:
            taken.append(upload)
    return tuple(taken), tuple(left_out)


# ---- setting aside


def _too_large(opened: Box, uid: str, size: int, now: datetime) -> str:
    raw = opened.head(uid)
    try:
        read = message.head_only(raw)
    except Unreadable:
        known, mark = message.known_of(raw)
        by_mail.set_aside(known, now, mark=mark, why="unreadable", size=size)
        opened.set_aside(uid)
        return "aside"
    why = kinds.of_machine(read.head) or "large"
    return _aside(opened, uid, read, why, now, size=size, most=MOST_MB)


def _aside(
    opened: Box, uid: str, read: Message, why: str, now: datetime, *, size: int, **values: object
) -> str:
    row = by_mail.set_aside(
        read.known,
        now,
        mark=read.mark,
        why=why,
        subject=read.subject,
        text=read.text,
        own=(read.name, read.address),
        files=len(read.files),
        size=size,
    )
    if why in kinds.ANSWERED and not row.told:
        _send(answers.of_aside(why, read, **values))
        by_mail.told(row)
    opened.set_aside(uid)
    return "aside"


def _follow(opened: Box, now: datetime, done: Counter[str]) -> None:
    """Do what officers decided about messages that were set aside."""
    rows = {row.mark: row for row in by_mail.decided(now)}
    if not rows:
        return
    for uid in opened.uids(settings.IMAP_ASIDE, most=None):
        row = _row_of(rows, opened.head(uid))
        if row is None:
            continue
        if row.decision == CLOSE:
            opened.let_go(uid)
            by_mail.is_gone(row)
        else:
            done[_decided(opened, uid, row, now)] += 1
    for row in rows.values():
        by_mail.is_gone(row)  # somebody took it out of the folder by hand


def _row_of(rows: dict[str, MailAside], head: bytes) -> MailAside | None:
    try:
        return rows.pop(message.head_only(head).mark, None)
    except Unreadable:
        return rows.pop(message.known_of(head)[1], None)


def _decided(opened: Box, uid: str, row: MailAside, now: datetime) -> str:
    try:
        return _take(opened, uid, message.read(opened.whole(uid)), now, size=row.size)
    except Unreadable:
        by_mail.reopen(row)
        return "aside"
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        return "unanswered"


# ---- answering


def _answer(read: Message, answer: Answer, now: datetime) -> None:
    petition = Petition.objects.select_related("holder").get(ref=answer.ref)
    if not answer.receipt and not answer.left_out and _talks(petition):
        return
    try:
        _send(answers.of_receipt(answer, petition, read))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        if not by_mail.is_tried_long_enough(read.known, now):
            raise


def _talks(petition: Petition) -> bool:
    """Whether more was added within a day than a person is answered for."""
    last = petition.entries.order_by("-seq").first()
    if last is None:
        return False
    since = last.recorded_at - A_DAY
    added = petition.entries.filter(role="author", recorded_at__gte=since, event__in=ADDITIONS)
    return added.count() > ACKNOWLEDGED


ADDITIONS = ("information-added", "question-answered")


def _send(letter: EmailMessage) -> None:
    """Send it, if there is anybody to send it to. Raises OSError when it has to be tried again."""
    try:
        validate_email(letter.to[0])
        letter.send()
    except ValidationError:
        return
    except smtplib.SMTPRecipientsRefused as refused:
        # Nobody can be reached there; what was filed stands, and its author has other ways to it.
        if any(code < PERMANENT for code, _ in refused.recipients.values()):
            raise
