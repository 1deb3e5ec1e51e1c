"""Going on with the form of a move where one left it: on another machine, after a closed tab."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext

from huiyin.core.rulebook import Row
from huiyin.core.seal import SealBroken
from huiyin.doors.officer.door import DeskRequest
from huiyin.registry import unfinished
from huiyin.registry.models import Petition
from huiyin.registry.unfinished import Unfinished
from huiyin.vault.keys import KeyRefused
from huiyin.vault.unseal import NothingSealed, open_file

KEEP, DISCARD = "keep", "discard"
BY_SCRIPT = "X-Keep"  # a header: the page stays as it is, and nobody reads an answer


def set_aside(
    request: DeskRequest, petition: Petition, verb: str, step: str | None, said: unfinished.Pairs
) -> HttpResponseBase | None:
    """Keep or discard what stands in the form, if that was the button; None for any other."""
    if step == DISCARD:
        unfinished.drop(petition, request.officer, verb)
        messages.success(request, gettext("Your draft is discarded. Nothing else was changed."))
        return redirect(request.get_full_path())
    return _keep(request, petition, verb, said) if step == KEEP else None


def _keep(request: DeskRequest, petition: Petition, verb: str, said: unfinished.Pairs) -> HttpResponseBase:
    """Keep what stands in the form; nothing is judged, for it is not sent."""
    done = unfinished.save(petition, request.officer, verb, said, request.now)
    if BY_SCRIPT in request.headers:
        return HttpResponse(status=204 if done else 413)
    if done:
        messages.success(
            request, gettext("Your draft is saved, for you alone. It waits here until you make the step.")
        )
    else:
        messages.error(request, gettext("This is longer than the form takes. Shorten it, then save again."))
    return redirect(request.get_full_path())


def left(request: DeskRequest, petition: Petition, row: Row) -> tuple[Unfinished, QueryDict] | None:
    """What this officer left in the form, as it was posted; None where the address brings something else."""
    if request.method != "GET" or request.GET.keys() & {"version", *(c.name for c in row.contents)}:
        return None
    kept = unfinished.kept(petition, request.officer, row.verb)
    if kept is None:
        return None
    posted = QueryDict(mutable=True)
    for name, value in _said(kept):
        posted.appendlist(name, value)
    return (kept, posted) if posted else None


def words_left(request: DeskRequest, petition: Petition, verb: str) -> list[str]:
    """What was typed for a step that is not open any more, to be copied."""
    kept = unfinished.kept(petition, request.officer, verb)
    return [value for _, value in _said(kept) if len(value) > 1] if kept else []


def _said(kept: Unfinished) -> list[tuple[str, str]]:
    if kept.data_key is None:
        return [(name, value) for name, value in kept.said]
    try:
        told, _ = open_file(kept.data_key, bytes(kept.locked or b""), b"")
    except (NothingSealed, SealBroken, KeyRefused):
        return []
    return [(name, value) for name, value in json.loads(told[unfinished.SAID])]
