"""Letters on paper: brought, parted into letters, sorted by hand, put on record once. Opens nothing.

Whatever is killed in between, a page is in one place: a file is brought when its row is there, its pages
count once the last of them is, and a letter goes with the transaction that files its petition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.crypto import salted_hmac

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import attachments, keeping, law
from huiyin.registry.access import Acting
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Officer, PaperFile, PaperLetter, PaperPage
from huiyin.registry.paper import BLANK, DONE, PROBLEM, SHEET, SPLIT, WAITING
from huiyin.vault.seal import file_seal, spend

KINDS = ("image/jpeg", "image/png", "image/webp", "application/pdf")
SALT = "huiyin.paper"
NOT_TAKEN = "not-taken"  # the problem of a file of which only its name and why are here
LANGUAGES = ("zh-hans", "en", "zh-hant")
SILENT = timedelta(seconds=90)  # since a page came; then whoever parts a file has died
MOST_TRIES = 3
REMEMBERED = timedelta(days=90)
MOST_WAITING = 5_000  # pages and files of one body: far above a day's post
NO_PAGE = Text(
    "“{name}”不是图片（JPEG、PNG、WebP）或者 PDF",
    "“{name}” is neither a picture (JPEG, PNG, WebP) nor a PDF",
)
KNOWN = Text(
    "“{name}”已经放进来过，没有重复收入",
    "“{name}” was brought before and is not taken a second time",
)
FULL = Text(
    "“{name}”没有收入：等候的页太多，请先登记一部分",
    "“{name}” was not taken: too many pages wait; put some letters on record first",
)
GONE = Text(
    "这封来信已经登记，或者已经与其他页合并", "this letter is on record already, or was joined with another"
)
TAKEN = Text("这封来信已经由{who}于{day}登记", "{who} put this letter on record on {day}")


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one file: `wrong` says why it was not taken; `again`: it is here already; `later`: it
    is taken once there is room.
    """

    name: str
    wrong: Text | None = None
    again: bool = False
    later: bool = False


# ---- brought


def bring(
    upload: Upload, body: str, *, by: Officer | None, now: datetime, blank_parts: bool = False
) -> Brought:
    """Keep one file: durable once this returns without `wrong`."""
    name = attachments.clean_name(upload.name)
    refused = attachments.refusal([upload])
    if refused is None and attachments.media_type(upload) not in KINDS:
        return Brought(name, NO_PAGE.format(name=name))
    if refused is not None:
        return Brought(name, refused.reason)
    digest = salted_hmac(SALT, upload.content, algorithm="sha256").hexdigest()
    if PaperPage.objects.filter(file__body=body).count() >= MOST_WAITING:
        return Brought(name, FULL.format(name=name), later=True)
    try:
        with transaction.atomic():
            if not PaperFile.objects.filter(body=body, digest=digest).exists():
                told = {"name": name, "kind": attachments.media_type(upload) or ""}
                sealed = file_seal(told, upload.content, reading_key=None)
                PaperFile(
                    body=body,
                    at=now,
                    by=by,
                    digest=digest,
                    blank_parts=blank_parts,
                    data_key=sealed.data_key,
                    told=sealed.label,
                    content=sealed.content,
                ).save(force_insert=True)
                return Brought(name)
    except IntegrityError:
        pass  # brought twice at once
    return Brought(name, KNOWN.format(name=name), again=True)


def not_taken(name: str, why: Text, body: str, *, mark: str, now: datetime) -> None:
    """Name a file that nobody brought by hand and that cannot be taken, until a registrar has looked.

    `mark` tells it from others of that name: told twice, it stands there once.
    """
    name = attachments.clean_name(name)
    digest = salted_hmac(SALT, f"{name} {mark}", algorithm="sha256").hexdigest()
    told = {"name": name, "kind": "", **{tag: why.say(tag) for tag in LANGUAGES}}
    with transaction.atomic():
        row = PaperFile.objects.select_for_update().filter(body=body, digest=digest).first()
        if row is not None and row.state == PROBLEM:
            return
        row = row or PaperFile(body=body, digest=digest)
        sealed = file_seal(told, b"", reading_key=None)
        row.at, row.state, row.problem = now, PROBLEM, NOT_TAKEN
        row.data_key, row.told = sealed.data_key, sealed.label
        row.save()


# ---- parted into pages


