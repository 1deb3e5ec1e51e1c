"""Each effect changes what it is for, and nothing beside it."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from huiyin.core.case import Case
from huiyin.core.conditions import EFFECTS as WORDS
from huiyin.core.effects import EFFECTS, SUPPORTING
from huiyin.core.tasks import Task
from tests.core.cast import BUREAU, CITY, COUNTY, OFFICE, ROADS, answers, case, clock, situation

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
    changed = after("to-superior", standing, superiors=(COUNTY,))
    assert changed == {"holder": COUNTY, "senders": (OFFICE, BUREAU), "officer": ""}


def test_back_to_sender():
    standing = case(senders=(COUNTY, OFFICE), officer="otto")
    changed = after("back-to-sender", standing)
    assert changed == {"holder": OFFICE, "senders": (COUNTY,), "other": BUREAU, "officer": ""}


def test_set_out():
    assert after("set-out", case(), target=ROADS) == {"other": ROADS}, (
        "until it is taken, it stays where it is"
    )


def test_arrive():
    changed = after("arrive", case(holder=OFFICE, senders=(), other=ROADS, officer="rita"))
    assert changed == {"holder": ROADS, "senders": (OFFICE,), "other": None, "officer": ""}


def test_stay():
    assert after("stay", case(other=ROADS)) == {"other": None}


def test_back_to_receiver():
    standing = case(holder=OFFICE, senders=(), other=BUREAU)
    changed = after("back-to-receiver", standing)
    assert changed == {"holder": BUREAU, "senders": (OFFICE,), "other": None}


def test_back_and_back_again_is_where_it_was():
    standing = case()
    back = EFFECTS["back-to-sender"](standing, {}, situation())
    assert EFFECTS["back-to-receiver"](back, {}, situation()) == standing


def test_back_to_handler():
    standing = case(holder=CITY, senders=(OFFICE, BUREAU, COUNTY), officer="viktor")
    assert after("back-to-handler", standing) == {"holder": BUREAU, "senders": (OFFICE,), "officer": ""}
    assert after("back-to-handler", case(handled_by="elsewhere")) == {}


def test_take_up():
    assert after("take-up", case(handled_by="")) == {"handled_by": "bureau"}


def test_file_parts():
    assert after("file-parts", case()) == {}, "the parts are petitions of their own"


def test_keep_prior():
    said = {"ground": "being-handled", "prior": "HY-1"}
    assert after("keep-prior", case(), said) == {"marks": {"refused-for": "HY-1"}}
    assert after("keep-prior", case(), {"ground": "not-competent", "prior": "HY-1"}) == {}
    assert after("keep-prior", case(), {"ground": "being-handled"}) == {}


def test_show_superior():
    assert after("show-superior", case()) == {}, "who may see it is for the registry"


def test_set_class():
    assert after("set-class", case(kind="suggestion"), {"sorting": "court"}) == {"kind": "claim"}
    assert after("set-class", case(), {"sorting": "suggestion"}) == {"kind": "suggestion"}


def test_make_report():
    named = after("make-report", case(), {"reported": ["roads"]}, about=frozenset({"bureau"}))
    assert named == {"kind": "report", "accused": frozenset({"roads", "bureau"})}
    assert after("make-report", case()) == {"kind": "report"}


def test_add_accused():
    assert after("add-accused", case(accused=frozenset({"roads"})), {"reported": ["bureau"]}) == {
        "accused": frozenset({"roads", "bureau"})
    }


def test_move_away():
    here = case(kind="report", accused=frozenset({"bureau"}), officer="otto", clocks=(clock("sort", TODAY),))
    moved = after("move-away", here, {}, elsewhere=OFFICE)
    assert moved == {"holder": OFFICE, "officer": "", "senders": (), "handled_by": "office"}, (
        "no clock changes"
    )
    assert after("move-away", here, {}) == {}, "there is nowhere to go: a guard has refused it before"
    assert after("move-away", case(kind="report", accused=frozenset({"roads"})), {}, elsewhere=OFFICE) == {}


def owing(*states: str, **changes: Any) -> Case:
    """A case with one task in each of these states."""
    made = tuple(Task(i, "remedy", "pay", "bureau", state=state) for i, state in enumerate(states, start=1))
    return case(tasks=made, **changes)


def stand(effect: str, standing: Case, said: dict[str, Any] | None = None) -> list[str]:
    """How the tasks stand afterwards; nothing beside them changes, but for the day of an opinion."""
    changed = after(effect, standing, said)
    assert set(changed) <= {"tasks", "issued_on"}
    return [task.state for task in changed.get("tasks", standing.tasks)]


LINES = [{"task_kind": "remedy", "task_what": "mend it", "task_due": "2026-04-01"}]


def test_promise():
    assert stand("promise", owing("promised", "promised")) == ["due", "due"]
    for state in ("due", "reported", "partly", "confirmed", "disputed"):
        assert stand("promise", owing(state)) == [state]


@pytest.mark.parametrize("outcome", sorted(SUPPORTING))
def test_an_opinion_that_gives_something_promises_it(outcome):
    said = {"outcome" if outcome.startswith("support") else "review_outcome": outcome}
    assert stand("set-issued", case(), said) == ["promised"]
    assert stand("set-issued", owing("confirmed"), said) == ["confirmed", "promised"]
    assert stand("set-issued", owing("due"), said) == ["due"]


def test_what_an_opinion_names_is_promised_line_by_line():
    said = {
        "outcome": "support",
        "tasks": [*LINES, {"task_kind": "site-check", "task_what": "look at the roof"}],
    }
    mended, looked = after("set-issued", case(), said)["tasks"]
    assert (mended.kind, mended.what, mended.body) == ("remedy", "mend it", "bureau")
    assert (mended.due, mended.state) == (date(2026, 4, 1), "promised")
    assert (looked.seq, looked.due) == (2, None)
    assert stand("set-issued", case(), {"outcome": "explain", "tasks": LINES}) == ["promised"]


def test_make_tasks():
    assert stand("make-tasks", owing("confirmed"), {"tasks": LINES}) == ["confirmed", "due"]
    assert after("make-tasks", case()) == {}
    changed = after("make-tasks", case(handled_by=""), {"tasks": LINES})
    assert (changed["handled_by"], changed["tasks"][0].body) == ("bureau", "bureau")


def test_ask_recusal():
    assert after("ask-recusal", case(officer="otto")) == {"marks": {"recusal-asked": True}}
    on_head = after("ask-recusal", case(officer="hanna"), head_in_charge=True)
    assert on_head == {"marks": {"recusal-upward": True}}, "on a head the body above decides"


def test_recuse_actor():
    changed = after("recuse-actor", case(officer="otto"), actor="otto")
    assert changed == {"recused": frozenset({"otto"}), "officer": ""}
    assert after("recuse-actor", case(officer="otto"), actor="vera") == {"recused": frozenset({"vera"})}


def test_recuse_in_charge():
    changed = after("recuse-in-charge", case(officer="otto"), actor="hanna")
    assert changed == {"recused": frozenset({"otto"}), "officer": ""}
    assert after("recuse-in-charge", case()) == {}


def test_hand_up():
    owed = (Task(1, "remedy", "", "bureau"), Task(2, "remedy", "", "roads"))
    standing = case(officer="otto", handled_by="bureau", tasks=owed)
    changed = after("hand-up", standing, superiors=(COUNTY,))
    theirs = (replace(owed[0], body="county"), owed[1])
    assert changed == {"holder": COUNTY, "officer": "", "handled_by": "county", "tasks": theirs}
    under_review = case(holder=COUNTY, handled_by="bureau", tasks=owed)
    assert after("hand-up", under_review, superiors=(CITY,)) == {"holder": CITY}


def test_propose_tasks():
    theirs = {"side": "author", "task_kind": "notice", "task_what": "bring the receipt"}
    said = {"clauses": [{"side": "body", **LINES[0]}, theirs]}
    assert stand("propose-tasks", case(), said) == ["promised"], "no task is ever the author's"


def test_drop_promised():
    assert stand("drop-promised", owing("due", "promised")) == ["due", "dropped"]
    assert after("drop-promised", owing("due")) == {}


def test_one_answer_among_several_that_gives_something_promises_it():
    said = {"answers": answers("a", outcome="explain") + answers("b", outcome="support")}
    assert stand("set-issued", case(), said) == ["promised"]
    assert stand("set-issued", case(), {"answers": answers("a", outcome="explain")}) == []


def test_set_out_requests():
    said = {"requests": [{"request": "a refund"}, {"request": "A refund."}, {"request": "an apology"}]}
    assert after("set-out-requests", case(), said) == {"requests": ("a refund", "an apology")}
    assert after("set-out-requests", case(), {}) == {}
    assert after("set-out-requests", case(requests=("the file",)), said)["requests"][0] == "the file"


def test_add_request():
    standing = case(requests=("a refund",))
    assert after("add-request", standing, {"request": "an apology"})["requests"] == ("a refund", "an apology")
    assert after("add-request", standing, {"request": " A  REFUND "}) == {}


def test_set_issued():
    assert after("set-issued", case(), {"outcome": "explain"}) == {"issued_on": TODAY}
    assert after("set-issued", case(), {"review_outcome": "uphold"}) == {"issued_on": TODAY}
    assert after("set-issued", case(), {"reply": "imported"}) == {"issued_on": TODAY}


def test_mark_remedy_reported():
    assert stand("mark-remedy-reported", owing("due", "partly", "confirmed"), {"note": "paid"}) == [
        *("reported", "reported", "confirmed")
    ]
    done, left = after("mark-remedy-reported", owing("due", "due"), {"note": "paid", "task": 1})["tasks"]
    assert (done.report, done.reported_on, left.state) == ("paid", TODAY, "due")


def test_mark_remedy_confirmed():
    assert stand("mark-remedy-confirmed", owing("reported", "due")) == ["confirmed", "due"]
    assert stand("mark-remedy-confirmed", owing("reported", "reported"), {"task": 2}) == [
        "reported",
        "confirmed",
    ]


def test_mark_remedy_disputed():
    for said, state in (({}, "disputed"), ({"how_far": "part"}, "partly"), ({"how_far": "none"}, "disputed")):
        assert stand("mark-remedy-disputed", owing("reported"), {"comment": "half", **said}) == [state]
    (told,) = after("mark-remedy-disputed", owing("reported"), {"comment": "half"})["tasks"]
    assert (told.answer, told.answered_on) == ("half", TODAY)


def test_the_task_that_is_farthest_from_done_says_how_a_petition_stands():
    for states, whole in (
        ((), ""),
        (("confirmed", "promised"), "promised"),
        (("confirmed", "reported"), "reported"),
        (("reported", "due"), "due"),
        (("due", "partly"), "disputed"),
        (("confirmed", "confirmed"), "confirmed"),
    ):
        assert owing(*states).remedy == whole


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


def test_unassign():
    assert after("unassign", case(officer="otto")) == {"officer": ""}


# ---- between bodies


def test_to_successor():
    owed = (Task(1, "remedy", "", "bureau"),)
    standing = case(officer="otto", tasks=owed, called=(("roads", 1),))
    changed = after("to-successor", standing, target=ROADS, succeeded="bureau")
    assert changed == {
        "holder": ROADS,
        "handled_by": "roads",
        "officer": "",
        "tasks": (replace(owed[0], body="roads"),),
    }
    sender = after("to-successor", case(), target=COUNTY, succeeded="office")
    assert sender == {"senders": (COUNTY,)}


def test_to_arbiter():
    changed = after("to-arbiter", case(officer="otto"), target=ROADS, arbiter=COUNTY)
    assert changed == {"holder": COUNTY, "senders": (OFFICE, BUREAU), "other": ROADS, "officer": ""}


def test_settle_dispute():
    assert after("settle-dispute", case(other=ROADS)) == {"other": None}


def test_call_in():
    standing = case(clocks=(clock("handling", TODAY),))
    assert after("call-in", standing, target=ROADS) == {"called": (("roads", 2),)}


def two_called_in(due: date) -> Case:
    clocks = (clock("contribution", due), clock("contribution", due, seq=2))
    return case(clocks=clocks, called=(("roads", 1), ("station", 2)))


def test_contribute():
    changed = after("contribute", two_called_in(TODAY), called_at=frozenset({"roads"}))
    assert [(c.state, c.ended) for c in changed["clocks"]] == [("met", TODAY), ("running", None)]


def test_go_on_without():
    late = two_called_in(date(2026, 3, 1))
    changed = after("go-on-without", late)
    assert [(c.state, c.ended) for c in changed["clocks"]] == [("missed", TODAY)] * 2
    assert after("go-on-without", two_called_in(TODAY)) == {}, "what is not late is waited for"
