"""Petitions with their replies, whole, and with what gives them away cut out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.reading import messages

_LODGED = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")
_AREA = re.compile(r"[A-Z]\d{0,2}[市县区州]")  # how the public data writes names of places
_OPENING = re.compile(r"^.{0,250}?如下\s*[：:，,。]?", re.DOTALL)
_GREETING = re.compile(r"^.{0,60}?[您你]好[^。！!：:，,]{0,12}[。！!：:，,]?", re.DOTALL)
_RECEIVED = re.compile(r"^[^。！!]{0,80}(?:收悉|知悉|收到|已阅)[。！!，,]?")
_QUOTED = re.compile(r"[“\"《‘'「【]([^”\"》’'」】]{3,120})[”\"》’'」】]")
_ASKING = re.compile(r"^(?:关于|反映|咨询|请求|投诉|建议|举报|请问|求助|再次)+")
_DATE = re.compile(
    r"(?:\d{2,4}|[二〇○零一三四五六七八九]{4}) ?[年./-] ?(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
    r"(?: ?[月./-] ?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3}) ?[日号]?)?)?|\d{1,2} ?月 ?\d{1,2} ?[日号]?"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A petition and the reply that it got."""

    id: str
    subject: str
    text: str
    reply: str
    lodged: date | None

    @property
    def petition(self) -> str:
        return f"{self.subject}\n{self.text}"

    @property
    def stripped(self) -> str:
        """The reply without salutation and opening, the quoted subject, and dates."""
        return stripped(self.subject, self.reply)


def read(folder: Path | None, least: int = 60, most: int = 1_000_000) -> list[Pair]:
    """Those of answered.csv whose reply has from `least` to `most` characters."""
    found = [
        Pair(
            row["id"],
            _clean(row["subject"]),
            _clean(row["text"]),
            _clean(row["reply"]),
            _day(row["lodged_at"]),
        )
        for row in messages.rows(folder, "answered.csv")
    ]
    return [pair for pair in found if least <= len(pair.reply) <= most]


def areas(pairs: list[Pair]) -> list[str]:
    """The names of counties and cities in the data, which a house knows from its bodies."""
    return sorted({name for pair in pairs for name in _AREA.findall(pair.petition + pair.reply)})


def stripped(subject: str, reply: str) -> str:
    opening = _OPENING.match(reply)
    left = reply[opening.end() :] if opening else _RECEIVED.sub("", _GREETING.sub("", reply))
    core = _ASKING.sub("", subject)
    for words in (subject, core, core.removesuffix("问题").removesuffix("的")):
        if len(words) >= 4:
            left = left.replace(words, "")
    pairs = {subject[i : i + 2] for i in range(len(subject) - 1)}

    def unless_subject(match: re.Match[str]) -> str:
        own = [match[1][i : i + 2] for i in range(len(match[1]) - 1)]
        return "" if sum(pair in pairs for pair in own) > 0.4 * len(own) else match[0]

    return _DATE.sub("", _QUOTED.sub(unless_subject, left))


def _clean(text: str) -> str:
    return text.replace("_x000D_", "\n").strip()


def _day(written: str) -> date | None:
    match = _LODGED.match(written)
    return date(*map(int, match.groups())) if match else None
