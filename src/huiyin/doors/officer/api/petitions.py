"""One petition for programs: as its officer reads it, with what may be done; moves, letters and files.

What is opened for reading is put on record before, as on the page; no answer here opens a seal over a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from msgspec import UNSET

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import Content, Row
from huiyin.core.seal import SealBroken
from huiyin.core.text import Text
from huiyin.doors.officer import letters, naming, reading
from huiyin.doors.officer.api import shapes
from huiyin.doors.officer.api.door import seen
from huiyin.doors.officer.door import DeskRequest
from huiyin.doors.officer.petition import OF_A_NAME, UNSEAL
from huiyin.papers import fonts, press, sheet
from huiyin.reading import labels
from huiyin.registry import access, attachments, desk, masking, story, taking, unfinished
from huiyin.registry.masking import Reader
from huiyin.registry.models import Body, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import Prospects, open_moves, prospects_of
from huiyin.site import conditional, json_read, json_told, sending, typed
from huiyin.site.json_told import words
from huiyin.site.problem import Answered, answered, refused
from huiyin.vault.keys import KeyRefused
from huiyin.vault.unseal import NothingSealed

BY_A_PERSON = Refusal(
    "by-a-person",
    Text(
        "开启身份封存会在页面上显示姓名一次，只能由本人在工作台办理",
        "opening the seal shows a name on a page, once: an officer does it on the desk themself",
    ),
)
LABELS = Text(
    "有词语像是在评价人，而不是说事：{words}。请改写；确需保留的，把这些词放进 kept 再发",
    "these words seem to label a person rather than tell what happened: {words}. Say it in other words, or "
    "send them along in `kept`",
)
NO_FONT = Refusal(
    "no-typeface",
    Text("本机没有能排印中文的字体", "this machine has no typeface that can set Chinese"),
)
LOST = Refusal("file-lost", Text("这个文件已无法打开", "this file can be opened no longer"))


# ---- reading


def show(request: DeskRequest, *, ref: str) -> HttpResponse:
    """The petition, and what may be done with it now."""
    found = seen(request, ref)
    reader = masking.reader_of(request.acting, found)
    reading.as_far_as(request, found, reader)
    told = story.story_of(found, reader=reader, desk=True)
    files = [file for step in told.timeline for file in step.attachments]
    if not reader.hides:
        reading.names(files)
    if request.method == "GET" and found.is_open and access.handles(request.acting, found):
        desk.note_opened(found, request.officer)
    ahead = prospects_of(found, request.acting, request.now)
    out = shapes.DeskPetitionOut(
        ref=found.ref,
        version=found.version,
        kind=found.kind,
        subject=masking.subject_for(request.acting, found),
        text=masking.text_for(reader, found),
        masked=reader.hides,
        closed=reader.closed,
        state=json_told.StateOut(
            code=found.state, zh=told.state.text.zh, en=told.state.text.en, open=told.state.open
        ),
        holder=json_told.body(found.holder),
        through=list(found.senders),
        lodged_at=json_told.moment(found.lodged_at),
        channel=found.channel,
        service=found.service,
        requests=[reader.says(each) for each in found.requests],
        accused=[json_told.body(each) for each in Body.objects.filter(pk__in=found.accused.values("body"))],
        about=reader.says(found.accused_words),
        clocks=list(_clocks(told)),
        timeline=list(_steps(found, told)),
        attachments=[_attachment(file, reader) for file in files],
        moves=list(_moves(request, found, ahead)),
        waiting=[
            shapes.WaitingOut(move=row.verb, text=words(row.text), why=words(why.reason))
            for row, why in ahead.waiting
        ],
        others=[
            shapes.ByOthersOut(move=row.verb, text=words(row.text), role=role) for role, row in ahead.others
        ],
        officer=found.officer.login if found.officer else UNSET,
    )
    answer = answered(out)
    answer[conditional.VERSION] = str(found.version)
    return answer


def _clocks(told: story.Story) -> Iterator[shapes.DeskClockOut]:
    for clock in told.clocks:
        more = {"text": {"zh": clock.rule.text.zh, "en": clock.rule.text.en}, "owed": clock.is_owed}
        if clock.owed_by:
            more["owed_by"] = {"zh": clock.owed_by.zh, "en": clock.owed_by.en}
        yield typed.convert(clock.json | more, shapes.DeskClockOut)


def _steps(petition: Petition, told: story.Story) -> Iterator[shapes.DeskStepOut]:
    """What happened, in its order, with who did it."""
    rows = petition.entries.exclude(officer=None).values_list("seq", "officer__login")
    logins = dict(rows)
    for step in told.timeline:
        plain = msgspec.structs.asdict(json_told.step(step))
        yield shapes.DeskStepOut(**plain, officer=logins.get(step.seq, UNSET))


def _attachment(file: Any, reader: Reader) -> json_told.AttachmentOut:
    told = json_told.attachment(file)
    told.name = reader.says(told.name)
    if reader.hides:
        told.sha256 = ""  # who holds the same file elsewhere would know it again
    return told


def _moves(request: DeskRequest, petition: Petition, ahead: Prospects) -> Iterator[json_told.MoveOut]:
    """Each verb once, as the page offers it; a seal is opened there alone."""
    opens = (
        naming.is_sealed(petition) or naming.comes_today(request.acting, petition, request.today) is not None
    )
    left_out = {UNSEAL} | (set() if opens else OF_A_NAME)
    for row in ahead.open:
        if row.verb not in left_out:
            left_out.add(row.verb)
            yield json_told.move(row)


# ---- moves


def move(request: DeskRequest, *, ref: str) -> HttpResponse:
    """Make a move on the version that was looked at, through the same `perform` as every door."""
    found = seen(request, ref)
    asked = json_read.read(request, shapes.DeskMoveIn)
    version = conditional.version_in(request, demanded=True)
    if asked.move == UNSEAL:
        return refused(request, BY_A_PERSON)
    if labelled := _labels(request, found, asked):
        return refused(request, labelled)
    waiting, uploads = sending.named(asked.attachments)
    done = perform(
        found.ref,
        Move(asked.move, asked.contents),
        request.acting,
        request.now,
        uploads=uploads,
        seen=version,
    )
    if isinstance(done, Refusal):
        moved = done.code == "moved-meanwhile" and version is not None
        return refused(request, done, 412 if moved else None)
    for file in waiting:
        file.drop()
    unfinished.drop(done, request.officer, asked.move)
    return _made(request, asked.move, done)


def _made(request: DeskRequest, verb: str, done: Petition) -> HttpResponse:
    state = story.state_of(done)
    told = shapes.MadeOut(
        ref=done.ref,
        move=verb,
        version=done.version,
        state=json_told.StateOut(code=done.state, zh=state.text.zh, en=state.text.en, open=state.open),
        holder=json_told.body(done.holder),
        seen=access.visible_to(request.acting).filter(pk=done.pk).exists(),
        next_due=done.next_due.isoformat() if done.next_due else UNSET,
    )
    answer = answered(told)
    answer[conditional.VERSION] = str(done.version)
    return answer


def _labels(request: DeskRequest, petition: Petition, asked: shapes.DeskMoveIn) -> Refusal | None:
    """A warning before words that label a person go on record, as the page gives it: never a block."""
    rows = [r for r in open_moves(petition, request.acting, request.now) if r.verb == asked.move]
    said = "\n".join(_written(rows[0], asked.contents)) if rows else ""
    found = [word for word in labels.found(said) if word not in asked.kept]
    if not found:
        return None
    why = LABELS.format(words="、".join(found))
    return Refusal("label-words", why, "", {"kept": why})


def _written(row: Row, contents: Mapping[str, Any]) -> Iterator[str]:
    """Every text that the officer wrote. What the petitioner asked for is theirs, and is left alone."""
    for content in row.contents:
        value = contents.get(content.name)
        if content.type == "text" and isinstance(value, str):
            yield value
        if content.type == "rows" and isinstance(value, list):
            yield from _in_rows(content.columns, value)


def _in_rows(columns: Iterable[Content], rows: list[Any]) -> Iterator[str]:
    asked = {column.name for column in columns if column.type == "text"} - {"request"}
    for row in rows:
        if isinstance(row, dict):
            yield from (row[name] for name in asked if isinstance(row.get(name), str))


# ---- letters and files


def letter(request: DeskRequest, *, ref: str, seq: int) -> HttpResponse:
    """A letter as PDF, addressed to the reference; that it is taken is put on record."""
    seen(request, ref)
    try:
        found, made = letters.letter_or_404(request, ref, seq)
        printed = sheet.letter_pdf(made, get_language() or "")
    except Http404:
        raise Answered(404, refuse("not-found")) from None
    except (fonts.NoChineseFont, press.Unprintable):
        return refused(request, NO_FONT)
    if request.method == "GET":
        taking.put_on_record(request.acting, "letter-pdf", request.now, found)
    return letters.pdf_answer(printed.pdf, f"{found.ref}-{seq}.pdf")


def attachment(request: DeskRequest, *, ref: str, number: int) -> HttpResponseBase:
    """A file, for the petition's handlers: nothing in it can be masked."""
    found = seen(request, ref)
    kept = found.attachments.filter(pk=number).first()
    if kept is None or not access.handles(request.acting, found):
        raise Answered(404, refuse("not-found"))
    try:
        reading.names([kept])
        content = reading.content(request, kept, attachments.read(kept))
    except (FileNotFoundError, NothingSealed, SealBroken, KeyRefused):
        raise Answered(410, LOST) from None
    if request.method == "GET":
        taking.put_on_record(request.acting, "file", request.now, found)
    return sending.as_file(content, kept.name, kept.media_type)


def send_file(request: DeskRequest) -> HttpResponse:
    """201 with what a file is named by in a move."""
    return sending.receive(request)
