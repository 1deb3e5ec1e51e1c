"""Asking once more before what cannot be undone, on a page of its own: no script is needed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from huiyin.doors.officer.door import DeskRequest, page

SURE = "sure"  # of the form: the question was read and answered


@dataclass(frozen=True, slots=True)
class Sure:
    """The question: what would be done, to whom or what, and what of it cannot be undone."""

    title: Any
    whose: Any
    text: Any
    button: Any


def ask(request: DeskRequest, sure: Sure, back: str) -> HttpResponseBase | None:
    """The page that asks; None once it was answered. What was sent is sent again with the answer."""
    if SURE in request.POST:
        return None
    said = [(name, each) for name, every in request.POST.lists() for each in every]
    said = [(name, value) for name, value in said if name != "csrfmiddlewaretoken"]
    return page(request, "sure.html", {"sure": sure, "back": back, "said": said})
