"""Judges the rows of a list: a message that can be filed, or what is wrong with it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from huiyin.core import rulebook
from huiyin.core.rulebook import NoSuchRule
from huiyin.doors.cli.words import both, say
from huiyin.reading import lists, moments
from huiyin.reading.moments import When
from huiyin.reading.tables import Line

ID_LENGTH = 80


class BadRow(ValueError):
    """A row that is not filed; the argument says why, for the person who keeps the list."""


@dataclass(frozen=True, slots=True)
class Message:
    """One row that can be filed."""

    number: int
    id: str
    subject: str
    text: str
    topic: str = ""
    channel: str = lists.OTHER_SYSTEM
    author: Mapping[str, str] = field(default_factory=dict, repr=False)
    lodged: When | None = None  # of a replay only
    reply: str = ""
    replied: When | None = None


@dataclass(slots=True)
class Reader:
    """Turns rows into messages, for one file."""

    columns: Mapping[str, str]  # field -> heading
    jurisdiction: str
    now: datetime
    replay: bool
    _alike: Counter[str] = field(default_factory=Counter)

    def message(self, line: Line) -> Message:
        """The message of a row. Raises BadRow."""
        if line.problem:
            raise BadRow(say(line.problem))
        said = {name: line.cells.get(heading, "").strip() for name, heading in self.columns.items()}
        if not said["text"]:
            raise BadRow(both("没有内容", "there is no text"))
        lodged, replied = self._times(said) if self.replay else (None, None)
        return Message(
            number=line.number,
            id=self._id(said),
            subject=said.get("subject") or lists.subject_of(said["text"]),
            text=said["text"],
            topic=said.get("topic", ""),
            channel=lists.channel_of(said.get("channel", "")),
            author={name: said[name] for name in lists.AUTHOR if said.get(name)},
            lodged=lodged,
            reply=said.get("reply", "") if replied else "",
            replied=replied,
        )

    def _id(self, said: Mapping[str, str]) -> str:
        """The row's own id; without one, what it says, and which of the rows that say so it is."""
        if own := said.get("id", ""):
            if len(own) > ID_LENGTH:
                raise BadRow(
                    both(f"编号超过 {ID_LENGTH} 个字符", f"its id is longer than {ID_LENGTH} characters")
                )
            return own
        words = "\n".join(said.get(name, "") for name in ("lodged_at", "subject", "text"))
        made = hashlib.sha256(words.encode()).hexdigest()[:32]
        self._alike[made] += 1
        return f"sha256:{made}:{self._alike[made]}"

    def _times(self, said: Mapping[str, str]) -> tuple[When, When | None]:
        lodged = self._when("lodged_at", said)
        if lodged is None:
            raise BadRow(both("没有提出时间（lodged_at）", "it does not say when it was lodged (lodged_at)"))
        if "replied_at" not in self.columns:
            return lodged, None  # nobody can tell when it was answered: said once, for the whole list
        if not said.get("reply"):
            if said.get("replied_at"):
                raise BadRow(both("有答复时间，没有答复", "it has the time of a reply, but no reply"))
            return lodged, None
        replied = self._when("replied_at", said)
        if replied is None:
            raise BadRow(both("有答复，没有答复时间（replied_at）", "its reply has no time (replied_at)"))
        if replied.not_before(lodged) < lodged.at:
            raise BadRow(
                both(
                    f"答复（{said['replied_at']}）早于提出（{said['lodged_at']}）",
                    f"its reply ({said['replied_at']}) comes before it was lodged ({said['lodged_at']})",
                )
            )
        return lodged, replied

    def _when(self, name: str, said: Mapping[str, str]) -> When | None:
        typed = said.get(name, "")
        if not typed:
            return None
        try:
            when = moments.read(typed, self._zone)
            rulebook.in_force(self.jurisdiction, when.day)
        except moments.Unreadable as error:
            raise BadRow(
                both(
                    f"{name}：“{typed}”不是看得懂的时间；请写成 2019-04-24 16:03:40 这样",
                    f"{name}: {typed!r} is no time that can be read; write it like 2019-04-24 16:03:40",
                )
            ) from error
        except NoSuchRule as error:
            raise BadRow(f"{name}: {say(error.reason)}") from error
        if when.at > self.now:
            raise BadRow(both(f"{name}：{typed} 还没有到", f"{name}: {typed} is yet to come"))
        return when

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(rulebook.in_force(self.jurisdiction, self.now.date()).zone)
