"""Single values of a rulebook file, each checked as it is taken, and refused by file, key and fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.core.rulebook import WORDS, BrokenRulebook
from huiyin.core.text import Text

# Tables that the versions of one law may share.
SHARED = ("states", "contents", "choices", "verbs", "kinds", "documents", "letters", "spans")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 24  # of a state or clock, as the registry and the API keep it


class Values:
    """Single values of one file, each checked as it is taken."""

    def __init__(self, file: str, law: dict[str, Any], common: dict[str, Any]) -> None:
        self.file, self.law, self.common = file, law, common

    def fail(self, key: str, what: str) -> NoReturn:
        raise BrokenRulebook(self._file_of(key), key, what)

    def _file_of(self, key: str) -> str:
        """The words stand in a file of their own, unless this law says them differently."""
        table, _, rest = key.partition(".")
        name = re.split(r"[.\[]", rest)[0]
        own, common = self.law.get(table), self.common.get(table)
        theirs = table in SHARED and isinstance(common, dict) and name in common
        return WORDS if theirs and not (isinstance(own, dict) and name in own) else self.file

    def known(self, key: str, table: Any, allowed: set[str]) -> None:
        if not isinstance(table, dict):
            self.fail(key, f"must be a table, not {table!r}")
        for name in table:
            if name not in allowed:
                self.fail(f"{key}.{name}", f"unknown key; allowed here: {', '.join(sorted(allowed))}")

    def table(self, key: str) -> dict[str, Any]:
        table = self.law.get(key)
        if not isinstance(table, dict) or not table:
            self.fail(key, "this table is missing")
        return table

    def text(self, key: str, value: Any) -> Text:
        if not isinstance(value, dict) or not all(isinstance(value.get(n), str) for n in ("zh", "en")):
            self.fail(key, 'needs both zh = "…" and en = "…"')
        if not value["zh"].strip() or not value["en"].strip():
            self.fail(key, "zh and en must not be empty")
        return Text(value["zh"], value["en"])

    def texts(self, key: str) -> dict[str, Text]:
        table = self.law.get(key, {})
        if not isinstance(table, dict):
            self.fail(key, f"must be a table, not {table!r}")
        return {name: self.text(f"{key}.{name}", value) for name, value in table.items()}

    def said(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            self.fail(key, "must be a text that is not empty")
        return value

    def name(self, key: str, value: str) -> str:
        if not NAME.fullmatch(value) or len(value) > LONGEST_NAME:
            self.fail(key, f"{value!r} is no name; write up to {LONGEST_NAME} of a-z, 0-9 and '-'")
        return value

    def whole(self, key: str, value: Any, least: int = 1) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.fail(key, f"must be a whole number of at least {least}, not {value!r}")
        return value

    def is_true(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false, not {value!r}")
        return value

    def day(self, key: str, value: Any) -> date:
        if type(value) is not date:
            self.fail(key, f"must be a date like 2022-05-01, not {value!r}")
        return value

    def zone(self, value: Any) -> str:
        name = self.said("rulebook.zone", value)
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise BrokenRulebook(self.file, "rulebook.zone", f"no time zone named {name!r}") from error
        return name

    def names(self, key: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fail(key, f"must be a list of words, not {value!r}")
        if len(set(value)) < len(value):
            self.fail(key, f"names the same twice: {', '.join(value)}")
        return value

    def one_of(self, key: str, value: Any, allowed: Iterable[str]) -> str:
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, f"must be one of {', '.join(sorted(allowed))}; not {value!r}")
        return value

    def all_in(self, key: str, values: Iterable[str], allowed: Iterable[str]) -> None:
        for value in values:
            self.one_of(key, value, allowed)
