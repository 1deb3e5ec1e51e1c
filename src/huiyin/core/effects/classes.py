"""Which class a petition is of: suggestion, claim, or, with those it is about kept out, report."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said


def _set_class(case: Case, said: Said, situation: Situation) -> Case:
    # Everything else is a route of a claim (art. 31). A report is made by a move of its own.
    return replace(case, kind="suggestion" if said["sorting"] == "suggestion" else "claim")


def _make_report(case: Case, said: Said, situation: Situation) -> Case:
    return replace(case, kind="report", accused=situation.about | frozenset(said.get("reported", ())))


EFFECTS: dict[str, Effect] = {"set-class": _set_class, "make-report": _make_report}
