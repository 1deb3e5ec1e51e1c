"""Extensions: how many, by term and body, with how sure it is; and the reasons as the officers gave them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk import numbering, sweep
from huiyin.core.intervals import Share
from huiyin.registry import assessment_cases, board_round, extensions, law, watched
from huiyin.registry.models import Body, Clock, Recusal
from tests.cast import Walk, acting_as

pytestmark = pytest.mark.usefixtures("password_alone")
WHY = "需要有资质的机构鉴定。"


def extend(walk: Walk, reasons: str = WHY) -> Walk:
    walk("extend", "hedda", days=15, reasons=reasons)
    return walk


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def refs(html: str) -> list[str]:
    return re.findall(r'href="/desk/p/([^/"]+)/', html)


def this_year() -> int:
    return law.at(timezone.now())[1].year


def test_the_number_of_extended_terms_leads_to_who_extended_and_why(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    first, second = (
        extend(at("accepted", days=2)),
        extend(at("accepted", days=1), "两户说法不一，需要再到现场。"),
    )
    for _ in range(3):
        at("opinion-served", days=1)
    year = first.petition.clocks.get(name="handling").start.year
    measures = page(desk("hedda"), f"/desk/supervise/measures/?year={year}")
    (there,) = set(re.findall(r'href="(/desk/supervise/measures/extensions/[^"]*)"', measures))
    html = page(desk("hedda"), there.replace("&amp;", "&"))
    assert WHY in html
    assert refs(html) == [second.ref, first.ref]  # the newest first
    assert "County Housing Bureau" in html
    assert "40%" in html  # two of five
    assert "no ranking" in html


def test_supervisors_read_the_reasons_masked_and_others_not_at_all(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    extend(at("accepted", days=2), "要等王小明（电话13912345678）回来。")
    own, above = (page(desk(login), "/desk/supervise/measures/extensions/") for login in ("hedda", "sven"))
    assert "13912345678" in own
    assert "回来" in above
    assert "13912345678" not in above
    assert desk("otto").get("/desk/supervise/measures/extensions/").status_code == 404
    assert desk("hedda").get("/desk/supervise/measures/extensions/?body=jt").status_code == 404


def test_reports_and_what_somebody_stepped_back_from_are_in_neither_part(
    at: Callable[..., Walk], cast: Any
) -> None:
    away, kept = extend(at("accepted", days=2)), extend(at("accepted", days=2))
    Recusal.objects.create(petition=away.petition, officer=cast["sven"])
    sven = acting_as("sven", law.at(timezone.now())[1])
    mine, year = watched.at_desk(sven), kept.petition.clocks.get(name="handling").start.year
    assert [each.petition.ref for each in extensions.reasons(sven, mine, year).reasons] == [kept.ref]
    assert [each.share for each in extensions.by_body(sven, mine, year)] == [Share(1, 1)]
    numbering.number()
    board_round.count(timezone.now())
    assert [each.share for each in extensions.by_body(sven, mine, year)] == [Share(1, 1)]
    type(kept.petition).objects.filter(ref=kept.ref).update(kind="report")
    assert extensions.reasons(sven, mine, year).reasons == []


def test_they_are_shown_page_by_page_and_asked_for_in_as_many_questions(
    desk: Callable[..., Client], at: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensions, "A_PAGE", 2)
    walks = [extend(at("accepted", days=days)) for days in (4, 3, 2, 1, 0)]
    browser, where, seen, asked = desk("hedda"), "", [], []
    page(browser, "/desk/supervise/measures/extensions/")
    while True:
        with CaptureQueriesContext(connection) as queries:
            html = page(browser, f"/desk/supervise/measures/extensions/{where}")
        asked.append(len(queries))
        seen += refs(html)
        on = re.search(r'href="([?][^"]*before=[0-9]+)"', html)
        if on is None:
            break
        where = on[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(walk.ref for walk in walks)
    assert len(seen) == 5
    assert max(asked) <= asked[0] + 1  # where the page before ended
    for wrong in ("?before=x", "?before=-1", "?year=1999"):
        assert browser.get(f"/desk/supervise/measures/extensions/{wrong}").status_code == 404, wrong


# ---- the cases of a share of terms


def test_the_cases_of_a_term_come_page_by_page_those_not_kept_first(
    desk: Callable[..., Client], at: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessment_cases, "A_PAGE", 2)
    for state, days in (("accepted", 2), ("accepted", 3), ("accepted", 2), ("transferred", 40)):
        at(state, days=days)
    over = at("transferred", days=50)
    late = at("accepted", days=4)
    sweep.sweep(timezone.now())
    Clock.objects.filter(petition=late.petition, name="notice").update(
        state="missed", due=date(2026, 1, 5), ended=date(2026, 1, 9)
    )
    Clock.objects.filter(name="notice").update(start=date(this_year(), 2, 2))
    Clock.objects.filter(petition=over.petition, name="notice").update(start=date(this_year(), 2, 1))
    browser, where, seen = desk("hedda"), "", []
    while True:
        html = page(browser, f"/desk/supervise/measures/notice/{where}")
        seen.append(refs(html.partition("<tbody")[2]))
        on = re.search(r'href="([?][^"]*after=[0-9.-]+)"', html)
        if on is None:
            break
        where = on[1].replace("&amp;", "&")
    assert [len(each) for each in seen] == [2, 2, 2]
    listed = [ref for part in seen for ref in part]
    assert len(set(listed)) == 6
    assert (listed[1], listed[2]) == (over.ref, late.ref)  # overdue, late, then what was kept
    for wrong in ("x", "9.2026-01-01.1", "0.2026-13-01.1"):
        assert browser.get(f"/desk/supervise/measures/notice/?after={wrong}").status_code == 404, wrong


def test_a_body_stands_beside_those_like_it_with_how_sure_each_share_is(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Body]
) -> None:
    Body.objects.filter(code="jt").update(kind=bodies["zj"].kind, level=bodies["zj"].level)
    for _ in range(5):
        at("accepted", days=2)
    row = Clock.objects.filter(name="notice").first()
    assert row is not None
    year = row.start.year
    path = f"/desk/supervise/measures/notice/?year={year}&body=zj"
    assert "like it" not in page(desk("sven"), path)  # no other with five
    Clock.objects.filter(pk__in=list(Clock.objects.filter(name="sort").values_list("pk", flat=True))).update(
        name="notice", body="jt", state="missed", ended=None
    )
    html = page(desk("sven"), path).partition("Beside bodies like it")[2]
    assert "County Transport Bureau" in html
    assert "this body" in html
    assert "differs from it" in html
    assert "Beside bodies like it" not in page(desk("hedda"), f"/desk/supervise/measures/notice/?year={year}")
