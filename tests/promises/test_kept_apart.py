"""What was said in mediation is kept apart (art. 33): its author reads it on their page, nobody elsewhere.

A canary is planted in the record of a mediation and hunted through every door, paper and table.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.test import Client
from django.utils import timezone

from huiyin.core import rulebook
from huiyin.core.vocabulary import VERBS
from huiyin.doors.cli.explain import explain
from huiyin.papers.case_file import as_json, case_file
from huiyin.papers.case_sheet import case_data
from huiyin.registry.models import Officer
from tests.cast import Walk, lodge, said

CANARY = "金丝雀在矿井里唱歌"
LINK = re.compile(r'href="([^"#]*)')
PACKED = (
    "/case/",
    "/pdf/",
)  # no words to be found in those: what they are made from is looked through instead


@pytest.fixture
def mediated(cast: dict[str, Officer]) -> Walk:
    """A claim in which the canary was said in a mediation that failed, and an opinion was served after it."""
    then = timezone.now() - timedelta(days=3)
    walk = Walk(lodge(now=then), then + timedelta(seconds=1)).to("accepted")
    walk("offer-mediation", "otto", **said("offer-mediation", walk.today))
    walk("agree-mediation", "author")
    walk("record-mediation", "otto", mediation_record=f"信访人说：{CANARY}。")
    walk("end-mediation", "otto", reasons="未能达成一致")
    return walk.to("opinion-served")


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def in_zip(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode("utf-8", "replace")


def crawled(browser: Client, start: str, ref: str) -> dict[str, str]:
    """Every page of this petition that can be reached by links, and what it shows."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        answer: Any = browser.get(address)
        seen[address] = content_of(answer).decode("utf-8", "replace")
        for link in LINK.findall(seen[address]):
            ours = ref in link or link.startswith("/follow/petition/")
            if ours and link not in {*seen, *waiting} and not link.endswith((*PACKED, "/leave/")):
                waiting.append(link)
    return seen


def test_no_officer_finds_it_on_any_page_of_the_desk(mediated: Walk, cast: dict[str, Officer]) -> None:
    for login in sorted(cast):
        browser = Client()
        browser.force_login(cast[login])
        pages = crawled(browser, f"/desk/p/{mediated.ref}/", mediated.ref)
        for place in ("/desk/", f"/desk/?q={CANARY}", "/desk/carry-out/", "/desk/audit/", "/desk/supervise/"):
            pages[place] = content_of(browser.get(place)).decode("utf-8", "replace")
        # What was searched for is echoed in the field, and nowhere else.
        pages = {place: text.replace(f'value="{CANARY}"', "") for place, text in pages.items()}
        assert [place for place, text in pages.items() if CANARY in text] == []
        if login == "otto":
            assert f"/desk/p/{mediated.ref}/case/zip/" in pages


def test_its_author_reads_it_on_their_page_and_whatever_is_handed_on_goes_without(mediated: Walk) -> None:
    browser = Client()
    browser.post("/follow/", {"follow_ref": mediated.ref, "follow_key": mediated.key})
    pages = crawled(browser, "/follow/petition/", mediated.ref)
    assert [place for place, text in pages.items() if CANARY in text] == ["/follow/petition/"]
    assert "/follow/petition/download/" in pages
    theirs: Any = browser.get(f"/api/v1/petitions/{mediated.ref}", headers={"Huiyin-Key": mediated.key})
    assert theirs.status_code == 200
    assert CANARY not in theirs.content.decode()
    assert not any(CANARY in text for text in in_zip(content_of(browser.get("/follow/petition/download/"))))


@pytest.mark.parametrize("for_author", [True, False])
def test_no_case_file_holds_it(mediated: Walk, *, for_author: bool) -> None:
    made = case_file(mediated.petition, timezone.now(), for_author=for_author)
    assert any(step.event == "mediation-recorded" for step in made.story.timeline)
    for text in (str(as_json(made)), *(str(case_data(made, language)) for language in ("zh-hans", "en"))):
        assert CANARY not in text


def test_no_command_prints_it(mediated: Walk) -> None:
    for options in ([], ["--json"]):
        printed = CliRunner().invoke(explain, [mediated.ref, *options])
        assert printed.exit_code == 0, printed.output
        assert CANARY not in printed.output


def test_it_lies_in_the_entry_that_recorded_it_and_in_no_other_table(mediated: Walk) -> None:
    holders = {
        (model.__name__, str(row.get("event", "")))
        for model in apps.get_models()
        for row in model._base_manager.values()
        if CANARY in str(row)
        or CANARY.encode() in b"".join(bytes(v) for v in row.values() if isinstance(v, bytes))
    }
    assert holders == {("Entry", "mediation-recorded")}


@pytest.mark.parametrize("book", rulebook.all_rulebooks(), ids=lambda book: book.id)
def test_a_move_that_says_what_is_kept_apart_leaves_no_paper(book: rulebook.Rulebook) -> None:
    """A letter would carry it out of the house: neither its notice nor its document may exist."""
    for row in book.rows:
        if any(content.apart for content in row.contents):
            assert book.document_of(row) is None, (book.id, row.verb, VERBS[row.verb])
            assert row.verb != "lodge"


def test_what_is_said_in_mediation_is_such_a_content() -> None:
    assert "mediation_record" in rulebook.by_id("cn-2022").apart
