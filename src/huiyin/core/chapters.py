"""Lays out a rulebook before it is read: its chapters put together, a local law over the one it extends.

Only tables of TOML are joined here; what they mean, and whether it can be true, is for `lawfile.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from huiyin.core.rulebook import ANY, FOLDER, WORDS, BrokenRulebook, files_of, path_of

CHANGE = {"verb", "where", "set", "add", "drop"}
_HEAD = re.compile(r"[a-z]+(\[\d+\]|\.[^.\[]+)")


def laid_out(path: Path) -> tuple[Chapters, Chapters]:
    """The law and the words it shares, each whole. Raises BrokenRulebook."""
    law, common = Chapters.read(path), _words_of(path)
    head = law.tables.get("rulebook")
    if not isinstance(head, dict) or (extended := head.get("extends")) is None:
        return law, common.over(_house_words(), whole=True)
    below = path_of(str(extended), near=path.parent.parent)
    if below is None:
        raise BrokenRulebook(path.name, "rulebook.extends", f"there is no rulebook {extended!r}")
    law.tables["rulebook"] = {name: value for name, value in head.items() if name != "extends"}
    base, base_words = laid_out(below)
    return law.over(base), common.over(base_words, whole=True)


def _words_of(path: Path) -> Chapters:
    shared = path.parent / WORDS
    return Chapters.read(shared if shared.exists() else shared.with_suffix(""), optional=True)


@cache
def _house_words() -> Chapters:
    return Chapters.read(FOLDER / WORDS)


class Chapters:
    """The tables of one file, or of all files of a folder put together, and where each part stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: dict[str, Any] = {}
        self._places: dict[str, tuple[str, str]] = {}  # key of the whole -> (file, key there)

    @classmethod
    def read(cls, path: Path, *, optional: bool = False) -> Chapters:
        """Those of a file or a folder; none, where they are optional and it is not there."""
        made = cls(path.name)
        if optional and not path.exists():
            return made
        if not path.is_dir():
            made.tables = dict(_toml(path))
            return made
        for file in files_of(path):
            for name, table in _toml(file).items():
                made._add(file.name, name, table)
        return made

    def _add(self, file: str, name: str, table: Any) -> None:
        known = self.tables.get(name)
        if known is None:
            self.tables[name] = table
        elif isinstance(known, list) and isinstance(table, list):
            self.tables[name] = [*known, *table]
        elif isinstance(known, dict) and isinstance(table, dict):
            self.tables[name] = self._joined(file, name, known, table)
        else:
            raise BrokenRulebook(file, name, "another chapter has this already, and not as a table")
        start = len(known) if isinstance(known, list) else 0
        if isinstance(table, list):
            for i in range(1, len(table) + 1):
                self._places[f"{name}[{start + i}]"] = (file, f"{name}[{i}]")
        elif isinstance(table, dict):
            for key in table:
                self._places.setdefault(f"{name}.{key}", (file, f"{name}.{key}"))

    def _joined(self, file: str, name: str, known: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        joined = dict(known)
        for key, value in table.items():
            if key not in joined:
                joined[key] = value
            elif isinstance(joined[key], list) and isinstance(value, list):
                joined[key] = [*joined[key], *value]  # a list of choices goes on
            else:
                other = self._places[f"{name}.{key}"][0]
                raise BrokenRulebook(file, f"{name}.{key}", f"stands in {other} already")
        return joined

    def placed(self, error: BrokenRulebook) -> BrokenRulebook:
        """The same error, told of the chapter it stands in."""
        head = _HEAD.match(error.key)
        place = self._places.get(head.group()) if head else None
        if place is None or head is None:
            return error
        return BrokenRulebook(place[0], place[1] + error.key[head.end() :], error.what)

    # -- one law over another

    def over(self, base: Chapters, *, whole: bool = False) -> Chapters:
        """This on top of another: what it says goes before what the other says, the rest stays.

        An entry of the same name is changed key by key ([clocks.sort] with days = 5 keeps its duty), or, as
        words are, replaced whole. Moves are added; `[[changes]]` say what becomes of moves that are there.
        """
        made = Chapters(self.name)
        made.tables = dict(base.tables)
        made._places = {**base._places, **self._own_places()}
        changes = self.tables.pop("changes", [])
        for name, table in self.tables.items():
            below = base.tables.get(name)
            if name == "moves" and isinstance(table, list) and isinstance(below, list):
                made._follow(self, table, len(below))
                made.tables[name] = [*below, *table]
            else:
                made.tables[name] = _merged(below, table, whole=whole) if isinstance(below, dict) else table
        made._change(self.name, changes)
        return made

    def _own_places(self) -> dict[str, tuple[str, str]]:
        """Where each entry of its tables stands; a single file has noted none."""
        tables = ((name, table) for name, table in self.tables.items() if isinstance(table, dict))
        keys = (f"{name}.{key}" for name, table in tables for key in table)
        return {**{key: (self.name, key) for key in keys}, **self._places}

    def _follow(self, upper: Chapters, moves: list[Any], start: int) -> None:
        """Moves of the upper law are counted on after those of the lower one."""
        for i in range(len(moves), 0, -1):
            key = f"moves[{i}]"
            self._places[f"moves[{start + i}]"] = upper._places.get(key, (upper.name, key))

    def _change(self, file: str, changes: Any) -> None:
        for number, change in enumerate(changes if isinstance(changes, list) else [changes], start=1):
            key = f"changes[{number}]"
            if not isinstance(change, dict) or not change.get("verb") or set(change) - CHANGE:
                allowed = ", ".join(sorted(CHANGE))
                raise BrokenRulebook(file, key, f"names a verb, and may have: {allowed}")
            moves = self.tables.get("moves", [])
            hit = [move for move in moves if _fits(move, change)]
            if not hit:
                raise BrokenRulebook(file, key, "fits no move of the law below")
            kept = [m for m in moves if not change.get("drop") or m not in hit]
            self.tables["moves"] = [_changed(m, change) if m in hit else m for m in kept]


def _merged(below: Mapping[str, Any], above: Any, *, whole: bool) -> Any:
    if not isinstance(above, dict):
        return above
    made = dict(below)
    for key, value in above.items():
        known = None if whole else made.get(key)
        made[key] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    return made


def _fits(move: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    """Whether it is the verb ("*": any), and what `where` names is the same there (of a list: is in it)."""
    if change["verb"] not in {ANY, move.get("verb")}:
        return False
    return all(_same(move.get(name), value) for name, value in change.get("where", {}).items())


def _same(there: Any, wanted: Any) -> bool:
    if isinstance(there, list) and isinstance(wanted, list):
        return set(wanted) <= set(there)
    return bool(there == wanted)


def _changed(move: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    made = {**move, **change.get("set", {})}
    for name, more in _lists(change.get("add", {})):
        made[name] = [*made.get(name, []), *(word for word in more if word not in made.get(name, []))]
    return made


def _lists(table: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    return ((name, value if isinstance(value, list) else [value]) for name, value in table.items())


def _toml(path: Path) -> Mapping[str, Any]:
    """A file as it stands there now. Laws that extend one another, and the words they share, read it once."""
    try:
        stands = path.stat()
        return _parsed(path, stands.st_mtime_ns, stands.st_size)
    except OSError as error:
        raise BrokenRulebook(path.name, "(file)", f"cannot be read: {error}") from error


@lru_cache(maxsize=256)
def _parsed(path: Path, _written: int, _size: int) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenRulebook(path.name, "(file)", f"not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise BrokenRulebook(path.name, "(file)", f"cannot be read: {error}") from error
