"""Templates of a body: kept by it, filled with the petition's facts, refused where nothing could be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from huiyin.core import rulebook
from huiyin.registry import passages
from huiyin.registry.models import Body, Change, Officer, Passage, Petition
from tests.cast import Walk, as_form, lodge

Desk = Callable[..., Client]
At = Callable[..., Walk]
TEXT = "{编号}（{subject}）不属于{本单位}职权范围，依据{law}{条款}。"


def kept(code: str = "zj", **said: str) -> Passage:
    usual = {
        "verb": "decline",
        "content": "reasons",
        "language": "zh-hans",
        "title": "不属职权",
        "text": TEXT,
    }
    return Passage.objects.create(body=Body.objects.get(code=code), **(usual | said))


def posted(**said: Any) -> dict[str, Any]:
    usual = {"body": Body.objects.get(code="zj").pk, "use": "decline:reasons", "title": "不属职权"}
    return usual | {"language": "zh-hans", "text": TEXT} | said


def test_a_registrar_writes_one_changes_it_and_takes_it_away(desk: Desk, cast: dict[str, Officer]) -> None:
    browser = desk("otto")
    assert "No template yet" in browser.get("/desk/templates/").content.decode()
    browser.post("/desk/templates/new/", posted())
    made = Passage.objects.get()
    assert (made.verb, made.content, made.body.code) == ("decline", "reasons", "zj")
    page = browser.post(f"/desk/templates/{made.pk}/", posted(text="{due}前办理。"), follow=True)
    assert "is offered in the form now" in page.content.decode()
    assert Passage.objects.get().text == "{due}前办理。"
    for stranger in ("olga", "tina"):
        assert desk(stranger).get(f"/desk/templates/{made.pk}/").status_code == 404
    assert desk("rita").get("/desk/templates/").status_code == 404
    asked = browser.post(f"/desk/templates/{made.pk}/", {"do": "drop"}).content.decode()
    assert "stays as it is" in asked
    assert Passage.objects.exists()
    browser.post(f"/desk/templates/{made.pk}/", {"do": "drop", "sure": "1"})
    assert not Passage.objects.exists()


def test_the_auditor_reads_who_wrote_changed_and_took_away_a_template(
    desk: Desk, cast: dict[str, Officer]
) -> None:
    browser = desk("otto")
    browser.post("/desk/templates/new/", posted())
    made = Passage.objects.get()
    browser.post(f"/desk/templates/{made.pk}/", posted(text="{due}前办理。" + "好" * 300))
    browser.post(f"/desk/templates/{made.pk}/", posted(text="{due}前办理。" + "好" * 300))
    browser.post(f"/desk/templates/{made.pk}/", {"do": "drop", "sure": "1"})
    told = Change.objects.filter(what__did__startswith="template-").order_by("id")
    assert [row.what["did"] for row in told] == ["template-written", "template-changed", "template-dropped"]
    page = desk("audrey").get("/desk/audit/changes/").content.decode()
    assert "Template taken away" in page
    assert "Decline" in page.split("Template written")[1]
    assert "好" * 201 not in page


def test_what_it_is_for_is_grouped_like_the_steps_of_a_petition_and_nothing_is_left_out(
    desk: Desk, cast: dict[str, Officer]
) -> None:
    page = desk("otto").get("/desk/templates/new/")
    groups = dict(page.context["form"].fields["use"].choices[1:])
    assert [str(title) for title in groups][:2] == ["What takes it on", "Not ours, or another way"]
    offered = [code for group in groups.values() for code, _text in group]
    known = passages.writable(rulebook.by_id("cn-2022"))
    assert sorted(offered) == sorted(":".join(use) for use in known)
    assert "<optgroup" in page.content.decode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": "{姓名}您好"}, "Nothing can be filled in for {姓名}"),
        ({"text": "{reference 不全"}, "Nothing can be filled in for {"),
        ({"text": "无理取闹"}, "words that label a person"),
        ({"use": "register:nothing"}, "error-summary"),
        ({"title": ""}, "error-summary"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_typed(
    desk: Desk, cast: dict[str, Officer], said: dict[str, str], why: str
) -> None:
    page = desk("otto").post("/desk/templates/new/", posted(**said))
    assert page.status_code == 400
    assert why in page.content.decode()
    assert page.context["form"]["text"].value() == said.get("text", TEXT)
    assert not Passage.objects.exists()


def test_it_is_offered_with_the_facts_and_put_in_behind_what_was_typed(desk: Desk, at: At) -> None:
    walk, browser = at("transferred"), desk("otto")
    made, address = kept(), f"/desk/p/{walk.ref}/move/decline/"
    kept("jt", title="外单位")
    text = f"{walk.ref}（{walk.petition.subject}）不属于县住建局职权范围，依据"
    page = browser.get(address)
    assert [each.passage for each in page.context["passages"]] == [made]
    assert text in page.content.decode()
    page = browser.post(address, {"insert": made.pk, "reasons": "经查：", "seen": walk.petition.version})
    value = page.context["form"]["reasons"].value()
    assert value.startswith(f"经查：\n\n{text}")
    assert "{" not in value
    assert walk.petition.state == "transferred"
    assert (
        browser.post(address, {"insert": "999", "reasons": "经查："}).context["form"]["reasons"].value()
        == "经查："
    )


def test_the_day_of_lodging_is_the_laws_and_not_the_machines(desk: Desk, at: At) -> None:
    walk = at("transferred")
    early = datetime(2026, 3, 1, 17, tzinfo=UTC)  # one in the morning where the law is in force
    Petition.objects.filter(ref=walk.ref).update(lodged_at=early)
    made, address = kept(text="您{lodged}提出的事项"), f"/desk/p/{walk.ref}/move/decline/"
    page = desk("otto").post(address, {"insert": made.pk, "seen": walk.petition.version})
    assert "2026年3月2日" in page.context["form"]["reasons"].value()


def test_in_an_opinion_it_goes_into_the_first_block_that_is_empty(desk: Desk, at: At) -> None:
    walk = at("accepted")
    walk("add-request", "author", request="赔偿损失")
    made = kept(verb="submit-opinion", content="basis", text="依据{law}。")
    begun = as_form({"answers": [{"request": "修好路灯", "basis": "第一条"}, {"request": "赔偿损失"}]})
    page = desk("otto").post(f"/desk/p/{walk.ref}/move/submit-opinion/", {"insert": made.pk, **begun})
    values = [block["basis"].value() for block in page.context["form"].rows["answers"]]
    assert values[0] == "第一条"
    assert values[1].startswith("依据")


def test_of_a_report_it_says_no_more_than_its_cover(desk: Desk, cast: dict[str, Officer]) -> None:
    walk = Walk(lodge(kind="report", subject="金丝雀", against=("jt",)))
    kept("jw", verb="add-information", content="information", text="{subject}：{requests}")
    page = desk("dora").get(f"/desk/p/{walk.ref}/move/add-information/")
    assert "金丝雀" not in page.context["passages"][0].text


@pytest.mark.parametrize("book", rulebook.all_rulebooks(), ids=lambda book: book.id)
def test_each_law_has_steps_to_write_templates_for_in_both_languages(book: rulebook.Rulebook) -> None:
    found = passages.writable(book)
    assert found
    assert all(text.zh and text.en for text in found.values())
    assert all(
        passages.wrong_places("{" + name + "}") == []
        for code, text in passages.PLACES.items()
        for name in (code, text.zh)
    )
