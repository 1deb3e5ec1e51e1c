"""Promises 7 to 9: what was lodged stays, answers are what is measured, and every date shows its law."""

from __future__ import annotations

import ast
import re
from datetime import date
from typing import Any

import pytest
from django.db import models

from huiyin.core import calendar, explain, rulebook
from huiyin.core.conditions import CARRY_OUT
from huiyin.core.rulebook import Rulebook
from huiyin.registry.models import Attachment, Clock, Entry, Petition
from huiyin.registry.story import story_of
from tests.cast import Walk
from tests.promises.source import calls, strings

LAWS = rulebook.all_rulebooks()
every_law = pytest.mark.parametrize("book", LAWS, ids=lambda book: book.id)

# What may be thrown away at all: answers kept for a day, sessions, what an administrator takes back, who had
# booked an hour (charter 4) or receives on a day, which a `Change` tells of, one's own signature under a
# joint petition, which goes on for the others, what is left for a week, the agenda of a conference, a link
# that was made by mistake, of which both petitions tell, and what was asked of relief, half a year after.
MAY_GO = (
    *("Idempotent", "Session", "SignInDelay", "role.", "competences", "Booking.", "Receiving."),
    *("Signature.objects", "HandOver.", "Duty.", "AgendaItem.", "MatterLink.", "Relief.", "ReliefSeal."),
    *("LostKey.", "row.delete", "NewKey.", "new.delete"),  # a question about a key; one that works or is void
    "Outbox.objects.filter(pk=row.pk)",  # that there is news of an hour that was booked: the hour itself goes
    *("RecoveryCode.", "CodeApp.", "Passkey."),  # what proves an officer, used or taken away
    *("SecondPerson.",),  # who is asked for a second word, once it was given
    *(
        "Opened.",
        "SavedFilter.",
        "Unfinished.",
    ),  # what an officer had open, their filters, what they did not send
    "CalendarLink.",  # the address of an officer's calendar, taken back
    # A message that is on record as a petition, or was closed with a reason (decision 0080).
    *("MailTaken.objects", "MailAside.objects", "self.box.delete"),
    # Scanned pages: on record as a petition, or left out and destroyed by an officer (decision 0094).
    *("PaperPage.objects", "PaperLetter.objects", "PaperFile.objects"),
    "CasesFile.objects",  # a list of open cases: each is on record, or somebody was told why not (0104)
    "HookEvent.",  # what subscribers were told for a month, which names no petition
    "Passage.",  # a template of a body: what was written with it stands in the petitions
    *(
        "ProblemMember.objects",
        "Problem.objects",
    ),  # a candidate that nobody took up, and who no longer belongs
    *(
        "Indexed.objects",
        "AnswerWords.objects",
        "Resemblance.objects",
    ),  # what a search finds it by, and what is like it: read anew
    # What the boards show, counted from what is there: made anew at any time.
    *("BoardRound.", "BoardFigure.", "BoardShare.", "BoardAnew.", "BoardReach.", "YearFigure."),
    "Adopted.objects",  # lines of the log that a database restored later found its rows of
    "SignedIn.objects",  # when and how an officer signed in, months ago
    *("ProviderLink.objects", "DigestWish.objects"),  # how an officer comes in, and what mail they want
    "Digest.objects",  # that a digest of cases went to an officer, months ago
    *("DataKey.", "Spent."),  # the data keys of seals that went with any of these
)


def test_no_code_deletes_a_petition_or_anything_that_hangs_on_it() -> None:
    for path, call in calls("delete"):
        what = ast.unparse(call.func)
        if path == "registry/erasing.py":
            continue  # what the law no longer keeps (decision 0035), and tests/registry/test_erasing.py holds
        assert any(word in what for word in MAY_GO), f"{path}:{call.lineno} deletes {what}"
    assert [path for path, _ in calls("_raw_delete")] == []
    assert [
        sql for sql in strings() if re.search(r"\b(DELETE\s+FROM|TRUNCATE\s+\w+|DROP\s+TABLE)\b", sql)
    ] == []


def test_no_code_rewrites_an_entry() -> None:
    for path, call in calls("update"):
        what = ast.unparse(call.func)
        if path in {"registry/erasing.py", "registry/sealing.py"}:
            continue  # what it says goes, or goes under seal; the bytes that the log commits to stay
        assert "Entry" not in what, f"{path}:{call.lineno}"
        assert "entries" not in what, f"{path}:{call.lineno}"


def test_only_the_two_writers_write_a_petition() -> None:
    """`file` and `perform`, and what they lean on: nobody else changes a petition or a clock."""
    writers = {"registry/file.py", "registry/perform.py", "registry/record.py", "registry/sealing.py"}
    writers.add("registry/erasing.py")
    for name in ("update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"):
        for path, call in calls(name):
            what = ast.unparse(call.func)
            if path == "clerk/counting.py" and what.startswith("Clock."):
                continue  # how a term is counted in the log: three columns that no law and no page reads
            if path == "clerk/reminders.py" and ast.unparse(call).endswith(".update(remind_on=remind_on)"):
                continue  # when the clerk looks at it again
            if any(
                what.startswith(f"{model}.objects")
                for model in ("Petition", "Clock", "Entry", "Holding", "Accused")
            ):
                assert path in writers, f"{path}:{call.lineno} writes {what}"