def claim(now: datetime) -> PaperFile | None:
    """The next file to be parted, for whoever calls alone; None while another one is being parted.

    One that killed whoever parted it several times is given up.
    """
    with transaction.atomic():
        waiting = PaperFile.objects.select_for_update().filter(state=WAITING)
        if waiting.filter(claimed_at__gt=now - SILENT).exists():
            return None
        waiting.filter(tries__gte=MOST_TRIES).update(state=PROBLEM, problem="stopped")
        found = waiting.filter(tries__lt=MOST_TRIES).order_by("at", "id").first()
        if found is None:
            return None
        _drop_pages(PaperPage.objects.filter(file=found))  # of one that was killed on the way
        found.claimed_at, found.tries, found.pages = now, found.tries + 1, 0
        found.save(update_fields=["claimed_at", "tries", "pages"])
    return found


@dataclass(frozen=True, slots=True, repr=False)
class Came:
    """One page as it was drawn: a JPEG of so many pixels."""

    picture: bytes
    wide: int
    high: int
    kind: str = ""


def page_came(file: PaperFile, number: int, total: int, came: Came, now: datetime) -> bool:
    """Keep a page of a file that is being parted; False: somebody else parts it by now."""
    sealed = file_seal({}, came.picture, reading_key=None)
    try:
        with transaction.atomic():
            ours = PaperFile.objects.filter(pk=file.pk, state=WAITING, claimed_at=file.claimed_at)
            if not ours.update(claimed_at=now, pages=total):
                return False
            file.claimed_at = now
            PaperPage.objects.create(
                file=file,
                number=number,
                kind=came.kind if came.kind == SHEET or file.blank_parts else "",
                wide=came.wide,
                high=came.high,
                data_key=sealed.data_key,
                told=sealed.label,
                content=sealed.content,
            )
    except IntegrityError:
        return False
    return True


def parted(file: PaperFile, problem: str = "") -> None:
    """No page follows: what came becomes letters, parted at separator sheets and, if wanted, blank pages.

    With a problem the pages that came are kept as well, and the file is named until somebody has looked.
    """
    with transaction.atomic():
        ours = PaperFile.objects.filter(pk=file.pk, state=WAITING, claimed_at=file.claimed_at)
        if not ours.update(state=PROBLEM if problem else SPLIT, problem=problem):
            return
        letter = None
        for pk, kind in PaperPage.objects.filter(file=file).order_by("number").values_list("pk", "kind"):
            if kind in {SHEET, BLANK}:
                letter = None
                continue
            letter = letter or PaperLetter.objects.create(body=file.body, at=file.at)
            PaperPage.objects.filter(pk=pk).update(letter=letter)


# ---- sorted by hand


def bodies_of(acting: Acting) -> set[str]:
    """Codes of the bodies whose letters this officer puts on record."""
    return set(acting.codes({"registrar"}))


def letters_for(acting: Acting) -> QuerySet[Any]:
    """The letters that wait at this officer's bodies, in the order of their pages: `held`, how many."""
    mine = PaperLetter.objects.filter(body__in=bodies_of(acting))
    return mine.annotate(first=Min("pages"), held=Count("pages")).filter(held__gt=0).order_by("first")


def pages_for(acting: Acting) -> QuerySet[PaperPage]:
    """The pages at this officer's bodies, without their bytes; not those of a file that is being parted."""
    mine = PaperPage.objects.filter(file__body__in=bodies_of(acting)).exclude(file__state=WAITING)
    return mine.defer("content").order_by("pk")


def left_out_for(acting: Acting) -> QuerySet[PaperPage]:
    """Pages that belong to no letter: separator sheets, blank ones, and what somebody left out."""
    return pages_for(acting).filter(letter=None)


def files_for(acting: Acting) -> QuerySet[PaperFile]:
    """The files that are being parted, or that somebody has to look at."""
    mine = PaperFile.objects.filter(body__in=bodies_of(acting), state__in=(WAITING, PROBLEM))
    return mine.defer("content").annotate(come=Count("held")).order_by("at", "id")


def cut(page: PaperPage) -> PaperLetter | None:
    """Let a letter of its own begin at this page. None where it begins there already."""
    with transaction.atomic():
        letter = _locked(page.letter_id)
        after = PaperPage.objects.filter(letter=letter, pk__gte=page.pk)
        before = PaperPage.objects.filter(letter=letter, pk__lt=page.pk)
        if letter is None or not after.exists() or not before.exists():
            return None
        new = PaperLetter.objects.create(body=letter.body, at=letter.at)
        after.update(letter=new)
    return new


def join(letter: PaperLetter, acting: Acting) -> PaperLetter | None:
    """Put these pages behind those of the letter before; None where there is none of the same body."""
    with transaction.atomic():
        ours = _locked(letter.pk)
        first = PaperPage.objects.filter(letter=ours).aggregate(n=Min("pk"))["n"] if ours else None
        earlier = letters_for(acting).filter(body=letter.body, first__lt=first) if first else None
        found = earlier.last() if earlier is not None else None
        before = _locked(found.pk) if found else None
        if ours is None or before is None:
            return None
        PaperPage.objects.filter(letter=ours).update(letter=before)
        PaperLetter.objects.filter(pk=ours.pk).delete()
    return before


