"""The annual report of art. 41.1, as blocks in one language: what HTML, DOCX and PDF are made of.

It holds what bodies did and what is broken, and nothing about anybody who petitions. Where few stand in a
group, their number is not said. Each table says where its numbers come from: the public log, which anybody
reckons anew, or the record of the house, which an auditor can look into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from huiyin.core import notes
from huiyin.core.text import Text, on_paper
from huiyin.papers import annual_parts as parts
from huiyin.papers.annual_words import WORDS
from huiyin.papers.blocks import Block, Para, Table
from huiyin.papers.sheet import stamp
from huiyin.registry import faces, inclusion, law, yearly
from huiyin.registry.watched import Watched
from huiyin.site.templatetags.huiyin_words import day as said_day


@dataclass(frozen=True, slots=True)
class Report:
    """One report in one language. facts: what stands on its first page, label and value."""

    language: str
    year: int
    title: str
    organ: str
    made_on: date
    facts: tuple[tuple[str, str], ...]
    stamp: str
    blocks: tuple[Block, ...]
    words: Mapping[str, str]

    @property
    def name(self) -> str:
        """Of its files, without what says the form."""
        return f"huiyin-report-{self.year}-{'zh' if self.language.startswith('zh') else 'en'}"


def report(watched: Watched, year: int, now: datetime, language: str, *, organ: Text | None = None) -> Report:
    """Reckon it as of `now`. organ: who reports; nothing for the installation as a whole."""
    language = on_paper(language)
    today = law.at(now)[1]
    with translation.override(language):
        face = faces.shown()
        whose = organ or (face.name if face else Text(settings.ORIGIN, settings.ORIGIN))
        words = {name: text.say(language) for name, text in WORDS.items()}
        return Report(
            language,
            year,
            WORDS["title"].format(year=year).say(language),
            whose.say(language),
            today,
            tuple(_facts(words, year, today)),
            stamp(language),
            tuple(_blocks(parts.Source(watched, year, language, yearly.of_watched(watched, year)))),
            words,
        )


def _facts(words: Mapping[str, str], year: int, today: date) -> Iterator[tuple[str, str]]:
    yield words["period"], f"{said_day(date(year, 1, 1))} – {said_day(date(year, 12, 31))}"
    yield words["made"], said_day(today) + (words["running"] if year == today.year else "")
    published = inclusion.published()
    yield (
        words["log"],
        words["no_log"]
        if published is None
        else words["log_head"].format(origin=settings.ORIGIN, size=published.tree.size),
    )


def _blocks(source: parts.Source) -> Iterator[Block]:
    published = inclusion.published()
    for part in (
        parts.in_short,
        parts.lodged,
        parts.bodies,
        parts.sent_on,
        parts.proposals,
        parts.problems,
        parts.measured_ones,
        parts.extended_ones,
        parts.assessed_ones,
        parts.method,
    ):
        yield from part(source)
    if published is not None:
        root = notes.base64_of(published.tree.root)
        yield Para(source.say(WORDS["head"].format(size=published.tree.size, root=root)))


def tables(report: Report) -> Iterator[Table]:
    """Its tables, in order."""
    yield from (block for block in report.blocks if isinstance(block, Table))
