"""Promise 6: a report against persons is betrayed by no page, count, list, number, feed or answer.

Not to anybody it is about, to whoever answers to them, to a stranger, or to the public.

Everything they can open is read before it is lodged and after it was handled for a while: not a byte differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from huiyin.doors.public import urls as public
from huiyin.registry.keys import new_key, new_ref
from huiyin.registry.models import Body, Entry, Export, Officer, Role
from tests.cast import NOW, Walk, lodge
from tests.officer.pages import tokenless
from tests.promises.test_permissions import LISTS, beside_unknown

# Whom it is about, and who of the cast may not know: who serves there or answers to it, and strangers.
ABOUT = {
    "zj": ("hedda", "tina", "ada"),
    "xian": ("sven", "audrey", "otto"),
}


def browsers(cast: dict[str, Officer], logins: tuple[str, ...]) -> Iterator[tuple[str, Client]]:
    yield "", Client()
    for login in logins:
        browser = Client()
        browser.force_login(Officer.objects.get(pk=cast[login].pk))
        yield login, browser


def addresses(login: str) -> list[str]:
    """Of the desk every list; of the public door, which knows nobody, every page that takes no part."""
    open_to_all = [
        f"/{p.pattern}" for p in public.urlpatterns if isinstance(p, URLPattern) and "<" not in str(p.pattern)
    ]
    own = [f"/desk/{place}" for place in (*LISTS, "people/dora/", "bodies/jw/", "bodies/shi/")]
    return own if login else [*open_to_all, "/api/v1/openapi.json"]


def read(cast: dict[str, Officer], logins: tuple[str, ...]) -> dict[tuple[str, str], Any]:
    Export.objects.all().delete()  # the figures of a year that this very reading takes are on record
    told = {}
    for login, browser in browsers(cast, logins):
        for address in addresses(login):
            answer = browser.get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            told[login, address] = (answer.status_code, tokenless(body))
    return told


def handled(about: str) -> Walk:
    """A report that lies with whoever may have it, with moves that leave letters, notices and terms."""
    walk = Walk(lodge(kind="report", subject="有人收钱", text="张局长收钱", against=(about,)))
    holder = {"jw": "dora", "sjw": "stella"}[walk.petition.holder.code]
    for verb, login, contents in (
        ("write-author", holder, {"message": "请补充"}),
        ("write-back", "author", {"message_back": "补充"}),
        ("remark", holder, {"remark_later": "材料齐全"}),
        ("acknowledge-hand-over", holder, {}),
    ):
        walk(verb, login, **contents)
    return walk


@pytest.mark.parametrize("about", sorted(ABOUT))
def test_nobody_whom_it_is_about_finds_one_byte_that_changed(
    cast: dict[str, Officer], bodies: Any, about: str
) -> None:
    Role.objects.create(officer=cast["hedda"], body=bodies["zj"], role="auditor")
    above = {"code": "sjw", "name_zh": "市纪委监委", "kind": "discipline", "level": "prefecture"}
    city = Body.objects.create(**above, superior=bodies["shi"])
    Role.objects.create(officer=cast["stella"], body=city, role="registrar")
    Walk(lodge(now=NOW)).to("accepted")  # so that there is something in every list
    before = read(cast, ABOUT[about])
    assert {status for status, _body in before.values()} <= {200, 302, 404}
    walk = handled(about)
    after = read(cast, ABOUT[about])
    changed = [key for key, told in before.items() if after[key] != told]
    assert changed == []
    for login, browser in browsers(cast, ABOUT[about]):
        if login:
            for known, one, other in beside_unknown(browser, walk.ref):
                assert one.status_code == other.status_code, known
                assert tokenless(one.content) == tokenless(other.content), known


def test_the_api_answers_a_wrong_key_of_a_report_as_it_does_an_unknown_reference(cast: Any) -> None:
    walk, unknown = handled("zj"), new_ref()
    answers = []
    for ref in (walk.ref, unknown):
        answer = Client().get(f"/api/v1/petitions/{ref}", headers={"Huiyin-Key": new_key(ref)})
        answers.append((answer.status_code, json.dumps(answer.json()).replace(ref, "")))
    assert answers[0] == answers[1]


def test_no_document_on_a_report_takes_a_number(cast: Any) -> None:
    """A gap in the numbers of a body's letters would tell that there is one."""
    walk = Walk(lodge(kind="report", against=("zj",), body="xf")).to("registered")
    if walk.petition.holder.code == "xf":
        walk("transfer", "olga", body="jw")
    walk("acknowledge-hand-over", "dora") if walk.petition.state == "handing-over" else None
    said = [entry.contents for entry in Entry.objects.filter(petition=walk.petition)]
    assert not [each for each in said if "document_number" in each]
    claim = Walk(lodge()).to("accepted")
    assert [e for e in claim.petition.entries.all() if "document_number" in e.contents]
