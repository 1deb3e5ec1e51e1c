"""What one installation tells the next of an open case, so that what comes in can be held against it.

Where it stands and which terms run, as words of one cell; and the documents that were served, each with the
digest of what is told of it. Whoever takes the case over reckons for themselves and compares (decision 0105).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from huiyin.core.text import Text
from huiyin.registry.models import Clock, Petition

DIGEST = "sha256"
WORDS = ("before", "parts", "closing")


class Altered(ValueError):
    """Documents that are not what was told on; the argument is the title of one, '' if none can be read."""


def stands(state: str, holder: str) -> str:
    """State, and the code of the body that has it."""
    return f"{state} {holder}"


def terms(live: Iterable[tuple[str, date]]) -> str:
    """The terms that are not over for good: name and last day."""
    return " ".join(f"{name}={due.isoformat()}" for name, due in sorted(live))


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document's JSON: keys sorted, no blanks, UTF-8, without the digest itself."""
    bare = {name: said for name, said in document.items() if name != DIGEST}
    said = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def documents(cell: str, language: str) -> list[dict[str, str]]:
    """The rows of `old_documents`, in the language of the case. Raises Altered."""
    try:
        found = json.loads(cell) if cell else []
        if not isinstance(found, list):
            raise TypeError
        return [_document(each, "en" if language == "en" else "zh") for each in found]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise error if isinstance(error, Altered) else Altered("") from error


def _document(said: Mapping[str, Any], tongue: str) -> dict[str, str]:
    title = str(said["title"][tongue])
    if digest(said) != said[DIGEST]:
        raise Altered(title)
    words = "\n\n".join(paragraph[tongue] for part in WORDS for paragraph in said[part])
    name = f"{title} {said['number']}".strip()
    return {
        "document_title": name,
        "document_day": date.fromisoformat(said["on"]).isoformat(),
        "document_words": words,
        "document_digest": said[DIGEST],
    }


def difference(petition: Petition, clocks: Iterable[Clock], stood: str, ran: str, today: date) -> Text | None:
    """What is otherwise here than it was told; None where it comes out the same, or nothing was told.

    A term that ran there has to run here with the same last day. One that only this house finds has to be
    over: there a step met it, too late, which is told by no column.
    """
    here = stands(petition.state, petition.holder.code)
    if stood and here != stood:
        return Text(
            f"stands：在那里是 {stood}，按这些日期在这里是 {here}；中间有清单说不了的步骤，请逐件录入",
            f"stands: there it is {stood}, by these days here {here}: it went through steps that no list "
            "tells. Enter it by hand",
        )
    if not stood and not ran:
        return None
    told = set(ran.split())
    live = [(each.name, each.due) for each in clocks if each.ended is None and not each.carried_by]
    ours = set(terms(live).split())
    more = set(terms(each for each in live if each[1] >= today).split()) - told
    if told <= ours and not more:
        return None
    there, found = " ".join(sorted(told - ours)) or "—", " ".join(sorted(more | (ours - told))) or "—"
    return Text(
        f"terms：期限不一致，那里 {there}，这里 {found}；请核对日期，或者逐件录入",
        f"terms: they come out otherwise, there {there}, here {found}: look the days up, or enter it by hand",
    )
