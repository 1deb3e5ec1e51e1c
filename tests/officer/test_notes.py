"""No private notes, and a warning before words that label a person go on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from huiyin.registry import own
from huiyin.registry.story import story_of
from tests.cast import OPINION, Walk, as_form


def write(browser: Client, walk: Walk, verb: str = "remark", **said: Any) -> Any:
    sent = {"seen": walk.petition.version, "step": "confirm", **said}
    return browser.post(f"/desk/p/{walk.ref}/move/{verb}/", sent)


def told(walk: Walk) -> str:
    petition = walk.petition
    own.show(petition, own.reading_of(petition, walk.key))
    return str([step.facts for step in story_of(petition, served_only=True).timeline])


def test_the_form_says_that_the_petitioner_reads_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    page = desk("otto").get(f"/desk/p/{walk.ref}/move/remark/").content.decode()
    assert "There are no internal notes here" in page


def test_a_note_is_read_by_the_author_at_once(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    write(desk("otto"), walk, remark="已联系供电公司")
    assert "已联系供电公司" in told(walk)


def test_a_note_on_a_report_is_read_by_its_author_once_it_has_ended(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("registered", kind="report", body="xf")
    write(desk("olga"), walk, remark_later="材料齐全")
    assert walk.petition.entries.filter(event="remarked").exists()
    assert "材料齐全" not in told(walk)
    walk("transfer", "olga", body="jw")
    walk("acknowledge-hand-over", "dora")
    assert "材料齐全" in told(walk)


def test_a_label_is_warned_of_and_nothing_is_written_before_it_is_kept_or_reworded(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, otto = at("accepted"), desk("otto")
    page = write(otto, walk, remark="此人缠访")
    assert "Words that label a person" in page.content.decode()
    assert page.context["label_words"] == ("缠访",)
    assert page.context["form"]["remark"].value() == "此人缠访"
    assert not walk.petition.entries.filter(event="remarked").exists()
    write(otto, walk, remark="要求再次查看路灯")
    assert "要求再次查看路灯" in told(walk)


def test_a_warning_is_no_block(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    write(desk("otto"), walk, remark="信访人引述单位的话：“缠访”", kept_words="缠访")
    assert "引述单位的话" in told(walk)


def test_another_word_than_the_one_that_was_kept_is_warned_of_anew(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    page = write(desk("otto"), walk, remark="缠访、闹访", kept_words="缠访")
    assert page.context["label_words"] == ("缠访", "闹访")


def test_what_the_petitioner_asked_for_is_theirs_to_word(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred")
    walk("accept", "otto", requests=[{"request": "收回我“缠访”的说法"}])
    answer = {**OPINION["answers"][0], "request": "收回我“缠访”的说法"}
    write(desk("otto"), walk, "submit-opinion", **as_form({"answers": [answer]}))
    assert walk.petition.marks.get("submitted")


def test_a_draft_with_such_words_is_saved_and_says_so(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    said = as_form({"answers": [{"request": "修好路灯", "view": "信访人偏执"}]})
    sent = {"seen": walk.petition.version, "step": "save", "based_on": "0", **said}
    page = desk("otto").post(f"/desk/p/{walk.ref}/move/submit-opinion/", sent, follow=True)
    assert walk.petition.drafts.count() == 1
    assert "偏执" in "".join(str(m) for m in page.context["messages"])
