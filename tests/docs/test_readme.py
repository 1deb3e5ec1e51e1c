"""The front page: its map is the tree."""

from __future__ import annotations

import re

from tests.docs.pages import HOUSE, blocks, tracked

TOP = "src/huiyin/"
OPENED = ("src/huiyin", "src/huiyin/doors", "tests")  # folders whose rooms the map lists


def mapped() -> dict[str, str]:
    """Path -> what the map says of it."""
    [drawn] = [b for b in blocks(HOUSE / "README.md") if any(line.startswith(TOP) for line in b.lines)]
    found: dict[str, str] = {}
    parents: dict[int, str] = {}
    for line in drawn.lines:
        indent, name, words = re.fullmatch(r"( *)(\S+)\s*(.*)", line).groups()  # type: ignore[union-attr]
        path = parents.get(len(indent) - 2, "") + name
        parents[len(indent)] = path
        found[path] = words
    return found


def test_the_map_lists_what_is_at_the_top_and_nothing_else():
    there = {name.partition("/")[0] + "/" * ("/" in name) for name in tracked()} - {"src/"} | {TOP}
    assert {path for path in mapped() if path == TOP or "/" not in path[:-1]} == there


def test_the_map_lists_every_room():
    there = set()
    for name in tracked():
        for opened in OPENED:
            inside = name.removeprefix(f"{opened}/").partition("/")
            if name.startswith(f"{opened}/") and inside[1]:
                there.add(f"{opened}/{inside[0]}/")
    assert {path for path in mapped() if "/" in path[:-1] and path != TOP} == there


def test_the_map_says_something_of_each_room():
    assert [path for path, words in mapped().items() if path.endswith("/") and not words] == []
