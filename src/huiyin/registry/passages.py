"""Templates that a body keeps for what its officers write often, with places for the petition's facts.

A template is text for one field of one move. Its places are filled when somebody puts it into the form, from
the petition's dates, bodies and law, and of its words the subject and the requests alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.rulebook import Row, Rulebook
from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.registry.bodies import Body

if TYPE_CHECKING:
    from huiyin.registry.models import Petition

TITLE_LENGTH, TEXT_LENGTH = 60, 5000
LONG = 200  # characters: a field that takes no more is written faster than chosen for
PLACE = re.compile(r"\{([^{}]*)\}")
# What can be filled in: its code, which an English template says too, and its name in both languages.
PLACES: dict[str, Text] = {
    "reference": Text("编号", "reference of the petition"),
    "subject": Text("事项", "what it is about, in one line"),
    "requests": Text("诉求", "what is asked for, one by one"),
    "lodged": Text("提出日期", "day on which it was lodged"),
    "today": Text("今天", "today's date"),
    "due": Text("到期日", "next day on which the body must have acted"),
    "body": Text("本单位", "the body that has it"),
    "phone": Text("本单位电话", "telephone of that body"),
    "officer": Text("经办人", "who puts it in"),
    "law": Text("法规", "title of the law that decides"),
    "article": Text("条款", "article of the step, as it is cited"),
}
_BY_NAME = {name: code for code, text in PLACES.items() for name in (code, text.zh)}


class Passage(models.Model):
    """One template of one body."""

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    verb = models.CharField(max_length=32)
    content = models.CharField(max_length=32)  # the field that it is text for
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("what it is called in the list"), max_length=TITLE_LENGTH)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)

    class Meta:
        ordering: ClassVar[list[str]] = ["verb", "title"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "verb", "title", "language"], name="passage_once")
        ]

    def __str__(self) -> str:
        return self.title


def fields_of(row: Row) -> dict[str, Text]:
    """The long texts that a move says, those of its rows too: name -> what it is called."""
    every = (each for content in row.contents for each in (content, *content.columns))
    return {each.name: each.text for each in every if each.type == "text" and each.most > LONG}


def writable(book: Rulebook) -> dict[tuple[str, str], Text]:
    """What templates may be for under this law: (move, field) -> both in words. Moves of officers alone."""
    found: dict[tuple[str, str], Text] = {}
    for row in book.rows:
        if "author" in row.by or "clerk" in row.by:
            continue
        for name, text in fields_of(row).items():
            found.setdefault((row.verb, name), Text(f"{row.text.zh}：{text.zh}", f"{row.text.en}: {text.en}"))
    return found


def wrong_places(text: str) -> list[str]:
    """What stands in braces and is no place that can be filled; a brace without its other half, too."""
    unknown = [name for name in PLACE.findall(text) if name.strip() not in _BY_NAME]
    return unknown + re.findall(r"[{}]", PLACE.sub("", text))


@dataclass(frozen=True, slots=True)
class Around:
    """What a template is filled from, beside the petition."""

    today: date
    officer: str
    subject: str  # as this officer may read it
    law: Text
    article: Text


def fill(passage: Passage, petition: Petition, around: Around) -> str:
    """The text with the petition's facts in it, in the language of the template."""
    facts = _facts(petition, around)

    def put(found: re.Match[str]) -> str:
        code = _BY_NAME.get(found.group(1).strip())
        return facts[code].say(passage.language) if code else found.group()

    return PLACE.sub(put, passage.text)


def _facts(petition: Petition, around: Around) -> Mapping[str, Text]:
    def same(value: Any) -> Text:
        return Text(str(value), str(value))

    due = petition.next_due
    return {
        "reference": same(petition.ref),
        "subject": same(around.subject),
        "requests": Text("；".join(petition.requests), "; ".join(petition.requests)),
        "lodged": Text.of_day(law.at(petition.lodged_at, petition.jurisdiction)[1]),
        "today": Text.of_day(around.today),
        "due": Text.of_day(due) if due else Text("（无期限）", "(no term)"),
        "body": petition.holder.name,
        "phone": same(petition.holder.phone),
        "officer": same(around.officer),
        "law": around.law,
        "article": around.article,
    }
