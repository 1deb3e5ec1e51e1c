"""Promises 3 and 5 where somebody asks for aid: who handles their petition knows nothing of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from huiyin.core import rulebook
from huiyin.core.conditions import EFFECTS, GUARDS
from huiyin.core.marks import MARKS
from huiyin.core.refusal import Refusal
from huiyin.core.vocabulary import ROLES, VERBS
from huiyin.registry import relieving
from huiyin.registry.access import HANDLING_ROLES
from huiyin.registry.models import Body, Change, Entry, Officer, Outbox, Relief, Role
from huiyin.registry.relieving import Wish
from huiyin.registry.story import story_of
from tests.cast import NOW, PASSWORD, Walk, acting_as, enrol, legal_day, lodge
from tests.officer.pages import tokenless
from tests.promises.source import imports_of, modules

TODAY = legal_day(NOW)
SAID = "家里失火，无处可住"
MAY_NAME_IT = {
    "registry/models.py",
    "registry/relieving.py",
    "doors/petitioner/",
    "doors/officer/relief.py",
    "doors/officer/urls.py",
    "clerk/purge.py",
}


@pytest.fixture
def asked(cast: dict[str, Officer]) -> Walk:
    """A petition that is being handled, whose author may ask for aid."""
    officer = Officer.objects.create_officer("rana", PASSWORD, name="Rana")
    Role.objects.create(officer=officer, body=Body.objects.get(code="xian"), role="relief")
    enrol(officer)
    then = timezone.now()
    return Walk(lodge(now=then), then).to("accepted")


def apply(walk: Walk) -> Relief:
    made = relieving.apply(
        walk.petition, Wish("temporary", "xian", SAID, "张三", "13800000000", shows_ref=True), TODAY
    )
    assert isinstance(made, Relief), made
    return made


def test_no_rule_can_ask_for_it() -> None:
    for words in (VERBS, VERBS.values(), GUARDS, EFFECTS, MARKS, ROLES):
        assert not [word for word in words if "relief" in word]
    for book in rulebook.all_rulebooks():
        for row in book.rows:
            assert not [c.name for c in row.contents if "relief" in c.name], (book.id, row.verb)
    assert "relief" not in HANDLING_ROLES


def test_nothing_that_reads_a_petition_reads_it() -> None:
    for path, tree in modules().items():
        names = {
            n for n in imports_of(tree) if n.startswith(("huiyin.registry.reliev", "huiyin.registry.relief"))
        }
        if names:
            assert any(path.startswith(place) for place in MAY_NAME_IT), (path, names)


def test_what_is_written_is_sealed_at_entry(asked: Walk) -> None:
    apply(asked)
    with connection.cursor() as cursor:
        for table in ("registry_relief", "vault_reliefseal"):
            cursor.execute(f'SELECT * FROM "{table}"')
            kept = str([[bytes(v) if isinstance(v, memoryview) else v for v in r] for r in cursor.fetchall()])
            assert SAID not in kept
            assert "13800000000" not in kept
            assert SAID.encode().hex() not in kept


@pytest.mark.parametrize("login", ["otto", "hedda", "sven", "rita"])
def test_who_handles_the_petition_sees_the_same_pages_as_before(asked: Walk, login: str, cast: Any) -> None:
    browser = Client()
    browser.force_login(cast[login])
    pages = ["/desk/", f"/desk/p/{asked.ref}/", "/desk/relief/"]
    browser.get(pages[1])  # once opened it is no longer new to this officer
    before = [_shown(browser, page) for page in pages]
    rows = Entry.objects.count(), Outbox.objects.count(), Change.objects.count(), asked.petition.version
    story = str(story_of(asked.petition))
    made = apply(asked)
    relieving.note_opening(acting_as("rana"), made.pk, "decide", TODAY)
    assert [_shown(browser, page) for page in pages] == before
    assert browser.get(f"/desk/relief/{made.pk}/").status_code == 404
    assert str(story_of(asked.petition)) == story
    assert rows == (
        Entry.objects.count(),
        Outbox.objects.count(),
        Change.objects.count(),
        asked.petition.version,
    )


def _shown(browser: Client, page: str) -> tuple[int, list[bytes]]:
    answer = browser.get(page)
    return answer.status_code, tokenless(answer.content)


def test_the_case_file_holds_nothing_of_it(asked: Walk, cast: Any) -> None:
    apply(asked)
    browser = Client()
    browser.force_login(cast["otto"])
    answer: Any = browser.get(f"/desk/p/{asked.ref}/case/zip/")
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as packed:
        kept = {name: packed.read(name) for name in packed.namelist()}
    assert any(asked.petition.subject.encode() in content for content in kept.values())
    for name, content in kept.items():
        assert "relief" not in name
        assert not [w for w in ("救助", SAID, "relief") if w.encode() in content], name


@pytest.mark.parametrize(
    "words", ["同意救助，申请人保证不再信访。", "Granted; the applicant agrees not to petition again."]
)
def test_no_answer_asks_for_a_promise_not_to_petition(asked: Walk, words: str) -> None:
    made = apply(asked)
    refused = relieving.answer(acting_as("rana"), made.pk, outcome="granted", words=words, today=TODAY)
    assert isinstance(refused, Refusal)
    assert refused.code == "gives-up-petitioning"
    assert Relief.objects.get().is_open
