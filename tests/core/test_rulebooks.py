"""The laws that are shipped: their clocks, their words, and which version is in force when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from huiyin.core import calendar, lawadvice, rulebook
from huiyin.core.clock import reckon
from huiyin.core.conditions import CARRY_OUT
from huiyin.core.rulebook import NoSuchRule, legal_day
from huiyin.core.text import Text
from huiyin.core.vocabulary import AUTOMATIC_ROLES, PAUSES, ROLES, VERBS
from tests.core.cast import CALENDARS, CN05, CN22, INDIA, LAWS, SAMR, UK, WORDS

laws = pytest.mark.parametrize("book", LAWS.values(), ids=LAWS)

CLOCKS = (
    "sort",
    "notice",
    "handling",
    "extension",
    "review-request",
    "review",
    "rereview-request",
    "rereview",
)


@pytest.mark.parametrize(
    ("book", "name", "article", "unit", "days"),
    [
        (CN22, "sort", "22.1", "day", 15),
        (CN22, "notice", "23.2", "day", 15),
        (CN22, "objection", "23.3", "workday", 5),
        (CN22, "handling", "34", "day", 60),
        (CN22, "extension", "34", "day", 30),
        (CN22, "review-request", "35", "day", 30),
        (CN22, "review", "35", "day", 30),
        (CN22, "rereview-request", "36.1", "day", 30),
        (CN22, "rereview", "36.1", "day", 30),
        (CN05, "sort", "21.1", "day", 15),
        (CN05, "notice", "22.2", "day", 15),
        (CN05, "handling", "33", "day", 60),
        (CN05, "extension", "33", "day", 30),
        (CN05, "review-request", "34", "day", 30),
        (CN05, "review", "34", "day", 30),
        (CN05, "rereview-request", "35.1", "day", 30),
        (CN05, "rereview", "35.1", "day", 30),
        (UK, "stage1-ack", "6.2", "workday", 5),
        (UK, "stage1", "6.3", "workday", 10),
        (UK, "stage1-extension", "6.4", "workday", 10),
        (UK, "stage2-ack", "6.11", "workday", 5),
        (UK, "stage2", "6.14", "workday", 20),
        (UK, "stage2-extension", "6.15", "workday", 20),
        (INDIA, "resolve", "promptly", "day", 21),
        (INDIA, "appeal-request", "appeal", "day", 30),
        (INDIA, "appeal", "appeal", "day", 30),
        (SAMR, "accept", "14", "workday", 7),
        (SAMR, "mediate", "21(5)", "workday", 45),
        (SAMR, "tell", "21.2", "workday", 7),
        (SAMR, "report-check", "31.1", "workday", 15),
        (SAMR, "report-extension", "31.1", "workday", 15),
        (SAMR, "report-told", "31.2", "workday", 5),
    ],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_keeps_the_terms_of_the_law(book, name, article, unit, days):
    clock = book.clock(name)
    assert (clock.article, clock.unit, clock.days) == (article, unit, days)
    assert clock.kind == "law"


@pytest.mark.parametrize(
    ("law", "name", "start", "due"),
    [
        ("cn-2022", "objection", date(2026, 2, 11), date(2026, 2, 25)),
        ("cn-2022", "objection", date(2025, 1, 24), date(2025, 2, 7)),
        ("cn-2022", "review-request", date(2026, 1, 16), date(2026, 2, 24)),
        ("cn-2005", "handling", date(2016, 3, 1), date(2016, 5, 3)),
        ("uk-housing-2024", "stage1-ack", date(2026, 12, 21), date(2026, 12, 30)),
        ("in-cpgrams-2024", "resolve", date(2026, 1, 5), date(2026, 1, 26)),  # Republic Day: nothing rolls
        ("in-cpgrams-2024", "appeal", date(2026, 7, 16), date(2026, 8, 15)),  # a Saturday, Independence Day
        ("cn-samr-2022", "accept", date(2026, 2, 11), date(2026, 2, 27)),  # 12, 13, 14; 24, 25, 26, 27 Feb
        ("cn-samr-2022", "report-told", date(2026, 4, 29), date(2026, 5, 9)),  # a Saturday that is worked
    ],
)
def test_reckons_a_deadline_of_each_law(law, name, start, due):
    assert reckon(LAWS[law].clock(name).term(), start, CALENDARS[law]).due == due


def test_2005_has_no_term_to_object_and_says_why():
    with pytest.raises(NoSuchRule) as caught:
        CN05.clock("objection")
    assert caught.value.refused
    assert "23.3" in caught.value.reason.en
    assert "二十三条" in caught.value.reason.zh


def test_an_unknown_clock_is_a_slip_and_names_those_there_are():
    with pytest.raises(NoSuchRule, match="sort, notice, objection") as caught:
        CN22.clock("objektion")
    assert not caught.value.refused


def test_an_unknown_rulebook_names_those_there_are():
    with pytest.raises(NoSuchRule, match=r"cn-2005, cn-2022, .*uk-housing-2024"):
        rulebook.by_id("cn-2023")


def test_the_version_in_force_is_that_of_the_day():
    for day, law in (
        (date(2005, 5, 1), "cn-2005"),
        (date(2022, 4, 30), "cn-2005"),
        (date(2022, 5, 1), "cn-2022"),
        (date(2100, 1, 1), "cn-2022"),
    ):
        assert rulebook.in_force("cn", day).id == law
    with pytest.raises(NoSuchRule, match="2005-04-30"):
        rulebook.in_force("cn", date(2005, 4, 30))
    with pytest.raises(NoSuchRule):
        rulebook.in_force("fr", date(2026, 1, 1))


def test_versions_of_one_law_follow_without_gap_or_overlap():
    for one, other in pairwise(rulebook.all_rulebooks()):
        if one.jurisdiction == other.jurisdiction:
            assert one.in_force_until is not None
            assert other.in_force_from == one.in_force_until + timedelta(days=1)


@laws
def test_a_file_is_named_by_its_id_and_its_folder_by_its_jurisdiction(book):
    home = rulebook.FOLDER / book.jurisdiction
    assert (home / f"{book.id}.toml").is_file() or (home / book.id / "law.toml").is_file()
    assert calendar.load(book.calendar).name == book.calendar


def test_the_legal_day_is_that_of_the_law_and_not_of_the_machine():
    moment = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert legal_day(moment, CN22) == date(2026, 3, 2)
    assert legal_day(moment, UK) == date(2026, 3, 1)
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert legal_day(summer, UK) == date(2026, 7, 2)
    assert legal_day(summer.astimezone(timezone(timedelta(hours=-9))), UK) == date(2026, 7, 2)
    with pytest.raises(ValueError, match="time zone"):
        legal_day(datetime(2026, 3, 1), CN22)


# ---- what a law must not leave out


@laws
def test_everything_that_people_read_is_in_both_languages(book):
    said = [book.title, *book.absent.values(), *book.articles.values()]
    said += [text for state in book.states.values() for text in (state.text, state.explain)]
    said += [clock.text for clock in book.clocks.values()]
    said += [text for row in book.rows for text in (row.text, row.past)]
    said += [content.text for row in book.rows for content in row.contents]
    said += [choice.text for choices in book.choices.values() for choice in choices]
    for text in said:
        assert text.zh.strip(), text
        assert text.en.strip(), text
        assert any("\u4e00" <= c <= "\u9fff" for c in text.zh), text
        assert not any("\u4e00" <= c <= "\u9fff" for c in text.en), text
        assert not any(mark in text.zh for mark in ",;:?!"), f"half-width punctuation: {text.zh}"


@laws
def test_every_right_of_the_author_is_in_every_law(book):
    """Charter 3: lodge, add, withdraw and take it back, rate; each open state lets one add and withdraw."""
    theirs = {row.verb for row in book.rows if "author" in row.by}
    assert theirs >= {"lodge", "add-information", "rate", "request-withdrawal", "revoke-withdrawal"}
    for name, state in book.states.items():
        if state.open:
            for verb in ("add-information", "request-withdrawal", "revoke-withdrawal"):
                assert any(book.covers(name, row) for row in book.rows_of(verb)), (name, verb)


@laws
def test_only_the_author_withdraws_asks_for_review_and_confirms(book):
    for row in book.rows:
        if row.verb in {
            *("challenge", "request-review", "request-rereview", "rate"),
            *("request-withdrawal", "revoke-withdrawal", "confirm-carried-out", "dispute-carried-out"),
        }:
            # That they asked, an older system may tell of a case that was open there (decision 0096).
            assert row.by - ({"importer"} if row.verb == "request-review" else set()) == {"author"}, row.verb


@laws
def test_the_house_breaches_lapses_and_withdraws_by_itself(book):
    for row in book.rows:
        if row.verb in {"breach", "lapse", "recompute", "withdraw"}:
            assert row.by == {"clerk"}
        if row.verb == "dispatch":
            assert row.by == {"courier"}
    for verb in ("breach", "recompute", "dispatch"):
        assert all(book.covers(state, book.rows_of(verb)[0]) for state in book.states), verb


@laws
def test_every_term_whose_end_is_a_breach_or_lapse_is_watched(book):
    lapses = {guard.partition(":")[2] for row in book.rows_of("lapse") for guard in row.guards}
    for clock in book.clocks.values():
        if clock.on_due == "lapse":
            assert clock.name in lapses
        # One of several of its name is met by what that task or that body did, not by a row of its own.
        met = clock.name in {CARRY_OUT, "contribution"} or any(
            {clock.name, clock.beside} & {*row.meets} for row in book.rows
        )
        assert met, f"no move ever meets {clock.name}"


@laws
def test_whoever_looks_again_is_somebody_else(book):
    """Charter 6, arts. 35 and 36: every step of a review, and of a look at a refusal, is by other people."""
    for row in book.rows:
        again = row.sources & {"review-requested", "review-issued", "rereview-requested", "rereview-issued"}
        again |= row.sources & {"challenged"}
        if again and row.by & {"reviewer", "supervisor", "registrar"} and "*" not in row.sources:
            assert "different-person" in row.guards, (row.verb, again)


@pytest.mark.parametrize("book", [CN05, CN22], ids=lambda book: book.id)
def test_a_hearing_stops_no_term_but_the_rereview(book):
    assert {row.pauses for row in book.rows} == {(), ("rereview",)}
    assert {row.resumes for row in book.rows} == {(), ("rereview",)}


@laws
def test_refusals_give_reasons_and_an_address(book):
    for verb in ("decline", "divert"):
        for row in book.rows_of(verb):
            assert {"reasons", "redirect"} <= {c.name for c in row.contents if c.required}


def test_no_law_asks_whether_the_author_promises_anything():
    """Charter 3: neither closing nor payment asks for a promise not to petition; charter 1: no attitudes."""
    asked = {content.name for book in LAWS.values() for row in book.rows for content in row.contents}
    assert asked == {
        *("actions", "adoption", "basis", "body", "channel", "clock", "comment", "comparison", "days"),
        "difficulty",
        *("definition", "escalation", "facts", "ground", "grounds", "information", "note", "officer"),
        "key_way",
        *("old_system", "old_number", "old_documents"),  # where an open case comes from, and its file there
        *("ombudsman", "outcome", "pressed", "prior", "purpose", "rating", "reasons", "redirect", "remedy"),
        *("reply", "report", "request", "review_outcome", "route", "served_on", "term", "view", "way"),
        "publication_text",
        *("parts", "sorting", "aided", "reported", "own_law", "own_term", "done", "law_remedy"),
        *(
            "fits",
            "checked",
            "point",
            "coming",
            "presenter",
            "danger",
            "danger_place",
            "can_avert",
            "measures",
        ),
        *("how_far", "task", "tasks", "letter", "delivered_on", "delivery"),
        *("message", "message_back"),
        *("handed", "conflict_words", "kept_order", "kept_until", "demand_what"),
        *("demand_authority", "demand_instrument", "demand_article", "demand_date", "demand_number"),
        *("parts", "words", "problem", "agreement", "filing", "result", "signatures"),
        *("share", "contribution"),
        *("partner_ref", "partner_on", "partner_refusal", "partner_step", "recall_outcome"),
        *("laboratory", "test_terms", "test_result", "others_agreed"),
        *("hearing_on", "hour", "hearing_place", "openness", "seats", "hearing_minutes", "author_side"),
        *("conclusion", "requests", "answers", "findings", "remark", "remark_later", "redo_by"),
        *("mediator", "mediation_record", "clauses", "needed", "answer_by", "expert", "question"),
        *("expert_result", "recusal_ground"),
        *("meet_on", "meet_at", "meet_place", "official", "met_on", "present", "said", "follow_up"),
        *("instruction", "act_by", "leader", "plan", "progress", "minutes", "decision"),
        *("addressee", "correction", "evasion", "finding", "required", "supervision_result"),
    }, "a new content: does it ask for something that the charter forbids?"


@laws
def test_the_opinion_states_what_the_law_requires(book):
    asked = [c for row in book.rows_of("issue-opinion") for c in row.contents if c.required]
    required = {c.name for each in asked for c in (each.columns or (each,)) if c.required}
    assert (
        required
        == {
            "cn": {"request", "facts", "view", "basis", "outcome"},
            "uk-housing": {"definition", "outcome", "reasons", "remedy", "actions", "escalation"},
            "in-cpgrams": {"facts", "view", "basis", "outcome"},
            "cn-samr": {"result", "filing", "reasons"},
        }[book.jurisdiction.removesuffix("-zj").removesuffix("-bj")]
    )


@laws
def test_extensions_need_a_reason_and_stay_within_their_term(book):
    for row in book.rows_of("extend"):
        said = {content.name: content for content in row.contents}
        assert said["reasons"].required
        assert said["days"].most == book.clock(row.starts[0]).days
        assert "not-extended" in row.guards


@laws
def test_the_words_of_the_cast_fit_the_law(book):
    assert set(WORDS[book.jurisdiction]) <= set(VERBS)
    assert all(row.by <= ROLES for row in book.rows)
    assert {role for row in book.rows for role in row.by} >= AUTOMATIC_ROLES - {"importer"}


def test_a_grievance_in_india_is_never_closed_as_not_pertaining():
    """The memorandum of 2024: it is transferred instead."""
    codes = {choice.code for choice in INDIA.choices["grounds"]}
    assert codes == {
        *("rti", "sub-judice", "religious", "suggestion", "service-matter"),
        *("private-dispute", "state-relations"),
    }
    for state in ("lodged", "registered", "transferred"):
        assert any(INDIA.covers(state, row) for row in INDIA.rows_of("transfer"))


def test_a_move_that_stops_a_clock_says_why_that_time_is_not_counted():
    for book in LAWS.values():
        for row in book.rows:
            assert not row.pauses or row.verb in PAUSES


def test_a_text_is_said_in_the_language_asked_for():
    text = Text("第{n}条：{what}", "article {n}: {what}").format(n=34, what=Text("办理", "handling"))
    assert (text.say("zh-hans"), text.say("en"), str(text)) == (
        "第34条：办理",
        "article 34: handling",
        "article 34: handling",
    )
    assert text.say("de") == text.en
    assert replace(text, zh="x").say("ZH") == "x"


def test_existing_aid_is_offered_where_the_law_speaks_of_it():
    """Art. 37.2 of the regulation; a landlord's or a market regulator's rules know no such aid."""
    offered = {book.id for book in LAWS.values() if book.carries_out("page:petitioner:relief")}
    assert offered == {"cn-2022", "cn-zj-2022", "cn-bj-2022"}


@laws
def test_of_each_class_that_can_be_lodged_the_law_or_the_house_says_how_long_it_is_kept(book):
    for kind in book.lodged_kinds:
        rule = book.retention[kind]
        assert 0 < rule.years <= 30
        assert rule.article in book.articles
        assert rule.text.zh
        assert rule.text.en


def test_a_class_that_no_line_names_is_told_to_whoever_edits_the_law():
    book = replace(CN22, retention={})
    told = {key for key, _words in lawadvice.advice(book)}
    assert {f"retention.{kind}" for kind in book.lodged_kinds} <= told
