"""A body has two lines upward, its government's and its sector's; an author may choose (arts. 35, 36.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import procedure
from huiyin.core.case import Body, Case, Move
from huiyin.core.refusal import Refusal
from tests.core.cast import BUREAU, CN05, CN22, COUNTY, OFFICE, PETRA, clock, situation

TODAY = date(2026, 3, 2)

CITY_BUREAU = Body("city-bureau", "organ", ("city",))
OURS = replace(BUREAU, beside=("city-bureau",))
BOTH = (COUNTY, CITY_BUREAU)
ASKS = {
    "request-review": ("opinion-served", "review-request"),
    "request-rereview": ("review-served", "rereview-request"),
    "challenge": ("declined", ""),
}


def standing(verb: str, holder: Body, **changes: Any) -> Case:
    state, term = ASKS[verb]
    clocks = (clock(term, TODAY),) if term else ()
    case = Case("R1", "cn", "claim", state, holder, senders=(OFFICE,), clocks=clocks)
    return replace(case, **changes)


def ask(verb: str, case: Case, named: Body | None = None, *, above=BOTH, law=CN22):
    """Ask for it and answer what `apply` answers."""
    around = situation(law.id, target=named, superiors=above, today=TODAY)
    said = {"body": named.code} if named else {}
    return procedure.apply(case, Move(verb, said), PETRA, around)


def test_whoever_names_none_goes_to_the_government_and_either_can_be_named():
    for verb in ASKS:
        case = standing(verb, OURS)
        assert ask(verb, case).case.holder == COUNTY
        assert ask(verb, case, CITY_BUREAU).case.holder == CITY_BUREAU
        assert ask(verb, case, COUNTY).case.holder == COUNTY


def test_no_other_body_can_be_named():
    for named in (OFFICE, OURS, Body("province", "organ")):
        made = ask("request-review", standing("request-review", OURS), named)
        assert isinstance(made, Refusal)
        assert made.code == "not-next-higher"
        assert set(made.fields) == {"body"}


def test_a_sector_body_that_a_report_is_about_is_no_choice():
    about = frozenset({"city-bureau"})
    case = standing("challenge", replace(OURS, beside=()), kind="report", accused=about)
    assert ask("challenge", case, CITY_BUREAU).code == "not-next-higher"
    assert ask("challenge", case).case.holder == COUNTY
    assert ask("challenge", case, above=(CITY_BUREAU,)).code == "accused-body"


def test_what_answers_to_it_on_either_line_answers_to_it():
    assert OURS.touched_by({"city-bureau"})
    assert OURS.touched_by({"county"})
    assert OURS.touched_by({"bureau"})
    assert not OURS.touched_by({"roads"})
    assert not COUNTY.touched_by({"city-bureau"})


def test_it_never_comes_back_to_whoever_handled_it():
    changed_tree = standing("request-rereview", COUNTY, handled_by="city-bureau", stage="review")
    assert ask("request-rereview", changed_tree, above=(CITY_BUREAU,)).code == "no-higher-body"


@st.composite
def two_lines(draw: st.DrawFn) -> dict[str, Body]:
    """Bodies in a tree of governments, some of them also below another body of their sector."""
    made: dict[str, Body] = {}
    for number in range(draw(st.integers(2, 9))):
        above = draw(st.sampled_from([None, *made.values()])) if made else None
        sector = draw(st.sampled_from([None, *made.values()])) if made else None
        chain = (above.code, *above.chain) if above else ()
        reached = [*([sector.code, *sector.answers_to] if sector else []), *(above.beside if above else ())]
        beside = tuple(code for code in dict.fromkeys(reached) if code not in chain)
        kind = draw(st.sampled_from(["office", "organ", "discipline"]))
        made[f"b{number}"] = Body(f"b{number}", kind, chain, beside=beside)
    return made


@settings(max_examples=200, deadline=None)
@given(tree=two_lines(), data=st.data())
def test_whoever_looks_at_it_next_is_another_body_above_and_never_the_accused(tree, data):
    """Both lines, any tree, any name that is written into the request (charter 6)."""
    bodies = list(tree.values())
    holder, named = data.draw(st.sampled_from(bodies)), data.draw(st.sampled_from([None, *bodies]))
    lines = (holder.chain[:1], holder.beside[:1])
    above = tuple(tree[code] for line in lines for code in line)
    accused = frozenset(data.draw(st.sets(st.sampled_from(sorted(tree)), max_size=2)))
    verb, law = data.draw(st.sampled_from(sorted(ASKS))), data.draw(st.sampled_from([CN22, CN05]))
    kind = data.draw(st.sampled_from(["claim", "report"]))
    case = standing(verb, holder, kind=kind, accused=accused if kind == "report" else frozenset())
    made = ask(verb, case, named, above=above, law=law)
    if isinstance(made, Refusal):
        return
    looks = made.case.holder
    assert looks in above
    assert named in (None, looks)
    assert looks.code in holder.answers_to
    assert holder.code not in looks.answers_to, "never one below"
    assert looks != holder
    assert not looks.touched_by(case.accused)
