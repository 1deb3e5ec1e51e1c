"""Letters between bodies, inspections, meetings, two reports: who may, what stands, what is never told."""

from __future__ import annotations

import ast
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from huiyin.core.counts import shown
from huiyin.core.refusal import Refusal
from huiyin.registry import corresponding, inspecting, meetings, officials
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import BodyLetter, Inspection, LetterAnswer
from huiyin.registry.models import Announced, Body, Officer, Role
from tests.cast import NOW, acting_as, legal_day, lodge
from tests.promises.source import modules

TODAY = legal_day(NOW)
WRITERS = ("correspondence", "corresponding", "inspecting", "meetings", "officials")
TERM = TODAY + timedelta(days=30)


@pytest.fixture
def office(cast: dict[str, Officer], bodies: dict[str, Body]) -> Acting:
    """Olga also supervises for the petition office; a joint conference belongs to the county."""
    Role.objects.create(officer=cast["olga"], body=bodies["xf"], role="supervisor")
    bodies["lx"] = Body.objects.create(
        code="lx", name_zh="县联席会议", kind="conference", level="county", superior=bodies["xian"]
    )
    shi = bodies["shi"]
    Body.objects.create(code="sjw", name_zh="市纪委", kind="discipline", level="prefecture", superior=shi)
    return acting_as("olga")


def draft(bodies: dict[str, Body], kind: str = "improve-work", to: str = "zj", **more: Any) -> Any:
    said: dict[str, Any] = {"text": "公开办理进度。", "term": TERM} | more
    return corresponding.Draft(kind, bodies["xf"], bodies[to], **said)


def sent(made: Any) -> BodyLetter:
    assert isinstance(made, BodyLetter), made
    return made


def refused(made: Any) -> set[str]:
    assert isinstance(made, Refusal), made
    return set(made.fields) or {made.code}


def test_a_proposal_is_answered_once_by_the_body_that_got_it(office: Acting, bodies: dict[str, Body]) -> None:
    letter = sent(corresponding.send(draft(bodies), office, NOW, TODAY))
    hedda, tina = acting_as("hedda"), acting_as("tina")
    assert refused(corresponding.answer(letter, "full", "好", tina, NOW)) == {"wrong-role"}
    assert refused(corresponding.answer(letter, "maybe", "好", hedda, NOW)) == {"adopted"}
    assert refused(corresponding.answer(letter, "part", " ", hedda, NOW)) == {"reasons"}
    made = corresponding.answer(letter, "part", "先公开两类。", hedda, NOW)
    assert isinstance(made, LetterAnswer)
    assert refused(corresponding.answer(letter, "full", "好", hedda, NOW)) == {"wrong-role"}
    assert not corresponding.visible_to(tina).exists()


def test_only_who_supervises_for_the_right_kind_of_body_writes(
    office: Acting, bodies: dict[str, Body]
) -> None:
    assert set(corresponding.may_write(office)) == {
        *("improve-work", "improve-policy", "pursue-responsibility", "feedback")
    }
    assert refused(corresponding.send(draft(bodies), acting_as("otto"), NOW, TODAY)) == {"wrong-role"}
    interview = draft(bodies, "interview")
    assert refused(corresponding.send(interview, office, NOW, TODAY)) == {"wrong-role"}
    assert refused(corresponding.send(draft(bodies, term=TODAY), office, NOW, TODAY)) == {"term"}
    assert refused(corresponding.send(draft(bodies, text=" "), office, NOW, TODAY)) == {"text"}
    above = draft(bodies, "feedback", to="xian")
    assert refused(corresponding.send(above, office, NOW, TODAY)) == {"receiver"}


def test_a_proposal_about_a_body_never_reaches_it_or_who_answers_to_it(
    office: Acting, bodies: dict[str, Body]
) -> None:
    about = {"about": bodies["zj"], "ground": "delayed", "office": "局主要负责人"}
    itself = draft(bodies, "pursue-responsibility", to="zj", **about)
    assert refused(corresponding.send(itself, office, NOW, TODAY)) == {"receiver"}
    sent(corresponding.send(draft(bodies, "pursue-responsibility", to="jw", **about), office, NOW, TODAY))
    seen = {login for login in ("otto", "hedda", "dora", "olga") if _sees(login)}
    assert seen == {"dora", "olga"}
    above = {"about": bodies["xian"], "ground": "delayed"}
    from_below = draft(bodies, "pursue-responsibility", to="shi", **above)
    assert refused(corresponding.send(from_below, office, NOW, TODAY)) == {"receiver"}


def _sees(login: str) -> bool:
    return corresponding.visible_to(acting_as(login)).exists()


def test_a_letter_names_only_petitions_that_its_writer_may_see(
    office: Acting, bodies: dict[str, Body]
) -> None:
    there = lodge(body="zj")
    about_it = lodge(kind="report", against=("zj",))
    hidden = lodge(kind="report", against=("xian",))
    sent(corresponding.send(draft(bodies, refs=(there.ref,)), office, NOW, TODAY))
    for ref in (about_it.ref, hidden.ref, "HY-00000-00000"):
        assert refused(corresponding.send(draft(bodies, refs=(ref,)), office, NOW, TODAY)) == {"refs"}


