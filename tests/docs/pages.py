"""Reads the pages of the repository: their text, links, code blocks and tables."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced piece of a page and the language it names."""

    page: Path
    language: str
    lines: tuple[str, ...]


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository that is there, kept or about to be, by its path from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True)
    return tuple(sorted({name for name in listed.stdout.splitlines() if (HOUSE / name).exists()}))


@cache
def pages() -> tuple[Path, ...]:
    """Every page that people read."""
    return tuple(HOUSE / name for name in tracked() if name.endswith(".md"))


def text(name: str) -> str:
    return (HOUSE / name).read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    found = re.findall(
        r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    for language, inside in found:
        yield Block(page, language, tuple(inside.splitlines()))


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    section = re.split(r"^#+ ", text(page), flags=re.MULTILINE)
    wanted = next(part for part in section if part.startswith(f"{heading}\n"))
    rows = [line for line in wanted.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]]


def anchors(page: Path) -> set[str]:
    """The names that a link may give after a '#'."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
