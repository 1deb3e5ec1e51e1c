"""Making a move: nothing by halves, nothing twice, nothing back-dated, and no query too many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.core import ledger, procedure
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import access, record
from huiyin.registry.attachments import Upload
from huiyin.registry.file import Filed, file
from huiyin.registry.models import Attachment, Clock, DataSet, Entry, Holding, Outbox, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from tests.cast import FINDING, NOW, REVIEW, Walk, acting_as, lodge, lodging, said


def counted() -> dict[str, int]:
    rows = {
        model.__name__: model._default_manager.count() for model in (Petition, Entry, Clock, Holding, Outbox)
    }
    return rows | {"files": Attachment.objects.count()}


# ---- all or nothing


def test_a_refused_move_leaves_no_trace(walk: Walk) -> None:
    walk.to("transferred")
    before, version = counted(), walk.petition.version
    refusals = [
        walk.ask("accept", "tina"),
        walk.ask("register", "otto"),
        walk.ask("decline", "otto", ground="not-competent"),
        walk.ask("fly", "otto"),
        walk.ask("lodge", "author"),
        perform("HY-00000-00000", Move("accept"), acting_as("otto"), NOW),
        perform(walk.ref, Move("accept"), acting_as("otto"), NOW, uploads=[Upload("x.exe", b"MZ")]),
    ]
    assert [r.code for r in refusals if isinstance(r, Refusal)] == [
        *("not-found", "wrong-state", "contents", "unknown-move", "unknown-move", "not-found", "attachment")
    ]
    assert (counted(), walk.petition.version) == (before, version)


def test_contents_that_no_database_can_hold_are_refused(walk: Walk) -> None:
    walk.to("registered")
    for verb, contents in (
        ("transfer", {"body": "z\x00j"}),
        ("transfer", {"body": "zj", "note": "\ud800"}),
        ("entrust", {"officer": "ol\x00ga"}),
        ("no-longer-accept", {"prior": "HY\x00", "comparison": [], "reasons": "x"}),
    ):
        refused = walk.ask(verb, "olga", **contents)
        assert isinstance(refused, Refusal)
        assert refused.code == "contents"


def test_who_looked_at_an_older_version_is_told_politely(walk: Walk) -> None:
    seen = walk.petition.version
    walk("register", "olga")
    late = perform(walk.ref, Move("transfer", {"body": "zj"}), acting_as("olga"), NOW, seen=seen)
    assert isinstance(late, Refusal)
    assert late.code == "moved-meanwhile"
    assert isinstance(
        perform(walk.ref, Move("transfer", {"body": "zj"}), acting_as("olga"), NOW, seen=seen + 1), Petition
    )


def test_who_decides_on_what_somebody_else_just_moved_does_not_move_it_too(
    walk: Walk, monkeypatch: Any
) -> None:
    """Between reading and writing another one gets in: compare-and-set, on either database."""
    decide = procedure.apply

    def slowly(*args: Any) -> Any:
        monkeypatch.setattr(procedure, "apply", decide)
        walk("add-information", "author", information="快一步")
        return decide(*args)

    monkeypatch.setattr(procedure, "apply", slowly)
    late = walk.ask("register", "olga")
    assert isinstance(late, Refusal)
    assert late.code == "moved-meanwhile"
    assert walk.petition.state == "lodged"


def test_a_notice_that_went_out_meanwhile_costs_nobody_their_form(walk: Walk) -> None:
    seen = walk.petition.version
    walk("dispatch", "courier", channel="page")
    made = perform(walk.ref, Move("register"), acting_as("olga"), NOW, seen=seen)
    assert isinstance(made, Petition)
    assert made.version == seen + 2


def test_a_version_that_does_not_exist_yet_is_no_version_anybody_saw(walk: Walk) -> None:
    made = perform(walk.ref, Move("register"), acting_as("olga"), NOW, seen=99)
    assert isinstance(made, Refusal)


# ---- what is put on record


def test_each_move_leaves_one_entry_whose_bytes_commit_to_its_opening(walk: Walk) -> None:
    walk.to("closed-final")
    petition = walk.petition
    entries = list(petition.entries.all())
    assert [e.seq for e in entries] == list(range(1, petition.version + 1))
    for entry in entries:
        opening = record.opening_of(petition, entry)
        made = ledger.Entry(entry.recorded_at, ledger.commit(opening, bytes(entry.salt)))
        assert bytes(entry.public) == made.to_bytes()
        assert ledger.commit({**opening, "state": "x"}, bytes(entry.salt)).encode() not in bytes(entry.public)
    assert len({bytes(e.salt) for e in entries}) == len(entries)


def test_the_entries_say_who_acted_in_which_role_for_which_body(walk: Walk) -> None:
    walk.to("closed-final")
    told = [
        (e.event, e.role, e.body, e.officer.login if e.officer else "") for e in walk.petition.entries.all()
    ]
    assert told == [
        ("lodged", "author", "xf", ""),
        ("registered", "registrar", "xf", "olga"),
        ("transferred", "registrar", "xf", "olga"),
        ("accepted", "handler", "zj", "otto"),
        ("opinion-submitted", "handler", "zj", "otto"),
        ("opinion-countersigned", "head", "zj", "hedda"),
        ("opinion-issued", "handler", "zj", "otto"),
        ("served", "handler", "zj", "otto"),
        ("review-requested", "author", "zj", ""),
        ("review-opinion-issued", "reviewer", "xian", "rita"),
        ("served", "reviewer", "xian", "rita"),
        ("rereview-requested", "author", "xian", ""),
        ("rereview-opinion-issued", "reviewer", "shi", "rolf"),
        ("served", "reviewer", "shi", "rolf"),
    ]


def test_files_of_a_move_are_kept_with_it_and_its_entry_commits_to_them(walk: Walk) -> None:
    move = Move("add-information", {"information": "见附件"})
    made = perform(walk.ref, move, access.Author(walk.ref), NOW, uploads=[Upload("灯.txt", b"dark")])
    assert isinstance(made, Petition), made
    file = Attachment.objects.get()
    entry = walk.petition.entries.get(seq=file.entry_seq)
    assert (entry.event, entry.contents["attachments"]) == ("information-added", [file.sha256])


def test_only_the_clocks_that_a_move_touched_are_written(walk: Walk) -> None:
    walk.to("accepted")
    entry = walk.petition.entries.last()
    assert entry is not None
    names = [[2, "notice", "met"], [3, "objection", "lapsed"], [4, "handling", "running"]]
    assert [touched[:3] for touched in entry.clocks] == names


# ---- time


def test_a_live_registry_makes_no_move_in_the_past(walk: Walk) -> None:
    made = perform(walk.ref, Move("register"), acting_as("olga"), NOW, at=NOW)
    assert isinstance(made, Refusal)
    assert made.code == "live-registry"


def test_in_a_demonstration_time_never_runs_back(cast: Any) -> None:
    DataSet.objects.create(kind="demonstration", marked_at=NOW)
    then = NOW - timedelta(days=100)
    filed = file(lodging(), now=NOW, at=then)
    assert isinstance(filed, Filed)
    olga = acting_as("olga", then.date())
    earlier = perform(filed.ref, Move("register"), olga, NOW, at=then - timedelta(seconds=1))
    assert isinstance(earlier, Refusal)
    assert earlier.code == "time-runs-back"
    assert isinstance(perform(filed.ref, Move("register"), olga, NOW, at=then + timedelta(days=1)), Petition)
    assert isinstance(perform(filed.ref, Move("transfer", {"body": "zj"}), olga, NOW), Petition)
    after_today = perform(filed.ref, Move("accept"), acting_as("otto"), NOW, at=NOW - timedelta(days=1))
    assert isinstance(after_today, Refusal)
    assert after_today.code == "time-runs-back"


def test_a_demonstration_keeps_both_times(cast: Any) -> None:
    DataSet.objects.create(kind="demonstration", marked_at=NOW)
    then = NOW - timedelta(days=100)
    filed = file(lodging(), now=NOW, at=then)
    assert isinstance(filed, Filed)
    entry = Entry.objects.get()
    assert bytes(entry.public).decode().split("\n")[1:3] == [
        f"recorded_at {ledger.minute(NOW)}",
        f"claimed_at {ledger.minute(then)}",
    ]


# ---- the law, through the database


def test_an_extension_goes_on_from_the_unrolled_end_and_only_once(walk: Walk) -> None:
    walk.to("accepted")
    refused = walk.ask("extend", "otto", days=30, reasons="复杂")
    assert isinstance(refused, Refusal)
    walk("extend", "hedda", days=30, reasons="案情复杂")
    handling, extension = walk.petition.clocks.filter(name__in=("handling", "extension")).order_by("seq")
    assert (handling.end, handling.due) == (date(2026, 5, 1), date(2026, 5, 6))
    assert (extension.start, extension.due) == (date(2026, 5, 1), date(2026, 6, 1))  # day 30 is a Sunday
    assert handling.carried_by == extension.seq
    assert walk.petition.next_due == extension.due
    again = walk.ask("extend", "hedda", days=10, reasons="还要")
    assert isinstance(again, Refusal)
    assert again.code == "already-extended"


def test_a_review_may_go_to_a_body_outside_whose_letter_is_recorded_here(cast: Any) -> None:
    """The city's own decision: above it is the province, reached by letter through the city's registrar."""
    city = cast["rolf"].roles.get().body
    for role in ("handler", "head"):
        cast["rolf"].roles.create(body=city, role=role)
    walk = Walk(lodge(body="shi"))
    walk("register", "stella")
    walk("accept", "rolf", **said("accept", walk.today))
    opinion = {"answers": [{**FINDING, "outcome": "not-supported"}]}
    walk("submit-opinion", "rolf", **opinion)
    alone = walk.ask("countersign", "rolf")
    assert isinstance(alone, Refusal)
    assert alone.code == "own-draft-unexplained"
    walk("countersign", "rolf", note="本单位没有其他负责人")
    walk("issue-opinion", "rolf", **opinion)
    walk("serve", "rolf", **said("serve", walk.today))
    assert walk("request-review", "author").holder.code == "province"
    review = {**REVIEW, "review_outcome": "change"}
    assert isinstance(walk.ask("issue-review-opinion", "rolf", **review), Refusal)
    walk("issue-review-opinion", "stella", **review)
    entry = walk.petition.entries.last()
    assert entry is not None
    assert (entry.role, entry.body) == ("recorder", "province")
    walk("serve", "stella", **said("serve", walk.today))
    top = walk.ask("request-rereview", "author")
    assert isinstance(top, Refusal)
    assert top.code == "no-higher-body"


def test_a_superior_out_of_service_is_passed_by(walk: Walk, bodies: Any) -> None:
    walk.to("opinion-served")
    bodies["xian"].active = False
    bodies["xian"].save()
    assert walk("request-review", "author").holder.code == "shi"


def test_who_took_part_before_does_not_review(walk: Walk, cast: Any, bodies: Any) -> None:
    cast["otto"].roles.create(body=bodies["xian"], role="reviewer")
    walk.to("review-requested")
    refused = walk.ask("issue-review-opinion", "otto", **REVIEW)
    assert isinstance(refused, Refusal)
    assert refused.code == "took-part-before"


def test_what_is_offered_is_what_is_allowed(walk: Walk) -> None:
    """Every button leads to a move that is made or that only lacks contents."""
    for state in ("lodged", "transferred", "accepted", "opinion-served", "review-requested", "closed-final"):
        walk.to(state)
        for login in ("author", "olga", "otto", "hedda", "rita", "rolf", "tina", "sven"):
            for row in open_moves(walk.petition, walk.actor(login), walk.now):
                made = walk_tries(walk, row.verb, login)
                assert not isinstance(made, Refusal) or made.code in MAY_STILL_SAY, (
                    state,
                    login,
                    row.verb,
                    made,
                )


# What depends on the contents can only be said once they are known.
MAY_STILL_SAY = {
    "contents",
    "outside",
    "same-body",
    "officer-elsewhere",
    "request-lost",
    "wrong-target",
    "not-above",
}


def walk_tries(walk: Walk, verb: str, login: str) -> Petition | Refusal:
    """Try a move and take it back."""
    from django.db import transaction

    with transaction.atomic():
        made = walk.ask(verb, login, **said(verb, walk.today))
        transaction.set_rollback(True)
    return made


# ---- queries

# What each costs today, the two statements around a test's own transaction included. Each document is the
# first of its series here, which costs two statements more than the next one will.
FILING = 11
# Whoever had it open, and what they had begun to write, goes with the petition to another body: two more.
# Another body that may see it, and an answer that is issued, change its row of the search index: one more.
# What an opinion promises is a row more to write, and from then on one more to read.
MOST = {
    "register": 11,
    "transfer": 24,
    "accept": 20,
    "submit-opinion": 13,
    "countersign": 15,
    "issue-opinion": 18,
    "serve": 17,
    "request-review": 17,
    "issue-review-opinion": 18,
    "request-rereview": 17,
    "issue-rereview-opinion": 18,
}


def test_filing_stays_within_its_statements(cast: Any) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        lodge()
    assert len(queries) <= FILING, "\n".join(q["sql"][:120] for q in queries.captured_queries)


def test_no_move_costs_more_statements_than_it_did(walk: Walk) -> None:
    spent: dict[str, int] = {}
    for verb, login, contents, _ in walk._way():
        actor = walk.actor(login)
        with CaptureQueriesContext(connection) as queries:
            perform(walk.ref, Move(verb, contents), actor, walk.now)
        spent[verb] = max(spent.get(verb, 0), len(queries))
    assert walk.petition.state == "closed-final"
    over = {verb: count for verb, count in spent.items() if count > MOST[verb]}
    assert not over, spent
