"""Each effect changes what it is for, and nothing beside it."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from huiyin.core.case import Case
from huiyin.core.effects import EFFECTS, SUPPORTING
from huiyin.core.vocabulary import EFFECTS as WORDS
from tests.core.cast import BUREAU, COUNTY, OFFICE, ROADS, case, clock, situation

TODAY = date(2026, 3, 2)


def after(effect: str, standing: Case, said: dict[str, Any] | None = None, **around: Any) -> dict[str, Any]:
    """What is different afterwards."""
    made = EFFECTS[effect](standing, said or {}, situation(today=TODAY, **around))
    names = [field.name for field in fields(Case)]
    return {n: getattr(made, n) for n in names if getattr(made, n) != getattr(standing, n)}


def test_every_effect_has_a_test_of_its_name_and_a_place_in_the_vocabulary():
    assert set(EFFECTS) == WORDS
    for name in WORDS:
        assert f"test_{name.replace('-', '_')}" in globals(), f"no test for the effect {name}"


def test_to_target():
    standing = case(officer="otto")
    changed = after("to-target", standing, target=ROADS)
    assert changed == {"holder": ROADS, "senders": (OFFICE, BUREAU), "officer": ""}


def test_to_superior():
    standing = case(officer="otto")
    changed = after("to-superior", standing, superior=COUNTY)
    assert changed == {"holder": COUNTY, "senders": (OFFICE, BUREAU), "officer": ""}


def test_back_to_sender():
    standing = case(senders=(COUNTY, OFFICE), officer="otto")
    changed = after("back-to-sender", standing)
    assert changed == {"holder": OFFICE, "senders": (COUNTY,), "other": BUREAU, "officer": ""}


def test_back_to_receiver():
    standing = case(holder=OFFICE, senders=(), other=BUREAU)
    changed = after("back-to-receiver", standing)
    assert changed == {"holder": BUREAU, "senders": (OFFICE,), "other": None}


def test_back_and_back_again_is_where_it_was():
    standing = case()
    back = EFFECTS["back-to-sender"](standing, {}, situation())
    assert EFFECTS["back-to-receiver"](back, {}, situation()) == standing


def test_take_up():
    assert after("take-up", case(handled_by="")) == {"handled_by": "bureau"}


def test_file_parts():
    assert after("file-parts", case()) == {}, "the parts are petitions of their own"


def test_set_class():
    assert after("set-class", case(kind="suggestion"), {"sorting": "court"}) == {"kind": "claim"}
    assert after("set-class", case(), {"sorting": "suggestion"}) == {"kind": "suggestion"}


def test_make_report():
    named = after("make-report", case(), {"reported": ["roads"]}, about=frozenset({"bureau"}))
    assert named == {"kind": "report", "accused": frozenset({"roads", "bureau"})}
    assert after("make-report", case()) == {"kind": "report"}


def test_promise():
    assert after("promise", case(remedy="promised")) == {"remedy": "due"}
    for remedy in ("", "due", "reported", "confirmed", "disputed"):
        assert after("promise", case(remedy=remedy)) == {}


@pytest.mark.parametrize("outcome", sorted(SUPPORTING))
def test_an_opinion_that_gives_something_promises_it(outcome):
    name = "outcome" if outcome.startswith("support") else "review_outcome"
    assert after("set-issued", case(), {name: outcome})["remedy"] == "promised"
    assert after("set-issued", case(remedy="confirmed"), {name: outcome})["remedy"] == "promised"
    assert "remedy" not in after("set-issued", case(remedy="due"), {name: outcome})


def test_set_issued():
    assert after("set-issued", case(), {"outcome": "explain"}) == {"issued_on": TODAY}
    assert after("set-issued", case(), {"review_outcome": "uphold"}) == {"issued_on": TODAY}
    assert after("set-issued", case(), {"reply": "imported"}) == {"issued_on": TODAY}


def test_mark_remedy_reported():
    assert after("mark-remedy-reported", case(remedy="due")) == {"remedy": "reported"}


def test_mark_remedy_confirmed():
    assert after("mark-remedy-confirmed", case(remedy="reported")) == {"remedy": "confirmed"}


def test_mark_remedy_disputed():
    assert after("mark-remedy-disputed", case(remedy="reported")) == {"remedy": "disputed"}


def test_start_withdrawal():
    assert after("start-withdrawal", case()) == {"withdrawing": True}


def test_stop_withdrawal():
    assert after("stop-withdrawal", case(withdrawing=True)) == {"withdrawing": False}
    assert after("stop-withdrawal", case()) == {}


def test_open_hearing():
    assert after("open-hearing", case()) == {"hearing_since": TODAY}


def test_close_hearing():
    assert after("close-hearing", case(hearing_since=TODAY)) == {"hearing_since": None}


def test_miss_named_clock():
    first, second = clock("notice", TODAY), clock("notice", TODAY, seq=2)
    standing = case(clocks=(first, second))
    assert after("miss-named-clock", standing, {"clock": "notice"})["clocks"] == (
        first,
        replace(second, state="missed"),
    )
    assert after("miss-named-clock", standing, {"clock": "notice/1"})["clocks"][0].state == "missed"
    assert after("miss-named-clock", standing, {"clock": "handling"}) == {}


def test_recompute_named_clock():
    stale = clock("handling", date(2026, 2, 27))
    changed = after("recompute-named-clock", case(clocks=(stale,)), {"clock": "handling"})["clocks"][0]
    assert changed == stale.reckoned(situation().calendar, TODAY)
    assert changed.due == date(2026, 3, 2)
    assert changed.start == stale.start


def test_entrust():
    assert after("entrust", case(), {"officer": "otto"}) == {"officer": "otto"}
