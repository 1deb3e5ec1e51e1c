"""Every page within reach of anybody in the demonstration opens, in both languages, and speaks to people."""

from __future__ import annotations

import runpy
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from huiyin.registry import demonstration
from huiyin.registry.models import Officer

pytestmark = pytest.mark.usefixtures("db", "house_keys")

looks = runpy.run_path(str(Path(__file__).parents[2] / "tools/looks.py"), run_name="looks")
FAULTS, WORDS, NUMBERS, LINK = (
    looks["faults_of"],
    looks["of_other_language"](),
    looks["NUMBERS"],
    looks["LINK"],
)
SILENT = {"script", "style", "code", "kbd", "pre", "textarea", "time", "bdi"}
VOID = {"meta", "link", "input", "br", "hr", "img", "wbr", "source", "col", "path", "circle"}
EACH, EACH_PETITION = 1, 6  # of pages of one kind


class Texts(HTMLParser):
    """What a page says in its own language: neither machine-readable nor in another tongue."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            foreign = tag != "html" and any(name == "lang" for name, _ in attrs)
            self.open.append(tag in SILENT or foreign or (bool(self.open) and self.open[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.open and self.open[-1]):
            self.said.append(data.strip())


def walk(browser: Client, start: str, zone: str, language: str) -> tuple[set[str], list[str]]:
    """The kinds of pages seen from a first one on, and what was wrong with any."""
    waiting, known, kinds, wrong = [start], {start}, Counter[str](), []
    while waiting:
        path = waiting.pop(0)
        kind = NUMBERS.sub("_", path)
        if kinds[kind] >= (EACH_PETITION if kind == "/desk/p/_/" else EACH):
            continue
        answer = browser.get(path)
        if answer.status_code in (301, 302):
            path, answer = answer["Location"], browser.get(answer["Location"])
        kinds[kind] += 1
        if answer.status_code != 200:
            wrong.append(f"{answer.status_code} {path}")
        elif isinstance(answer, HttpResponse) and answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            texts = Texts()
            texts.feed(page)
            said = [fault for text in texts.said for fault in FAULTS(text, WORDS[language])]
            wrong += [f"{fault} {path}" for fault in said]
            for link in LINK.findall(page):
                place = urlsplit(urljoin(path, link.replace("&amp;", "&")))
                inside = place.path.startswith(zone) and not (zone == "/" and place.path.startswith("/desk"))
                if not place.netloc and inside and place.path not in known:
                    known.add(place.path)
                    waiting.append(place.path)
    return set(kinds), wrong


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_and_speaks_the_language_of_its_reader(language: str) -> None:
    examples = demonstration.build(timezone.now())
    seen: set[str] = set()
    wrong: list[str] = []
    for who, start, zone in [
        ("", "/", "/"),
        *((officer.login, "/desk/", "/desk/") for officer in demonstration.officers()),
        *((example.ref, "/follow/petition/", "/follow/") for example in examples),
    ]:
        browser = Client()
        browser.cookies["huiyin_language"] = language
        if zone == "/desk/":
            browser.force_login(Officer.objects.get(login=who))
        elif zone == "/follow/":
            key = next(example.key for example in examples if example.ref == who)
            assert browser.post("/follow/", {"follow_ref": who, "follow_key": key}).status_code == 302
        kinds, said = walk(browser, start, zone, language)
        seen |= kinds
        wrong += [f"{who or 'anybody'}: {fault}" for fault in said]
    assert len(seen) > 150, sorted(seen)
    assert not wrong, "\n".join(sorted(set(wrong)))
