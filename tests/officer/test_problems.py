"""Similar petitions beside the composer, several linked at once, and the register of problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.registry import law, linking, solving
from huiyin.registry.comparing import Reader
from huiyin.registry.models import MatterLink, Petition, Problem
from tests.cast import Walk, acting_as
from tests.registry.alike import LIFT, OTHER, lodged

SAID = {
    "title": "电梯长期停运",
    "place": "柳苑小区",
    "broken": "电梯停运几个月。",
    "body": "",
    "plan": "",
    "plan_by": "",
}
SAID |= {"outcome": ""}


def read() -> None:
    now = timezone.now()
    Reader().read(now)
    solving.refresh(law.at(now)[1])


@pytest.fixture
def lifts(cast: Any) -> list[Petition]:
    made = [filed.petition for filed in lodged((*LIFT, *OTHER), now=timezone.now())]
    read()
    return made


def test_the_page_of_a_petition_shows_those_alike_and_links_several_at_once(
    desk: Callable[..., Client], lifts: list[Petition]
) -> None:
    one, *others = lifts[:4]
    said = desk("otto").get(f"/desk/p/{one.ref}/").content.decode()
    assert "Similar petitions and their answers" in said
    assert others[0].subject in said
    assert lifts[-1].subject not in said
    form = desk("otto").get(f"/desk/p/{one.ref}/matter/").content.decode()
    assert f'value="{others[0].ref}"' in form
    refs = [others[0].ref, others[1].ref]
    sent = desk("otto").post(
        f"/desk/p/{one.ref}/matter/", {"refs": refs, "prior": "", "reasons": "同一部电梯"}
    )
    assert sent.status_code == 302
    assert MatterLink.objects.count() == 3


def test_an_answer_that_one_got_is_begun_from_and_masked_for_who_does_not_handle_it(
    desk: Callable[..., Client], cast: Any
) -> None:
    now = timezone.now()
    walk = Walk(lodged(LIFT[:1], kind="suggestion", now=now)[0], now)
    walk("register", "otto")
    walk("answer-suggestion", "otto", adoption="full", reasons="下月更换电梯主机，联系13912345678。")
    mine, other = (Walk(filed, now) for filed in lodged((LIFT[1], OTHER[0]), kind="suggestion", now=now))
    for each in (mine, other):
        each("register", "otto")
    read()
    address = f"/desk/p/{mine.ref}/move/answer-suggestion/"
    assert "下月更换电梯主机" in desk("otto").get(address).content.decode()
    begun = desk("otto").get(f"{address}?like={walk.ref}").context["form"]
    assert begun["reasons"].value() == "下月更换电梯主机，联系13912345678。"
    stranger = desk("otto").get(f"{address}?like={other.ref}").context["form"]
    assert not stranger["reasons"].value(), "one that is not alike gives nothing"


def test_an_answer_that_was_served_is_begun_from_for_others_of_its_matter(
    desk: Callable[..., Client], cast: Any
) -> None:
    now = timezone.now()
    one, other = (Walk(filed, now) for filed in lodged((LIFT[0], OTHER[0]), kind="suggestion", now=now))
    for each in (one, other):
        each("register", "otto")
    assert linking.link(one.petition, other.ref, "同一部电梯", acting_as("otto"), now) is None
    one("answer-suggestion", "otto", adoption="full", reasons="下月更换电梯主机。")
    address = f"/desk/p/{other.ref}/move/answer-suggestion/?like={one.ref}"
    assert address in desk("otto").get(f"/desk/p/{one.ref}/matter/same/").content.decode()
    assert desk("otto").get(address).context["form"]["reasons"].value() == "下月更换电梯主机。"


def test_who_decides_reads_what_five_share_and_only_a_handler_which_they_are(
    desk: Callable[..., Client], lifts: list[Petition]
) -> None:
    found = Problem.objects.get()
    for login, handles in (("hedda", True), ("sven", False)):
        said = desk(login).get(f"/desk/problems/{found.pk}/")
        shared = said.context["shared"].words
        texts = [f"{subject}。{text}" for subject, text in LIFT]
        assert shared, login
        assert all(sum(words in text for text in texts) >= solving.FEWEST for words in shared), shared
        assert said.context["form"]["place"].value() == "柳苑小区"
        assert (lifts[0].ref in said.content.decode()) is handles, login


def test_a_candidate_is_taken_up_and_everybody_reads_it(
    desk: Callable[..., Client], lifts: list[Petition]
) -> None:
    found = Problem.objects.get()
    listed = desk("hedda").get("/desk/problems/").content.decode()
    assert "at least 5" in listed
    assert LIFT[0][0] in listed
    page = desk("hedda").get(f"/desk/problems/{found.pk}/")
    assert all(petition.ref in page.content.decode() for petition in lifts[: len(LIFT)])
    said = SAID | {"body": str(found.body_id)}
    wrong = desk("hedda").post(f"/desk/problems/{found.pk}/", said | {"title": "请打13912345678"})
    assert wrong.status_code == 400
    assert "13912345678" in wrong.content.decode(), "what was typed is not lost"
    assert desk("hedda").post(f"/desk/problems/{found.pk}/", said).status_code == 302
    for address in ("/problems/", f"/problems/{found.pk}/", "/"):
        assert SAID["title"] in Client().get(address).content.decode(), address
    assert SAID["title"] in desk("tina").get("/desk/problems/").content.decode()
    seen = desk("tina").get(f"/desk/problems/{found.pk}/").content.decode()
    assert not any(petition.ref in seen for petition in lifts)
    assert SAID["title"] in desk("otto").get(f"/desk/p/{lifts[0].ref}/").content.decode()
    audited = desk("audrey").get("/desk/audit/changes/").content.decode()
    # By the words of its own table: an officer has a title, too.
    assert "what is broken, in one line" in audited.casefold()


def test_who_does_not_decide_finds_no_candidate(desk: Callable[..., Client], lifts: list[Petition]) -> None:
    found = Problem.objects.get()
    for login in ("otto", "tina"):
        assert desk(login).get(f"/desk/problems/{found.pk}/").status_code == 404
        assert desk(login).post(f"/desk/problems/{found.pk}/", SAID).status_code == 404
    empty = desk("hedda").post(f"/desk/problems/{found.pk}/dismiss/", {"reason": ""})
    assert empty.status_code == 400
    assert 'href="#id_reason"' in empty.content.decode(), "the error leads to the box"
    assert (
        desk("hedda").post(f"/desk/problems/{found.pk}/dismiss/", {"reason": "两部电梯"}).status_code == 302
    )
    assert Client().get(f"/problems/{found.pk}/").status_code == 404


def test_a_list_asks_as_often_whatever_it_holds(desk: Callable[..., Client], lifts: list[Petition]) -> None:
    browser = desk("hedda")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/desk/problems/").status_code == 200
        return len(queries)

    asked()
    few = asked()
    found = Problem.objects.get()
    for number in range(12):
        Problem.objects.create(
            body=found.body,
            title=f"路灯{number}",
            state="adopted",
            since=found.since,
            found_on=found.found_on,
            refreshed_on=found.found_on,
        )
    assert asked() == few
