"""Which class a petition is of: suggestion, claim, or, with those it is about kept out, report."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Body, Case, Situation
from huiyin.core.effects.shape import Effect, Said

OBJECTION = "objection"


def _set_class(case: Case, said: Said, situation: Situation) -> Case:
    # Everything else is a route of a claim (art. 31). A report is made by a move of its own.
    return replace(case, kind="suggestion" if said["sorting"] == "suggestion" else "claim")


def _make_report(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, kind="report", accused=situation.about | frozenset(said.get("reported", ())))


def _add_accused(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, accused=case.accused | frozenset(said["reported"]))


def _move_away(case: Case, said: Said, situation: Situation) -> Case:
    """Take it from a body that it turns out to be about, and from all such that it came through.

    No clock stops and none starts anew; whoever was in charge is in charge no longer.
    """
    new = situation.elsewhere
    if new is None or not case.holder.touched_by(case.accused):
        return case
    # Whoever had it has nothing to object to any more. Every other term runs on.
    clocks = tuple(
        replace(clock, state="lapsed", ended=situation.today)
        if clock.name == OBJECTION and clock.is_live
        else clock
        for clock in case.clocks
    )
    left = tuple(body for body in case.senders if not body.touched_by(case.accused) and body.code != new.code)
    return replace(
        case,
        holder=new,
        officer="",
        other=None,
        senders=left,
        handled_by=new.code if case.handled_by else "",
        called=(),
        clocks=clocks,
        marks={name: value for name, value in case.marks.items() if name != "sent"},
        state=_state_with(new, case, situation),
    )


def _state_with(body: Body, case: Case, situation: Situation) -> str:
    """A report is handed over to a discipline or judicial body, and lies registered with any other."""
    if body.kind in {"discipline", "judicial"}:
        wanted = "handing-over"
    else:
        wanted = "lodged" if case.state == "lodged" else "registered"
    return wanted if wanted in situation.rulebook.states else case.state


EFFECTS: dict[str, Effect] = {
    "set-class": _set_class,
    "make-report": _make_report,
    "add-accused": _add_accused,
    "move-away": _move_away,
}
