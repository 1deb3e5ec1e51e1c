"""Who may do and see what: the printed table tried cell by cell, and every address of the desk by everybody.

Default deny: whoever a table does not name gets the answer that an unknown reference gets, to the byte.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from huiyin.core.readers import AS_IT_IS, MASKED, NOTHING, PARTS, READER_NAMES
from huiyin.core.vocabulary import VERBS
from huiyin.doors.officer import custody
from huiyin.doors.officer.urls import urlpatterns
from huiyin.registry import access
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Entry, Officer, Petition
from huiyin.vault.seal import Author as Person
from tests.cast import OPINION, Walk, enrol, lodge
from tests.officer.pages import tokenless

UNKNOWN = "HY-00000-00000"
# What everybody who may read it finds, and what only they find who read it unmasked.
PLANTED = {
    "subject": ("东门路灯", "13911110001"),
    "text": ("南院积水", "13911110002"),
    "added": ("又来补充", "13911110003"),
    "answer": ("水泵损坏", "13911110004"),
    "file": ("西墙裂缝", "西墙裂缝"),
    "identity": ("陆云起", "13911110009"),
}
READERS = {
    "handler": "otto",
    "before": "olga",
    "supervisor": "sven",
    "auditor": "audrey",
    "administrator": "ada",
    "stranger": "tina",
    "public": "",
}
LISTS = (
    *(
        "",
        "between/",
        "carry-out/",
        "supervise/",
        "supervise/petitions/",
        "supervise/year/",
        "supervise/year/csv/",
        "backlog/",
    ),
    *("retention/", "retention/holds/", "retention/erased/"),
    *(
        "mailbox/",
        "conferences/",
        "inspections/",
        "letters/",
        "conference/",
        "officials/",
        "questions/",
        "problems/",
    ),
    *("audit/", "audit/changes/", "people/", "bodies/", "roster/", "reception/", "relief/", "hand-over/"),
)
PUBLIC = (
    "/",
    "/about/",
    "/bodies/",
    "/rules/",
    "/healthz",
    "/reception/",
    "/reception/calendar.ics",
    "/questions/",
)


@pytest.fixture
def planted(cast: dict[str, Officer]) -> Walk:
    """A petition at the housing bureau that says something else in each of its parts."""
    then = timezone.now() - timedelta(days=3)
    words = {name: f"{shown}，请回电{hidden}。" for name, (shown, hidden) in PLANTED.items()}
    who = Person(name="陆云起", phone="13911110009")
    files = [Upload("照片说明.txt", words["file"].encode())]
    filed = lodge(now=then, subject=words["subject"], text=words["text"], author=who, uploads=files)
    walk = Walk(filed, then).to("accepted")
    walk("add-information", "author", information=words["added"])
    said = {**OPINION["answers"][0], "facts": words["answer"]}
    walk("submit-opinion", "otto", answers=[said])
    walk("countersign", "hedda")
    walk("issue-opinion", "otto", answers=[said])
    walk("serve", "otto", served_on=walk.today.isoformat(), way="in-person")
    return walk


def browser_of(login: str) -> Client:
    browser = Client(headers={"accept-language": "zh-hans"})
    if login:
        browser.force_login(Officer.objects.get(login=login))
    return browser


def everything(browser: Client, walk: Walk) -> bytes:
    """Whatever this browser gets of a petition, wherever it asks: pages, lists, files and what is in them."""
    addresses = [f"/desk/{place}" for place in LISTS]
    addresses += [
        f"/desk/{place}?{asked}" for place in ("", "supervise/") for asked in ("q=", "state=accepted")
    ]
    addresses += [f"/desk/p/{walk.ref}/{tail}" for tail in ("", "case/", "case/zip/", "matter/", "aid/")]
    addresses += [f"/desk/p/{walk.ref}/file/{row.pk}/" for row in walk.petition.attachments.all()]
    for entry in walk.petition.entries.all():
        addresses += [f"/desk/p/{walk.ref}/letter/{entry.seq}/{tail}" for tail in ("", "pdf/", "slip/")]
    addresses += [f"/desk/p/{walk.ref}/move/{verb}/" for verb in VERBS]
    addresses += PUBLIC
    return b"".join(read(browser, address) for address in addresses)


def read(browser: Client, address: str) -> bytes:
    answer: Any = browser.get(address)
    if answer.status_code != 200:
        return b""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return b"".join([*(name.encode() for name in file.namelist()), *map(file.read, file.namelist())])
    return bytes(content)


def seen(part: str, found: bytes, walk: Walk) -> str:
    if part == "exists":
        return AS_IT_IS if walk.ref.encode() in found else NOTHING
    shown, hidden = (word.encode() in found for word in PLANTED[part])
    return AS_IT_IS if shown and hidden else MASKED if shown else "leaks" if hidden else NOTHING


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_sees_what_the_table_says_and_no_more(planted: Walk, reader: str) -> None:
    found = everything(browser_of(READERS[reader]), planted)
    assert {part.name: seen(part.name, found, planted) for part in PARTS} == {
        part.name: part.for_reader(reader) for part in PARTS
    }


def test_every_reader_of_the_table_was_tried() -> None:
    # The author's own page is read in tests/petitioner/test_following.py.
    assert set(READER_NAMES) - {"author"} == {*READERS, "accused"}


def test_of_a_report_whom_it_is_about_sees_nothing_at_all(cast: dict[str, Officer]) -> None:
    then = timezone.now() - timedelta(days=3)
    words = {name: f"{shown}，请回电{hidden}。" for name, (shown, hidden) in PLANTED.items()}
    filed = lodge(now=then, subject=words["subject"], text=words["text"], kind="report", against=("zj",))
    walk = Walk(filed, then)
    for login in ("otto", "hedda"):
        found = everything(browser_of(login), walk)
        assert {part.name: seen(part.name, found, walk) for part in PARTS} == {
            part.name: part.for_reader("accused") for part in PARTS
        }


# ---- every address


ARGUMENTS: dict[str, Any] = {"number": 1, "seq": 1, "code": "zj", "login": "otto", "kind": "improve-work"}
ARGUMENTS["pk"] = "00000000-0000-0000-0000-000000000000"


VERBS_AT = {"move": VERBS, "custody-decide": custody.VERBS}


def of_a_petition(ref: str) -> Iterator[str]:
    for address, _page in _of_a_petition(ref):
        yield address


def _of_a_petition(ref: str) -> Iterator[tuple[str, str]]:
    """Each address that names a petition, with the name of its page."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        names = pattern.pattern.converters
        for verb in sorted(VERBS_AT[str(pattern.name)]) if "verb" in names else ("",):
            # By a cookie nothing opens for programs, whoever it is of: tests/officer/test_desk_api.py
            if "ref" in names and not str(pattern.name).startswith("api-"):
                known = {**ARGUMENTS, "ref": ref, "verb": verb}
                address = reverse(f"desk:{pattern.name}", kwargs={name: known[name] for name in names})
                yield address, str(pattern.name)