def test_nothing_that_was_written_can_be_written_again(office: Acting, bodies: dict[str, Body]) -> None:
    """No code changes or deletes a row of these tables: an answer and minutes are rows of their own."""
    text = "\n".join(ast.unparse(modules()[f"registry/{name}.py"]) for name in WRITERS)
    for word in (".update(", ".delete(", ".save(", "bulk_update"):
        assert word not in text, word


# ---- the conference


def test_a_conference_calls_meets_and_records_once(
    office: Acting, bodies: dict[str, Body], cast: dict[str, Officer]
) -> None:
    Role.objects.create(officer=cast["tina"], body=bodies["lx"], role="supervisor")
    secretary = acting_as("tina")
    common: dict[str, Any] = {"agenda": "河道垃圾归谁管", "bodies": ["zj", "jt"], "now": NOW, "today": TODAY}
    outsider = meetings.call(bodies["lx"], day=TODAY, refs=[], acting=office, **common)
    assert refused(outsider) == {"wrong-role"}
    meeting = meetings.call(bodies["lx"], day=TODAY, refs=[], acting=secretary, **common)
    assert not isinstance(meeting, Refusal)
    assert not isinstance(
        meetings.record(meeting, "议了", "由住建局办", acting=secretary, now=NOW, today=TODAY), Refusal
    )
    assert refused(meetings.record(meeting, "改", "改", acting=secretary, now=NOW, today=TODAY)) == {
        "wrong-role"
    }
    assert not meetings.visible_to(office).exists()
    listed = corresponding.Draft(
        "listing", bodies["lx"], bodies["zj"], text="限期办结", refs=(lodge(body="zj").ref,), term=TERM
    )
    sent(corresponding.send(listed, secretary, NOW, TODAY))
    assert _sees("hedda")
    assert refused(corresponding.send(draft(bodies), secretary, NOW, TODAY)) == {"wrong-role"}


# ---- the two reports about officials


def test_the_reports_about_officials_hold_counts_and_nothing_that_could_name_anybody(
    office: Acting, bodies: dict[str, Body]
) -> None:
    for _ in range(6):
        lodge(
            kind="report",
            against=("zj",),
            against_words="李四局长",
            subject="举报李四",
            text="李四收钱",
            body="jw",
        )
    lodge(kind="report", against=("jt",), body="jw")
    made = officials.send(
        "personnel-report", bodies["xf"], bodies["jw"], first=TODAY, last=TODAY, acting=office, now=NOW
    )
    told = sent(made).figures
    assert {line["body"]: line["reports"] for line in told["lines"]} == {"zj": 6, "jt": "<5"}
    assert sent(made).text == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT figures FROM registry_bodyletter")
        kept = str(cursor.fetchall())
    for word in ("李四", "张三", "HY-", "138"):
        assert word not in kept


def test_nobody_reads_in_a_report_about_themselves(office: Acting, bodies: dict[str, Body]) -> None:
    for _ in range(6):
        lodge(kind="report", against=("zj",), body="jw")
    assert officials.figures(office, bodies["zj"], TODAY, TODAY)["lines"] == []
    for login in ("otto", "hedda", "sven"):
        made = officials.send(
            "tour-report",
            bodies["xf"],
            bodies["jw"],
            first=TODAY,
            last=TODAY,
            acting=acting_as(login),
            now=NOW,
        )
        assert refused(made) == {"wrong-role"}


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [(0, None, 0), (1, None, "<5"), (4, None, "<5"), (5, None, 5), (6, 7, "<5"), (7, 7, 7), (0, 3, "<5")],
)
def test_a_small_count_is_not_said_nor_one_that_gives_a_small_one_away(
    count: int, of: int | None, said: Any
) -> None:
    assert shown(count, of=of) == said


# ---- the pages


def test_the_pages_are_for_those_who_may(office: Acting, bodies: dict[str, Body]) -> None:
    from django.test import Client

    letter = sent(corresponding.send(draft(bodies), office, NOW, TODAY))
    inspection = _draw_some(office, bodies)
    places = {
        f"letters/{letter.pk}/": {"olga", "hedda"},
        "letters/": {"olga", "hedda", "sven", "tina"},
        f"inspections/{inspection.pk}/": {"olga", "sven"},
        f"inspections/{inspection.pk}/list/": {"olga", "sven"},
        "inspections/new/": {"olga", "sven"},
        "officials/": {"olga"},
        "conference/": set(),
        "letters/new/improve-work/": {"olga"},
    }
    for place, allowed in places.items():
        got = set()
        for login in ("olga", "hedda", "sven", "tina", "audrey"):
            browser = Client()
            browser.force_login(Officer.objects.get(login=login))
            answer = browser.get(f"/desk/{place}")
            assert answer.status_code in {200, 404}, (place, login)
            got |= {login} if answer.status_code == 200 else set()
        assert got == allowed, place


def _draw_some(office: Acting, bodies: dict[str, Body]) -> Inspection:
    lodge(body="zj")
    announced = inspecting.announce(office, bodies["zj"], first=TODAY, last=TODAY, size=1, now=NOW)
    assert isinstance(announced, Announced), announced
    made = inspecting.draw(announced, "4 2", acting=office, now=NOW)
    assert isinstance(made, Inspection), made
    return made
