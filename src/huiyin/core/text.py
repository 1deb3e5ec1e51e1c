"""One sentence in the languages of the house, and how a day is written in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in the languages of the house."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """Answer the sentence in Chinese for any `zh…` tag, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en

    def __str__(self) -> str:
        return self.en

    def format(self, **values: object) -> Text:
        """Fill in values; a `Text` or a day is said in the language of the sentence around it."""
        said = {k: Text.of_day(v) if isinstance(v, date) else v for k, v in values.items()}
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in said.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in said.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    @classmethod
    def of_day(cls, day: date) -> Text:
        """2026年12月7日, 7 December 2026: as letters write it, without the weekday."""
        return cls(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")
