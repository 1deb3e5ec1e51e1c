"""Promises 3, 5 and 6: a re-review opinion is public only masked, approved, unopposed, where law says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.clerk.sweep import sweep
from huiyin.core import rulebook
from huiyin.core.refusal import Refusal
from huiyin.registry import answers, erasing, publishing
from huiyin.registry.models import Body, Clock, Officer, Outbox, Petition, Publication, Role
from huiyin.registry.prospects import open_moves
from huiyin.vault.seal import Author as Person
from tests.cast import FINDING, REVIEW, Walk, legal_day, lodge

OWN = Person(name="陆云起", phone="13912345678", email="luyunqi@example.test", address="青石巷小院")
TEXT = "陆云起家门前的路灯不亮。邻居叫欧阳娜娜，电话13811112222，住幸福路128号3栋2单元501室。"
FACTS = (
    "经查，陆云起与欧阳娜娜反映属实，车牌湘A12345，身份证号430102199001011234，"
    "路灯编号甲三。王小虎同志已到场。"
)
PLANTED = (
    *("陆云起", "欧阳娜娜", "13912345678", "13811112222", "128号", "501室", "湘A12345", "430102199001011234"),
    *("luyunqi", "青石巷小院", "王小虎"),
)
VERBS = {"propose-publication", "approve-publication", "refuse-publication", "withdraw-publication"}
PAGES = ("/opinions/", "/opinions/?year=2026", "/opinions/?body=shi")
OVERLAY = """
[rulebook]
extends = "cn-2022"
id = "cn-open-2022"
jurisdiction = "cn-open"
title = { zh = "公示复核意见的地方", en = "A place that publishes" }
publishes = true
"""


@pytest.fixture
def on(tmp_path: Path, settings: Any) -> Iterator[None]:
    """An installation whose law, an overlay from the operator's folder, turns publication on."""
    (tmp_path / "cn-open").mkdir()
    (tmp_path / "cn-open" / "cn-open-2022.toml").write_text(OVERLAY, encoding="utf-8")
    settings.RULEBOOKS_DIR, settings.JURISDICTION = tmp_path, "cn-open"
    rulebook.also_from(tmp_path)
    yield
    rulebook.also_from(None)


@pytest.fixture
def city(cast: dict[str, Officer]) -> dict[str, Officer]:
    """The cast, with two heads at the city, one of whom reviews as well."""
    for login, roles in (("hugo", ["head"]), ("delia", ["head", "reviewer"])):
        cast[login] = Officer.objects.create(login=login, name=login.title())
        Role.objects.bulk_create(
            [Role(officer=cast[login], body=Body.objects.get(code="shi"), role=role) for role in roles]
        )
    return cast


def served(*, heard: bool = True, days_ago: int = 60, joint: bool = False) -> Walk:
    """A re-review opinion full of names, served."""
    then = timezone.now() - timedelta(days=days_ago)
    walk = Walk(lodge(now=then, text=TEXT, author=OWN, joint=joint), then).to("rereview-requested")
    if heard:
        walk.hear("rolf").close_hearing("rolf")
        walk("conclude-hearing", "rolf", conclusion="属实")
    walk("issue-rereview-opinion", "rolf", **{**REVIEW, "findings": [{**FINDING, "facts": FACTS}]})
    walk("serve", "rolf", served_on=walk.today.isoformat(), way="in-person")
    return walk


def text(walk: Walk) -> str:
    return publishing.text_of(walk.petition)


def announced(**said: Any) -> Walk:
    walk = served(**said)
    walk("propose-publication", "rolf", publication_text=text(walk).replace("甲三", "〔隐去〕"))
    walk("approve-publication", "hugo", publication_text=text(walk))
    return walk


def published() -> tuple[Walk, Publication]:
    walk = announced()
    walk.later(days=30)
    assert sweep(walk.now)["publish-opinion"] == 1
    return walk, Publication.objects.get(petition=walk.petition)


def offered(walk: Walk, *logins: str) -> set[str]:
    rows = (row for login in logins for row in open_moves(walk.petition, walk.actor(login), walk.now))
    return {row.verb for row in rows if "publi" in row.verb}


def code(made: Petition | Refusal) -> str:
    return made.code if isinstance(made, Refusal) else ""


def test_no_law_that_ships_publishes() -> None:
    assert [book.id for book in rulebook.all_rulebooks() if book.publishes] == []


def test_off_nothing_is_offered_and_nothing_is_public(city: Any) -> None:
    walk = served()
    assert offered(walk, "rolf", "hugo", "delia", "author") == set()
    assert code(walk.ask("propose-publication", "rolf", publication_text=text(walk))) == "not-published-here"
    Publication.objects.create(
        body=Body.objects.get(code="shi"),
        rulebook="cn-2022",
        article="36.1",
        outcome="uphold",
        issued_on=walk.today,
        text="从前公示的",
        published_on=walk.today,
    )
    assert Client().get(f"/opinions/{Publication.objects.get().pk}/").status_code == 404
    answers.catch_up()
    for page in PAGES:  # leads to what else was answered in public
        shown = Client().get(page, follow=True)
        assert shown.redirect_chain == [("/answers/", 302)]
        assert b"/opinions/" not in shown.content
        assert "从前公示的" not in shown.content.decode()
    assert b"/opinions/" not in Client().get("/").content


