"""Making moves on the desk: checked before they count, refused politely, and nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.core.text import Text
from huiyin.registry.models import Petition, Role
from tests.cast import FINDING, OPINION, REQUESTS, REVIEW, Walk, as_form

WORDS = as_form(OPINION)


def post(browser: Client, walk: Walk, verb: str, seen: int | None = None, /, **said: Any) -> Any:
    version = walk.petition.version if seen is None else seen
    return browser.post(f"/desk/p/{walk.ref}/move/{verb}/", {"seen": version, **said})


def test_a_claim_is_carried_to_its_served_opinion_on_the_desk_alone(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, olga, otto, hedda = at("lodged"), desk("olga"), desk("otto"), desk("hedda")
    post(olga, walk, "register", step="confirm")
    post(olga, walk, "transfer", step="confirm", body="zj")
    asked = as_form({"requests": REQUESTS})
    post(otto, walk, "accept", step="confirm", note="We will look at it.", **asked)
    post(otto, walk, "submit-opinion", step="confirm", **WORDS)
    post(hedda, walk, "countersign", step="confirm")
    post(otto, walk, "issue-opinion", step="confirm", **WORDS)
    post(otto, walk, "serve", step="confirm", served_on=walk.today.isoformat(), way="post")
    assert walk.petition.state == "opinion-served"
    assert walk.petition.entries.filter(role="registrar", officer__login="olga").count() == 2


def test_what_decides_is_shown_before_it_counts(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted").signed()
    page = post(desk("otto"), walk, "issue-opinion", step="check", **WORDS)
    assert page.status_code == 200
    assert walk.petition.state == "accepted"
    assert "三盏路灯不亮" in page.content.decode()
    assert "you have 30 days" in page.content.decode()
    assert "County Government" in page.content.decode()


def test_the_check_names_every_clock_that_follows(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    said = [
        str(c.text)
        for c in post(desk("olga"), walk, "transfer", step="check", body="zj").context["consequences"]
    ]
    after = walk("transfer", "olga", body="zj")
    for clock in after.clocks.filter(name__in=("notice", "objection"), state="running"):
        assert any(Text.of_day(clock.due).en in line for line in said)


def test_going_back_from_the_check_shows_everything_as_it_was_typed(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    page = post(desk("otto"), walk, "submit-opinion", step="edit", **WORDS | {"answers-0-facts": ""})
    assert page.status_code == 200
    (answer,) = page.context["form"].rows["answers"]
    assert answer["view"].value() == FINDING["view"]
    assert not answer.errors


def test_nothing_is_done_without_the_check(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted").signed()
    post(desk("otto"), walk, "issue-opinion", **WORDS)
    assert walk.petition.state == "accepted"


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    page = post(desk("otto"), walk, "submit-opinion", step="confirm", **WORDS | {"answers-0-basis": ""})
    assert page.status_code == 400
    (answer,) = page.context["form"].rows["answers"]
    assert answer.errors.keys() == {"basis"}
    assert FINDING["facts"] in page.content.decode()


def test_a_refusal_of_the_law_stands_above_the_form_with_its_article(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("opinion-issued")
    said = {"served_on": "2020-01-01", "way": "post"}
    page = post(desk("otto"), walk, "serve", step="check", **said)
    assert page.status_code == 409
    assert "The day of service lies between" in page.content.decode()
    assert page.context["form"]["served_on"].value() == "2020-01-01"
    assert page.context["article"].en == "art. 35"


def test_who_looked_at_an_older_state_is_told_what_happened_and_keeps_the_words(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted").signed()
    seen = walk.petition.version
    walk("add-information", "author", information="It also flickers.")
    page = post(desk("otto"), walk, "issue-opinion", seen, step="confirm", **WORDS)
    assert page.status_code == 409
    assert "Somebody else acted first" in page.content.decode()
    assert "The petitioner added information" in page.content.decode()
    assert FINDING["facts"] in page.content.decode()
    assert page.context["version"] == walk.petition.version
    assert walk.petition.state == "accepted"


def test_a_form_that_says_nothing_of_what_was_seen_does_nothing(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    answer = desk("olga").post(f"/desk/p/{walk.ref}/move/transfer/", {"step": "confirm", "body": "zj"})
    assert answer.status_code == 409
    assert walk.petition.state == "registered"


def test_a_move_that_is_no_longer_open_gives_the_words_back(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted").signed()
    seen = walk.petition.version
    walk("issue-opinion", "otto", **OPINION)
    mine = WORDS | {"answers-0-view": "My own words"}
    page = post(desk("otto"), walk, "issue-opinion", seen, step="confirm", **mine)
    assert page.status_code == 409
    assert "My own words" in page.content.decode()
    assert "Opinion issued" in page.content.decode()
    assert walk.petition.entries.filter(event="opinion-issued").count() == 1


@pytest.mark.parametrize("verb", ["extend", "issue-review-opinion", "no-such-move", "lodge", "breach"])
def test_a_move_that_is_not_open_to_this_officer_has_no_form(
    desk: Callable[..., Client], at: Callable[..., Walk], verb: str
) -> None:
    walk = at("accepted")
    assert desk("otto").get(f"/desk/p/{walk.ref}/move/{verb}/").status_code == 404
    assert post(desk("otto"), walk, verb, step="confirm").status_code == 409
    assert walk.petition.version == 4


def test_only_bodies_that_could_take_it_are_offered(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    form = desk("olga").get(f"/desk/p/{walk.ref}/move/assign/").context["form"]
    offered = {code for code, _name in form.fields["body"].choices if code}
    assert offered == {"xian", "zj", "jt", "shi"}


def test_a_report_is_never_offered_to_those_it_is_about(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered", kind="report", body="xf", against=("jw",))
    form = desk("olga").get(f"/desk/p/{walk.ref}/move/transfer/").context["form"]
    assert "jw" not in {code for code, _name in form.fields["body"].choices}


def test_only_officers_of_the_body_can_be_put_in_charge(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    form = desk("otto").get(f"/desk/p/{walk.ref}/move/entrust/").context["form"]
    assert {login for login, _name in form.fields["officer"].choices if login} == {"otto", "hedda"}
    post(desk("otto"), walk, "entrust", step="confirm", officer="hedda")
    assert walk.petition.officer is not None
    assert walk.petition.officer.login == "hedda"


def test_one_more_row_of_a_comparison_can_be_asked_for_without_script(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered")
    rows = {"comparison-TOTAL_FORMS": "1", "comparison-INITIAL_FORMS": "0", "comparison-0-request": "Lamps"}
    page = post(desk("olga"), walk, "no-longer-accept", more="comparison", reasons="Because", **rows)
    assert page.status_code == 200
    assert len(page.context["form"].rows["comparison"].forms) == 2
    assert "Because" in page.content.decode()


def test_a_scan_goes_with_the_move_it_proves(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("opinion-issued")
    scan = SimpleUploadedFile("slip.txt", b"signed")
    said = {"served_on": walk.today.isoformat(), "way": "in-person", "attachments": scan}
    post(desk("otto"), walk, "serve", step="confirm", **said)
    file = walk.petition.attachments.get()
    assert file.entry_seq == walk.petition.version


def test_a_file_that_cannot_be_taken_stops_the_move_and_keeps_the_words(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("opinion-issued")
    scan = SimpleUploadedFile("slip.exe", b"MZ\x90\x00")
    said = {"served_on": walk.today.isoformat(), "way": "in-person", "attachments": scan}
    page = post(desk("otto"), walk, "serve", step="confirm", **said)
    assert page.status_code == 409
    assert walk.petition.state == "opinion-issued"
    assert "slip.exe" in page.content.decode()


def test_who_stands_in_acts_under_their_own_name(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Any]
) -> None:
    walk = at("registered")
    cast["olga"].away_from, cast["olga"].stands_in = walk.today, cast["tina"]
    cast["olga"].save()
    post(desk("tina"), walk, "transfer", step="confirm", body="zj")
    assert Petition.objects.get(ref=walk.ref).entries.get(event="transferred").officer == cast["tina"]


def test_the_answer_of_a_body_outside_is_recorded_from_its_letter(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Any], bodies: dict[str, Any]
) -> None:
    Role.objects.create(officer=cast["otto"], body=bodies["shi"], role="handler")
    Role.objects.create(officer=cast["rolf"], body=bodies["shi"], role="head")
    walk = at("lodged", body="shi")
    for verb, login, said in (
        ("register", "otto", {}),
        ("accept", "otto", {"requests": REQUESTS}),
        ("submit-opinion", "otto", OPINION),
        ("countersign", "rolf", {}),
        ("issue-opinion", "otto", OPINION),
        ("serve", "otto", {"served_on": walk.today.isoformat(), "way": "post"}),
        ("request-review", "author", {}),
    ):
        walk(verb, login, **said)
    assert walk.petition.holder.code == "province"
    stella = desk("stella")
    assert walk.ref in stella.get("/desk/").content.decode()
    post(stella, walk, "issue-review-opinion", step="confirm", **as_form(REVIEW))
    assert walk.petition.state == "review-issued"
    assert walk.petition.entries.latest("seq").role == "recorder"


def test_a_done_move_says_so_in_the_language_of_the_page(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("lodged")
    said = {"seen": walk.petition.version, "step": "confirm"}
    page = desk("olga", "zh-hans").post(f"/desk/p/{walk.ref}/move/register/", said, follow=True)
    assert "已登记" in page.content.decode()


def test_a_reviewer_reads_beside_the_form_why_the_author_disagrees_and_with_what(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("review-requested")
    page = desk("rita").get(f"/desk/p/{walk.ref}/move/issue-review-opinion/")
    assert [entry.event for entry in page.context["reviewed"]] == ["review-requested", "opinion-issued"]
    beside = page.content.decode().split("What has happened")[0]
    assert "Reasons for not agreeing" in beside or "Facts found" in beside