def beside_unknown(browser: Client, ref: str) -> Iterator[tuple[str, Any, Any]]:
    """Each address that names this petition, its answer, and what its page answers of an unknown one.

    Of a page for many verbs one unknown petition is enough: such an answer names its own address, and
    is otherwise the same.
    """
    unknown: dict[str, tuple[str, Any]] = {}
    for address, page in _of_a_petition(ref):
        if page not in unknown:
            elsewhere = address.replace(ref, UNKNOWN)
            unknown[page] = elsewhere, browser.get(elsewhere)
        elsewhere, other = unknown[page]
        one = browser.get(address)
        one.content = one.content.replace(address.encode(), elsewhere.encode())
        yield address, one, other


SENT = {
    "words": "x",
    "reason": "x",
    "body": "zj",
    "purpose": "serve",
    "confirm": "yes",
    "way": "post",
    "ref": "",
}


@pytest.mark.parametrize("login", ["tina", "ada", "audrey", "dora", "rolf", "nobody"])
def test_a_petition_of_others_is_unknown_at_every_address(planted: Walk, login: str) -> None:
    if login == "nobody":
        enrol(Officer.objects.create_officer("nobody", "x", name="Nobody"))
    browser, before = browser_of(login), _state(planted)
    browser.get("/desk/")
    for known, one, other in beside_unknown(browser, planted.ref):
        # 405: this address takes no such request, whoever asks and whatever it names.
        assert one.status_code == other.status_code, known
        assert one.status_code in {404, 405}, known
        assert tokenless(one.content) == tokenless(other.content), known
        assert dict(one.headers) | {"Content-Length": ""} == dict(other.headers) | {"Content-Length": ""}
    assert _state(planted) == before


def _state(walk: Walk) -> tuple[Any, ...]:
    return walk.petition.version, walk.petition.state, Entry.objects.count(), Petition.objects.count()


@pytest.mark.parametrize("login", ["olga", "sven"])
def test_who_may_see_it_and_does_not_handle_it_changes_nothing(planted: Walk, login: str) -> None:
    """A move that is not theirs is refused by the core, whatever form is sent."""
    browser, before = browser_of(login), planted.petition.state
    entries = set(planted.petition.entries.values_list("pk", flat=True))
    for address in of_a_petition(planted.ref):
        browser.post(address, SENT)
    made = planted.petition.entries.exclude(pk__in=entries)
    assert {entry.role for entry in made} <= {"supervisor"} if login == "sven" else not made.exists()
    assert planted.petition.state == before


def test_every_address_of_the_desk_asks_who_it_is(cast: dict[str, Officer]) -> None:
    """Default deny: an address without the guard is one of those where one signs in."""
    unguarded = {str(p.name) for p in urlpatterns if not hasattr(p.callback, "roles")}  # type: ignore[union-attr]
    opens = {"sign-in", "second-step", "provider-start", "provider-back", "provider-leave", "calendar-feed"}
    assert unguarded == opens


@pytest.mark.parametrize("login", ["tina", "ada", "audrey", "dora", "rolf"])
def test_no_list_and_no_count_of_others_changes_with_it(
    cast: dict[str, Officer], desk_pages: Callable[[str], dict[str, list[bytes]]], login: str
) -> None:
    """The lists of whoever may not see it are the same before and after it came."""
    before = desk_pages(login)
    Walk(lodge(now=timezone.now()), timezone.now()).to("accepted")
    assert desk_pages(login) == before


@pytest.fixture
def desk_pages() -> Callable[[str], dict[str, list[bytes]]]:
    def pages(login: str) -> dict[str, list[bytes]]:
        browser = browser_of(login)
        return {place: tokenless(browser.get(f"/desk/{place}").content) for place in LISTS}

    return pages


def test_the_one_who_acts_is_asked_again_by_the_writer(planted: Walk) -> None:
    """Behind the pages: `perform` itself refuses whoever may not see it, as if there were nothing."""
    for login in ("tina", "ada", "audrey"):
        refused = access.refusal(planted.actor(login), planted.petition)
        assert refused is not None
        assert refused.code == "not-found"
