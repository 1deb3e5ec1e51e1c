"""What the pages point to is there, and nothing on them belongs to one machine only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import CODE, HOUSE, LINK, anchors, pages, prose, tracked

ROOTS = ("src/", "tests/", "docs/", "tools/", "bench/")
MACHINE = re.compile(r"(?<![\w.:/])(/work/|/root/|/home/\w|/Users/)|\.\./shared")


def name_of(page: Path) -> str:
    return page.relative_to(HOUSE).as_posix()


every_page = pytest.mark.parametrize("page", pages(), ids=name_of)


@every_page
def test_each_link_leads_somewhere(page: Path):
    lost = []
    for link in LINK.findall(prose(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


@every_page
def test_each_path_that_is_named_exists(page: Path):
    named = [word.rstrip("/") for word in CODE.findall(prose(page)) if word.startswith(ROOTS)]
    lost = [word for word in named if not any(HOUSE.glob(re.sub(r"[<{].*?[>}]", "*", word)))]
    assert not lost


@every_page
def test_no_page_names_a_folder_of_somebodys_machine(page: Path):
    assert MACHINE.findall(page.read_text(encoding="utf-8")) == []


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [HOUSE / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        for link in LINK.findall(prose(page)):
            target = (page.parent / link.partition("#")[0]).resolve()
            waiting += sorted(target.glob("*.md")) if target.is_dir() else [target]
    # A folder may be linked as a whole: its pages are listed there for whoever looks.
    assert [name_of(page) for page in pages() if page not in reached] == []


def test_every_picture_in_the_docs_is_used():
    pictures = [name for name in tracked() if name.startswith("docs/") and name.endswith((".svg", ".png"))]
    shown = "\n".join(page.read_text(encoding="utf-8") for page in pages())
    assert [name for name in pictures if Path(name).name not in shown] == []
