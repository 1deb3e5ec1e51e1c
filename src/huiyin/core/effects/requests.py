"""What the author asks for, as a list: made by the officer who takes it up, and never shortened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huiyin.core.case import Case, Situation, same_words
from huiyin.core.effects.shape import Effect, Said


def _with(case: Case, asked: Iterable[str]) -> Case:
    listed = list(case.requests)
    for request in asked:
        if not any(same_words(request, known) for known in listed):
            listed.append(request)
    return replace(case, requests=tuple(listed))


def _list(case: Case, said: Said, situation: Situation) -> Case:
    # Whoever takes a petition up may list them then, or later.
    return _with(case, (line["request"] for line in said.get("requests", ())))


def _add(case: Case, said: Said, situation: Situation) -> Case:
    return _with(case, [said["request"]])


EFFECTS: dict[str, Effect] = {"set-out-requests": _list, "add-request": _add}