def turn(page: PaperPage) -> None:
    """Turn a page by a quarter, clockwise."""
    with transaction.atomic():
        PaperPage.objects.filter(pk=page.pk).update(turned=(F("turned") + 90) % 360)


def leave_out(page: PaperPage) -> None:
    """Take a page out of its letter: it waits beside the letters until it is deleted or put back."""
    with transaction.atomic():
        letter = _locked(page.letter_id)
        if letter is not None:
            PaperPage.objects.filter(pk=page.pk, letter=letter).update(letter=None)
            if not PaperPage.objects.filter(letter=letter).exists():
                PaperLetter.objects.filter(pk=letter.pk).delete()


def put_back(page: PaperPage) -> PaperLetter:
    """Make a letter of its own of a page that was left out; it can be joined with the one before."""
    with transaction.atomic():
        row = PaperPage.objects.select_for_update(of=("self",)).select_related("file").get(pk=page.pk)
        if row.letter is None:
            row.letter = PaperLetter.objects.create(body=row.file.body, at=row.file.at)
            row.save(update_fields=["letter"])
        return row.letter


def delete_left_out(acting: Acting, pages: list[int], now: datetime) -> int:
    """Destroy these pages of those that were left out; how many stands in the list of changes."""
    with transaction.atomic():
        gone = _drop_pages(left_out_for(acting).filter(pk__in=pages))
        if gone:
            keeping.write_down("paper-deleted", acting.officer, now, pages=gone)
    return gone


def looked_at(file: PaperFile, now: datetime, *, by: Officer) -> None:
    """Somebody has read what is wrong with a file and scans it anew: its bytes go, its pages stay."""
    with transaction.atomic():
        if PaperFile.objects.filter(pk=file.pk, state=PROBLEM).update(state=SPLIT):
            keeping.write_down("paper-looked-at", by, now, problem=file.problem)
            _settle(PaperFile.objects.filter(pk=file.pk))


# ---- put on record


def held(letter: UUID, acting: Acting) -> PaperLetter | Refusal:
    """The letter, held until this transaction ends; a refusal where somebody else was faster."""
    found = _locked(letter)
    if found is None or found.body not in bodies_of(acting):
        return Refusal("letter-gone", GONE, "")
    return found if found.taken_at is None else Refusal("letter-gone", _who_took(found), "")


def taken_up(letter: PaperLetter, by: Officer, now: datetime) -> None:
    """It is on record as a petition, in this transaction: its pages are destroyed here."""
    _drop_pages(PaperPage.objects.filter(letter=letter))
    PaperLetter.objects.filter(pk=letter.pk).update(taken_at=now, taken_by=by.pk)


def who_took(letter: UUID, acting: Acting) -> Text | None:
    """Who of this officer's bodies put it on record, and when; None of any other letter."""
    mine = PaperLetter.objects.filter(pk=letter, body__in=bodies_of(acting))
    found = mine.exclude(taken_at=None).first()
    return _who_took(found) if found else None


def _who_took(letter: PaperLetter) -> Text:
    officer = Officer.objects.filter(pk=letter.taken_by or 0).first()
    day = law.at(letter.taken_at or letter.at)[1]
    return TAKEN.format(who=officer or Text("同事", "A colleague"), day=day)


def forget(now: datetime) -> None:
    """Let go of the digests of files, and of the letters, that were dealt with long ago."""
    with transaction.atomic():
        PaperFile.objects.filter(state=DONE, at__lt=now - REMEMBERED).delete()
        PaperLetter.objects.filter(taken_at__lt=now - REMEMBERED).delete()


def _locked(pk: UUID | None) -> PaperLetter | None:
    return PaperLetter.objects.select_for_update().filter(pk=pk).first() if pk else None


def _drop_pages(pages: QuerySet[PaperPage]) -> int:
    """Destroy pages and their keys, and of each file that no page is left of, its bytes."""
    rows = list(pages.values_list("pk", "data_key", "file_id"))
    spend(key for _, key, _ in rows)
    gone: int = PaperPage.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()[0]
    _settle(PaperFile.objects.filter(pk__in={file for _, _, file in rows}, state=SPLIT))
    return gone


def _settle(files: QuerySet[PaperFile]) -> None:
    over = files.exclude(Q(held__isnull=False)).filter(state=SPLIT)
    rows = list(over.values_list("pk", "data_key"))
    spend(key for _, key in rows if key)
    bare = {"state": DONE, "told": None, "content": None, "data_key": None}
    PaperFile.objects.filter(pk__in=[pk for pk, _ in rows]).update(**bare)
