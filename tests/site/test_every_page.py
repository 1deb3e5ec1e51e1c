"""Every page that a link leads to, as everybody in the demonstration gets it: whole, light, in one language.

Followed are the links that each person really sees, in each language in turn; a few of each kind of page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLPattern, resolve
from django.utils import timezone

from huiyin.doors.officer import urls as desk
from huiyin.doors.petitioner import urls as petitioner
from huiyin.doors.public import urls as public
from huiyin.registry import demonstration
from huiyin.registry.demonstration import Example
from huiyin.registry.models import Officer
from huiyin.site.templatetags.huiyin_words import tag
from tools.looks import LEFT_OUT, PRESSED

LIGHT = 100_000  # bytes of a page, without what it loads and without attachments
QUERIES = 80  # of a page that shows one petition with everything; a list has far fewer
OF_A_KIND, OF_ALL = 1, 2  # how often a person looks at a kind of page, and all of them together ...
PETITION, PETITIONS = 2, 12  # ... but petitions differ
OF_PETITIONS = frozenset({"/desk/p/_/", "/follow/petition/"})
NUMBERS = re.compile(r"HY-[0-9A-Z-]+|[0-9a-f-]{36}|\d+")
VOID = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr", "area", "path", "rect"}


class Page(HTMLParser):
    """What has to be true of any page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang = self.title = ""
        self.links: list[str] = []
        self.files: list[str] = []  # links that are saved, not opened
        self.ids = Counter[str]()
        self.headings = Counter[str]()
        self.labelled: list[str] = []
        self.mains = 0
        self._within = ""
        self.feed(text)

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        self.lang = said.get("lang", "") if name == "html" else self.lang
        self.mains += name == "main"
        self.ids.update([said["id"]] if "id" in said else [])
        if re.fullmatch("h[1-6]", name):
            self.headings[name] += 1
        if name == "a" and said.get("href"):
            (self.files if "download" in said else self.links).append(said["href"])
        for ties in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            self.labelled += said.get(ties, "").split()
        self._within = name if name not in VOID else self._within

    def handle_endtag(self, name: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "title":
            self.title += data

    def faults(self, language: str) -> Iterator[str]:
        """What is wrong with it, a line each."""
        if self.lang != tag(language):
            yield f"says that it is in {self.lang!r}"
        if not self.title.strip() or self.title.strip().startswith("·"):
            yield "has no title"
        if self.headings["h1"] != 1 or self.mains != 1:
            yield f"has {self.headings['h1']} first headings and {self.mains} main parts"
        if twice := [one for one, times in self.ids.items() if times > 1]:
            yield f"has ids twice: {twice}"
        if lost := [one for one in self.labelled if one not in self.ids]:
            yield f"is labelled by what is not there: {lost}"


class Visitor(Client):
    """Somebody with their own browser, who goes where links lead."""

    def __init__(self, who: str, language: str) -> None:
        super().__init__()
        self.who, self.language = who, language
        self.names: set[str] = set()  # of the addresses that links lead to
        self.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    def walk(self, start: str, zone: str, seen: Counter[str], faults: list[str]) -> None:
        """Look at the pages within reach, a few of each kind."""
        waiting, known, kinds = [start], {start}, Counter[str]()
        while waiting:
            path = waiting.pop(0)
            kind = NUMBERS.sub("_", path)
            each, together = (PETITION, PETITIONS) if kind in OF_PETITIONS else (OF_A_KIND, OF_ALL)
            if kinds[kind] >= each or (seen[kind] >= together and path != start):
                continue
            kinds[kind] += 1
            seen[kind] += 1
            for link in self.look(path, faults):
                to = urlsplit(urljoin(f"http://here{path}", link))
                beyond = zone == "/" and to.path.startswith(("/desk", "/follow/petition", "/log/"))
                if to.netloc == "here" and to.path.startswith(zone) and not beyond and to.path not in known:
                    known.add(to.path)
                    waiting.append(to.path)

    def look(self, path: str, faults: list[str]) -> list[str]:
        """Judge one page, and answer where it leads."""

        def tell(fault: str) -> None:
            faults.append(f"{self.who} {self.language} {path} {fault}")

        with CaptureQueriesContext(connection) as queries:
            answer: Any = self.get(path, follow=True)
        if answer.status_code != 200:
            tell(f"answers {answer.status_code}")
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            b"".join(answer)
            return []
        if len(answer.content) >= LIGHT:
            tell(f"is {len(answer.content)} bytes")
        if len(queries) > QUERIES:
            tell(f"asks the database {len(queries)} times")
        if "check.html" in path:  # a document of its own, in two languages at once
            return []
        page = Page(answer.content.decode())
        for fault in page.faults(self.language):
            tell(fault)
        for link in page.links + page.files:
            self.names |= named(urljoin(f"http://here{path}", link))
        return page.links


def named(address: str) -> set[str]:
    """The name of an address, where it is ours and has one."""
    to = urlsplit(address)
    try:
        return {resolve(to.path).view_name} if to.netloc == "here" else set()
    except Resolver404:
        return set()


def everybody(examples: tuple[Example, ...]) -> Iterator[tuple[Visitor, str, str]]:
    """Who looks, where they begin, and what is theirs to see; the languages go round."""
    tongues = [code for code, _name in settings.LANGUAGES]
    for language in tongues:
        yield Visitor("anybody", language), "/", "/"
    for turn, officer in enumerate(Officer.objects.order_by("login")):
        desk = Visitor(officer.login, tongues[turn % len(tongues)])
        desk.force_login(officer)
        yield desk, "/desk/", "/desk/"
    for turn, example in enumerate(examples):
        author = Visitor(f"author of {example.name}", tongues[turn % len(tongues)])
        author.post("/follow/", {"follow_ref": example.ref, "follow_key": example.key})
        yield author, "/follow/petition/", "/follow/petition/"


@pytest.mark.timeout(900)  # one walk through everything
@pytest.mark.django_db
@pytest.mark.usefixtures("house_keys")
def test_every_page_is_whole_and_light_for_everybody(settings: Any) -> None:
    settings.SECOND_FACTOR = "keepers"
    examples = demonstration.build(timezone.now())
    Officer.objects.update(last_login=timezone.now())  # each has chosen a password of their own before
    faults: list[str] = []
    seen = Counter[str]()
    reached: set[str] = set()
    for who, start, zone in everybody(examples):
        who.walk(start, zone, seen, faults)
        reached |= who.names

    assert not faults, "\n".join(faults)
    assert len(seen) > 90, "links lead to far fewer kinds of page than there are"
    doors = {
        "desk": desk.urlpatterns,
        "petitioner": petitioner.urlpatterns,
        "public": public.urlpatterns,
    }
    names = {f"{door}:{p.name}" for door, found in doors.items() for p in found if isinstance(p, URLPattern)}
    pressed = {f"desk:{name}" for name in PRESSED}
    assert LEFT_OUT.keys() | pressed <= names
    # `make looks` goes where links lead, as here.
    missing = sorted(names - reached - pressed - LEFT_OUT.keys())
    assert not missing, f"no link leads to {missing}, and `make looks` does not say why"
