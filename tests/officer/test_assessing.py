"""The assessment at the desk: what each body sees, what would be and is not kept, objecting and deciding."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core import assessment_proof
from huiyin.registry.assessments import Assessment, Decision, Objection
from huiyin.registry.models import Body, Change, Officer, Role
from tests.cast import OPINION, Walk, legal_day, lodge

pytestmark = pytest.mark.usefixtures("password_alone")
LAST = legal_day(timezone.now()).year - 1
REASON = "附件当天已补录。"


@pytest.fixture
def last_year(cast: dict[str, Officer]) -> list[Walk]:
    """Six claims of last year, each promised something and done."""
    begun = timezone.now().replace(year=LAST, month=6, day=15)
    made = [Walk(lodge(now=begun), begun + timedelta(seconds=1)) for _ in range(6)]
    for walk in made:
        lines = [{"task_kind": "remedy", "task_what": "修好路灯", "task_due": f"{LAST}-07-30"}]
        walk.to("accepted").signed(**OPINION, tasks=lines)
        walk("issue-opinion", "otto", **OPINION, tasks=lines)
        walk.to("opinion-served")("report-carried-out", "otto", note="已修好")
    return made


@pytest.fixture
def silke(cast: dict[str, Officer]) -> Officer:
    made = Officer.objects.create_officer("silke", "another-long-password", name="Silke")
    Role.objects.create(officer=made, body=Body.objects.get(code="xian"), role="supervisor")
    return made


def text(browser: Client, path: str, code: int = 200) -> str:
    answer = browser.get(f"/desk/assessment/{path}")
    assert answer.status_code == code, path
    return answer.content.decode()


def test_a_supervisor_sees_all_and_a_head_their_own(
    desk: Callable[..., Client], last_year: list[Walk]
) -> None:
    for language in ("en", "zh-hans"):
        html = text(desk("sven", language), f"?year={LAST}")
        assert ("County Petition Office" if language == "en" else "县信访局") in html
        assert ("County Housing Bureau" if language == "en" else "县住建局") in html
    mine = text(desk("hedda"), f"?year={LAST}")
    assert "County Housing Bureau" in mine
    assert "County Petition Office" not in mine
    assert text(desk("hedda"), f"xf/?year={LAST}", 404)
    assert desk("otto").get("/desk/assessment/").status_code == 404
    assert "100" in text(desk("hedda"), f"zj/?year={LAST}")


def test_each_item_leads_to_its_petitions(desk: Callable[..., Client], last_year: list[Walk]) -> None:
    html = text(desk("hedda"), f"zj/?year={LAST}")
    assert f"/desk/assessment/zj/cases/solved/?year={LAST}" in html
    cases = text(desk("hedda"), f"zj/cases/solved/?year={LAST}")
    assert all(walk.ref in cases for walk in last_year)
    assert text(desk("hedda"), f"zj/cases/nothing/?year={LAST}", 404)


def points(**other: int) -> dict[str, Any]:
    said = {
        "solved": 45,
        "answered": 30,
        "kept-day": 10,
        "corrected": 10,
        "receptions": 5,
        "late-notices": 60,
        "false-dates": 200,
        "hidden": 200,
        **{name.replace("_", "-"): n for name, n in other.items() if not name.startswith("w_")},
    }
    weights = {"unsaid": 2, "clear": 1, "several": 4, "hearing": 4, "expert": 4}
    weights |= {name.removeprefix("w_"): n for name, n in other.items() if name.startswith("w_")}
    return {f"points-{k}": v for k, v in said.items()} | {f"weight-{k}": v for k, v in weights.items()}


def test_what_would_be_is_shown_and_nothing_is_kept(
    desk: Callable[..., Client], last_year: list[Walk]
) -> None:
    before = Change.objects.count()
    asked = {"year": LAST, **points(solved=55, answered=20)}
    answer = desk("sven").get("/desk/assessment/", asked)
    assert answer.status_code == 200
    assert "As it would be" in answer.content.decode()
    assert Change.objects.count() == before
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"hidden": 10}, "cost most"),
        ({"solved": 99}, "must come to 100"),
        ({"w_clear": 9}, "hard cases weigh more"),
    ],
)
def test_what_no_rulebook_could_say_is_refused_here_too(
    desk: Callable[..., Client], last_year: list[Walk], other: dict[str, int], said: str
) -> None:
    answer = desk("sven").get("/desk/assessment/", {"year": LAST, **points(**other)})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "As it would be" not in answer.content.decode()


def test_issued_objected_to_and_decided_by_another(
    desk: Callable[..., Client], last_year: list[Walk], silke: Officer
) -> None:
    where, sven, hedda = f"?year={LAST}", desk("sven"), desk("hedda")
    assert hedda.post(f"/desk/assessment/zj/issue/{where}").status_code == 404
    assert sven.post(f"/desk/assessment/zj/issue/{where}").status_code == 302
    assert Assessment.objects.get().points == 100
    empty = hedda.post(f"/desk/assessment/zj/object/{where}", {"item": "solved", "reasons": ""})
    assert empty.status_code == 400
    assert "this is required" in empty.content.decode()
    said = {"item": "solved", "reasons": REASON}
    assert hedda.post(f"/desk/assessment/zj/object/{where}", said).status_code == 302
    waiting = text(sven, f"zj/{where}")
    assert REASON in waiting
    assert "tag-info" in waiting
    Objection.objects.update(decide_by=legal_day(timezone.now()) - timedelta(days=1))
    assert "tag-late" in text(sven, f"zj/{where}")
    decision = {"decided": "dismissed", "reasons": "与记录不符。"}
    by_issuer = sven.post(f"/desk/assessment/zj/decide/{where}", decision)
    assert by_issuer.status_code == 400
    assert not Decision.objects.exists()
    other = Client()
    other.cookies["huiyin_language"] = "en"
    other.force_login(silke)
    assert other.post(f"/desk/assessment/zj/decide/{where}", decision).status_code == 302
    assert Decision.objects.get().objection == Objection.objects.get()
    html = text(hedda, f"zj/{where}")
    assert "与记录不符。" in html
    assert "The objection is not right" in html
    record = desk("audrey").get("/desk/audit/changes/").content.decode()
    assert "The objection is not right" in record
    assert not re.search(r"\b(dismissed|solved)\b", record.partition("<tbody")[2].partition("</tbody")[0])


def test_this_year_cannot_be_issued(desk: Callable[..., Client], last_year: list[Walk]) -> None:
    this = LAST + 1
    assert "Issue the assessment" not in text(desk("sven"), f"zj/?year={this}")
    desk("sven").post(f"/desk/assessment/zj/issue/?year={this}")
    assert not Assessment.objects.exists()


def test_its_page_shows_the_entries_of_the_log_and_hands_out_the_file(
    desk: Callable[..., Client], last_year: list[Walk]
) -> None:
    where = f"?year={LAST}"
    assert desk("sven").get(f"/desk/assessment/zj/proof/{where}").status_code == 404
    desk("sven").post(f"/desk/assessment/zj/issue/{where}")
    for language, said in (("en", "waits for its number"), ("zh-hans", "等待编号"), ("zh-hant", "等待編號")):
        html = text(desk("hedda", language), f"zj/{where}")
        assert said in html
        assert "huiyin-entry/2" in html
        assert "&quot;step&quot;: &quot;issued&quot;" in html
    answer = desk("hedda").get(f"/desk/assessment/zj/proof/{where}")
    assert answer["Content-Disposition"] == f'attachment; filename="assessment-zj-{LAST}.json"'
    (step,) = assessment_proof.read(answer.content.decode()).steps
    assert step.holds
    assert step.opening["body"] == "zj"
    assert desk("otto").get(f"/desk/assessment/zj/proof/{where}").status_code == 404