def test_no_planted_name_number_or_reference_is_on_a_public_page(on: None, city: Any) -> None:
    walk, made = published()
    hidden = (*PLANTED, walk.ref, walk.ref.replace("-", ""), "甲三", "rolf", "hugo")
    for language in ("zh-hans", "en"):
        browser = Client()
        browser.cookies["huiyin_language"] = language
        for page in (*PAGES, f"/opinions/{made.pk}/", "/"):
            answer = browser.get(page)
            assert answer.status_code == 200
            shown = answer.content.decode()
            assert [word for word in hidden if word in shown] == [], page
            if page != "/":
                assert "noindex" in answer["X-Robots-Tag"]
    shown = Client().get(f"/opinions/{made.pk}/").content.decode()
    assert "〔姓名〕" in shown
    assert "〔隐去〕" in shown
    assert "修好路灯" in shown
    assert (
        f"/opinions/{made.pk}/" in Client().get(f"/opinions/?year={made.published_on.year}").content.decode()
    )


def test_a_search_finds_its_words_and_nobody(on: None, city: Any) -> None:
    walk, made = published()
    browser = Client()
    shown = browser.post("/answers/", {"q": "修好路灯"}, follow=True).content.decode()
    assert f"/opinions/{made.pk}/" in shown
    assert "<mark>修好路灯</mark>" in shown
    for said in (*PLANTED, walk.ref, "甲三"):
        assert said not in shown
        answer = browser.post("/answers/", {"q": said}, follow=True)
        assert answer.status_code == 400 or f"/opinions/{made.pk}/" not in answer.content.decode(), said


def test_nothing_is_shown_again_and_the_proposer_does_not_approve(on: None, city: Any) -> None:
    walk = served()
    masked = text(walk)
    assert [word for word in PLANTED if word in masked] == []
    shows = masked.replace("〔姓名〕", "陆云起", 1)
    assert code(walk.ask("propose-publication", "rolf", publication_text=shows)) == "not-the-masked-text"
    walk("propose-publication", "delia", publication_text=masked.replace("甲三", "〔隐去〕"))
    # Whoever approves starts from what was proposed: what was hidden by hand stays hidden.
    assert code(walk.ask("approve-publication", "hugo", publication_text=masked)) == "not-the-masked-text"
    assert code(walk.ask("approve-publication", "delia", publication_text=text(walk))) == "own-proposal"
    assert offered(walk, "delia") == {"refuse-publication"}
    walk("approve-publication", "hugo", publication_text=text(walk))
    assert not Publication.objects.exists()


def test_its_author_reads_it_first_and_stops_it(on: None, city: Any) -> None:
    walk = announced(days_ago=7)  # the hearing takes a week: it is approved today
    notice = Outbox.objects.get(petition=walk.petition, notice="publication-ahead")
    assert notice.audience == "author"
    told = Client()
    told.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    page = told.get("/follow/petition/").content.decode()
    assert "object-to-publication" in page
    assert "〔隐去〕" in page
    walk.later(days=14)
    assert sweep(walk.now)["publish-opinion"] == 0
    walk("object-to-publication", "author")
    walk.later(days=30)
    assert sweep(walk.now)["publish-opinion"] == 0
    assert not Publication.objects.exists()
    assert offered(walk, "rolf", "hugo", "delia", "author") == set()


def test_the_head_stops_it_before_and_takes_it_down_after(on: None, city: Any) -> None:
    walk = announced()
    walk("refuse-publication", "hugo", reasons="还能认出是谁")
    assert Clock.objects.get(petition=walk.petition, name="publication").ended == walk.today
    walk("propose-publication", "rolf", publication_text=text(walk))
    walk("approve-publication", "hugo", publication_text=text(walk))
    walk.later(days=30)
    sweep(walk.now)
    made = Publication.objects.get()
    walk("withdraw-publication", "hugo", reasons="能认出是谁")
    answer = Client().get(f"/opinions/{made.pk}/")
    assert answer.status_code == 410
    assert "路灯" not in answer.content.decode()
    assert Publication.objects.get().text == ""
    assert offered(walk, "rolf", "hugo", "delia") == set()


def test_erased_with_its_petition(on: None, city: Any) -> None:
    walk, made = published()
    later = walk.now + timedelta(days=366 * 31)
    Outbox.objects.update(sent_at=walk.now)
    due = next(each for each in erasing.due(later.date()) if each.petition.ref == walk.ref)
    erasing.erase(due, later, batch="b")
    made.refresh_from_db()
    assert (made.petition_id, made.text, made.withdrawn_on) == (None, "", legal_day(later))
    assert Client().get(f"/opinions/{made.pk}/").status_code == 410


def test_only_what_was_heard(on: None, city: Any) -> None:
    walk = served(heard=False)
    assert offered(walk, "rolf", "delia") == set()
    assert code(walk.ask("propose-publication", "rolf", publication_text=text(walk))) == "not-sat-on"


def test_a_report_and_a_joint_petition_are_never_published(on: None, city: Any) -> None:
    book = rulebook.by_id("cn-open-2022")
    rows = [row for row in book.rows if "publication" in row.verb or row.verb == "publish-opinion"]
    assert {row.kinds for row in rows} == {frozenset({"claim"})}
    joint = served(joint=True)
    assert offered(joint, "rolf", "delia") == set()
    refused = joint.ask("propose-publication", "rolf", publication_text=text(joint))
    assert code(refused) == "already-signatures"


def test_its_list_asks_the_database_the_same_however_long_it_is(
    on: None, city: Any, django_assert_max_num_queries: Any
) -> None:
    shi = Body.objects.get(code="shi")
    said: dict[str, Any] = {"rulebook": "cn-2022", "article": "36.1", "outcome": "uphold", "text": "一"}
    day = legal_day(timezone.now())
    Publication.objects.bulk_create(
        [Publication(body=shi, issued_on=day, published_on=day, **said) for _ in range(45)]
    )
    with django_assert_max_num_queries(9):
        page = Client().get("/opinions/?page=2").content.decode()
    assert page.count('class="card"') == 20
