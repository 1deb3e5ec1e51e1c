"""What is kept of other petitions on the same matter, and who above may see this one."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.case import Case, Situation
from huiyin.core.effects.shape import Effect, Said


def _keep_prior(case: Case, said: Said, situation: Situation) -> Case:
    # So that the author can be shown the clock of that petition, and act when it has run out (art. 19.3).
    named = said.get("prior") if said["ground"] == "being-handled" else None
    return replace(case, marks={**case.marks, "refused-for": named}) if named else case


def _show_superior(case: Case, said: Said, situation: Situation) -> Case:
    """Nothing changes on the case: the registry lets the body above and the joint conference see it."""
    return case


EFFECTS: dict[str, Effect] = {"keep-prior": _keep_prior, "show-superior": _show_superior}