def test_a_body_or_an_officer_that_petitions_point_to_cannot_be_deleted_away() -> None:
    for field in (*Petition._meta.concrete_fields, *Entry._meta.concrete_fields):
        if isinstance(field, models.ForeignKey) and field.related_model is not Petition:
            assert field.remote_field.on_delete in {models.PROTECT, models.SET_NULL}, field


@every_law
def test_every_state_can_be_reached_and_every_open_state_can_end(book: Rulebook) -> None:
    steps = {(s, row.to) for s in book.states for row in book.rows if row.to and book.covers(s, row)}
    reached = {row.to for row in book.rows_of("lodge")}
    ends = {name for name, state in book.states.items() if not state.open}
    can_end = set(ends)
    for _ in book.states:
        reached |= {to for start, to in steps if start in reached}
        can_end |= {start for start, to in steps if to in can_end}
    assert reached == set(book.states)
    assert can_end == set(book.states)


@every_law
def test_what_a_body_holds_is_under_a_clock_or_the_law_says_that_there_is_none(book: Rulebook) -> None:
    """Each clock that starts is met, ended, or passed by some row: none runs for ever."""
    for name, clock in book.clocks.items():
        met = [row for row in book.rows if name in row.meets or name in row.ends]
        if name == CARRY_OUT:  # one for each task, met by the report of that task
            met = [row for row in book.rows if "mark-remedy-reported" in row.effects]
        assert met, (book.id, name)
        if clock.on_due == "lapse":
            assert [r for r in met if r.verb == "lapse" and f"is-due:{name}" in r.guards], (book.id, name)
        if clock.on_due == "effect":
            assert [r for r in met if "clerk" in r.by and f"is-due:{name}" in r.guards], (book.id, name)


@every_law
def test_every_deadline_and_every_move_shows_the_article_it_comes_from(book: Rulebook) -> None:
    for name, clock in book.clocks.items():
        assert clock.article in book.articles, (book.id, name)
        assert book.articles[clock.article].zh, (book.id, name)
        assert book.articles[clock.article].en, (book.id, name)
    for row in book.rows:
        assert row.article in book.articles, (book.id, row.verb)


@every_law
def test_every_deadline_can_be_reckoned_by_anyone_and_explains_itself(book: Rulebook) -> None:
    known = calendar.load(book.calendar)
    for name, clock in book.clocks.items():
        if clock.unit == "set":
            continue
        told = explain.due(book, name, date(2026, 3, 2), known)
        assert bool(told.get("to_check")) is bool(book.doubts(clock)), "a source not read in full is told"
        assert {
            "rulebook",
            "clock",
            "article",
            "unit",
            "days",
            "start",
            "due",
            "provisional",
            "skipped",
        } == set(told) - {"to_check"}


def test_a_house_rule_never_counts_as_late_by_law() -> None:
    for book in LAWS:
        for clock in book.clocks.values():
            assert (clock.article == "house") == (clock.kind == "house"), (book.id, clock.name)
            if clock.kind == "house":
                assert clock.on_due != "breach", (book.id, clock.name)


def test_the_authors_page_shows_every_clock_with_article_and_every_step(walk: Walk) -> None:
    walk.to("closed-final")
    story = story_of(walk.petition, served_only=True)
    assert len(story.clocks) == Clock.objects.count()
    for told in story.clocks:
        assert told.clock.article
        assert told.article_text.zh
        assert told.json["start"]
        assert told.json["due"]
    assert [told.seq for told in story.timeline] == [entry.seq for entry in walk.petition.entries.all()]
    assert all(told.article for told in story.timeline if told.event != "lodged")


def test_a_missed_term_stays_missed_when_the_answer_comes_later(walk: Walk) -> None:
    from huiyin.clerk.sweep import sweep

    walk.to("accepted").later(days=80)
    sweep(walk.now)
    walk.to("opinion-served")
    clock = walk.petition.clocks.get(name="handling")
    assert (clock.state, clock.ended) == ("missed", walk.today)


def test_nothing_counts_petitions_against_a_body() -> None:
    """No figure is stored: what is measured is reckoned from clocks, which only answers can meet."""
    for model in (Petition, Clock, Entry, Attachment):
        stored = {field.name for field in model._meta.concrete_fields}
        assert not {name for name in stored if "count" in name or "total" in name}


def test_rating_asking_for_review_and_disputing_touch_no_clock_of_a_body(walk: Walk) -> None:
    walk.to("opinion-served")
    before = _clocks(walk)
    walk("rate", "author", rating="satisfied")
    walk("dispute-carried-out", "author", comment="还没修好")
    assert _clocks(walk) == before


def _clocks(walk: Walk) -> list[Any]:
    return list(walk.petition.clocks.values_list("name", "state", "due"))
