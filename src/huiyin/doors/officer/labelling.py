"""A warning before words that label a person go on record: reworded, or kept knowingly. Never a block.

What an officer writes is read by the petitioner, and says what happened; what somebody is like is nobody's to
record (charter 1).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from huiyin.reading import labels
from huiyin.site.forms import MoveForm

KEPT = "kept_words"  # the words that the writer looked at and kept


def written(form: MoveForm) -> Iterator[str]:
    """Every text that the officer wrote here. What the petitioner asked for is theirs, and is left alone."""
    texts = {content.name for content in form.row.contents if content.type == "text"}
    typed = form.typed
    yield from (str(typed[name]) for name in texts if name in typed)
    for name, rows in form.rows.items():
        columns = next(content.columns for content in form.row.contents if content.name == name)
        asked = {column.name for column in columns if column.type == "text"}
        for each in rows:
            theirs = {"request"} if each.settled else set()
            yield from (str(each[column].value() or "") for column in asked - theirs)


def unconfirmed(request: HttpRequest, form: MoveForm) -> tuple[str, ...]:
    """The words that label somebody and that the writer has not kept knowingly."""
    words = labels.found("\n".join(written(form)))
    return () if ", ".join(words) == request.POST.get(KEPT) else words
