"""One sentence in the languages of the house, and how a day is written in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from huiyin.core import traditional

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in the languages of the house.

    繁體 is the Chinese one in the other script. Where words that somebody wrote stand in a sentence of the
    house, `format` keeps them as they were written; words given alike in both languages are somebody's own.
    """

    zh: str
    en: str
    hant: str = field(default="", repr=False, compare=False)

    def say(self, language: str) -> str:
        """Answer the sentence in Chinese for any `zh…` tag, in its script, else in English."""
        tag = language.lower()
        if not tag.startswith("zh"):
            return self.en
        if not traditional.is_asked(tag) or self.zh == self.en:
            return self.zh
        return self.hant or traditional.traditional(self.zh)

    def __str__(self) -> str:
        return self.en

    def format(self, **values: object) -> Text:
        """Fill in values; a `Text` or a day is said in the language of the sentence around it."""
        said = {k: Text.of_day(v) if isinstance(v, date) else v for k, v in values.items()}

        def filled(pattern: str, language: str) -> str:
            return pattern.format(
                **{k: v.say(language) if isinstance(v, Text) else v for k, v in said.items()}
            )

        hant = filled(self.hant or traditional.traditional(self.zh), HANT)
        return Text(filled(self.zh, "zh"), filled(self.en, "en"), hant)

    def join(self, parts: Iterable[Text | str]) -> Text:
        """Put this between several parts, as `str.join` does."""
        said = [part if isinstance(part, Text) else Text(part, part) for part in parts]
        return Text(*(self.say(tag).join(part.say(tag) for part in said) for tag in ("zh", "en", HANT)))

    @classmethod
    def of_weekday(cls, day: date) -> Text:
        """2026年12月7日（星期一）, Monday 7 December 2026: as screens write it."""
        said, weekday = cls.of_day(day), day.weekday()
        return cls(f"{said.zh}（星期{WEEKDAYS_ZH[weekday]}）", f"{WEEKDAYS[weekday]} {said.en}")

    @classmethod
    def of_day(cls, day: date) -> Text:
        """2026年12月7日, 7 December 2026: as letters write it, without the weekday."""
        return cls(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


HANT = "zh-hant"
LABELLED = Text("{label}：{value}", "{label}: {value}")
ASKED = Text("{label}{value}", "{label} {value}")


def labelled(label: Text, value: object) -> Text:
    """What something is called and what was said of it, in one line; a question has its own mark.

    What asks in one language may name a thing in the other (In public?, 是否公开).
    """
    zh = (ASKED if label.zh.endswith("？") else LABELLED).zh
    en = (ASKED if label.en.endswith("?") else LABELLED).en
    return Text(zh, en).format(label=label, value=value)


def on_paper(language: str) -> str:
    """The language of a paper: that of the law it stands on, 简体 for any Chinese (decision 0048)."""
    return "zh-hans" if language.lower().startswith("zh") else "en"
