from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.core import notes
from huiyin.core.refusal import Refusal
from huiyin.doors.petitioner import once
from huiyin.registry import access
from huiyin.registry.models import Accused, Attachment, Body, Petition
from huiyin.registry.receipt import receipt_key
from huiyin.vault.models import ContactSeal, IdentitySeal
from huiyin.vault.unseal import open_identity
from tests.cast import Walk, acting_as, lodge
from tests.petitioner.conftest import Lodger
from tests.petitioner.paper import fields_of
from tests.registry.pictures import png

NAMED = {"who": "named", "name": "张三", "phone": "13800000000", "address": "一号院"}
PNG = png()
LIGHT = 100_000  # bytes of a page


def key_in(html: str) -> str:
    found = re.search(r'id="key" translate="no">([0-9A-Z-]{23})<', html)
    assert found, html
    return found[1]


def file_of(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_says_what_comes_before_it_asks(cast):
    page = Client().get("/lodge/").content.decode()
    assert "2026年3月17日" in page  # fifteen days from the day of the cast
    assert "第二十二条第一款" in page
    assert "<textarea" not in page


def test_an_anonymous_claim_is_filed_and_leaves_nothing_sealed(lodger: Lodger):
    lodger.to_check().send("send")
    petition = Petition.objects.get()
    assert (petition.kind, petition.holder.code, petition.language) == ("claim", "xf", "zh-hans")
    assert not IdentitySeal.objects.exists()
    assert not ContactSeal.objects.exists()
    assert key_in(lodger.html)
    assert petition.ref in lodger.html


def test_a_named_author_is_sealed_and_stands_nowhere_in_clear(lodger: Lodger):
    lodger.to_check(author=NAMED).send("send")
    assert IdentitySeal.objects.count() == ContactSeal.objects.count() == 1
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            assert "张三" not in repr(row), model


def test_the_receipt_on_the_page_holds_and_the_file_is_the_same(lodger: Lodger):
    lodger.to_check().send("send")
    shown = lodger.page.context["answer"].receipt
    assert f"ref {Petition.objects.get().ref}" in notes.read_note(shown, receipt_key())
    assert lodger.page.context["download"].startswith("data:text/plain;charset=utf-8;base64,")


def test_every_page_up_to_the_receipt_is_light(lodger: Lodger):
    weights = [len(lodger.start().page.content)]
    pages: tuple[dict[str, str], ...] = (
        {"subject": "路灯坏了", "text": "路灯坏了三个月。"},
        {},
        {},
        {"who": "anonymous"},
    )
    weights += [len(lodger.send(**typed).page.content) for typed in pages]
    weights.append(len(lodger.send("send").page.content))  # with two codes and three files in it
    assert key_in(lodger.html)
    assert max(weights) < LIGHT, weights


def test_the_key_is_on_the_page_alone(lodger: Lodger, caplog: pytest.LogCaptureFixture):
    lodger.to_check().send("send")
    key = key_in(lodger.html)
    assert lodger.page.request["PATH_INFO"] == "/lodge/write/"
    assert lodger.page["Cache-Control"] == "no-store"
    assert key not in caplog.text
    assert all(key not in cookie.OutputString() for cookie in lodger.client.cookies.values())
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            assert key not in repr(row), model
            assert key.replace("-", "") not in repr(row), model


def test_the_pages_of_the_form_come_back_with_the_browsers_own_key(lodger: Lodger):
    assert lodger.start().page["Cache-Control"] == "private, no-cache"
    assert lodger.send(subject="一", text="二").page["Cache-Control"] == "private, no-cache"


def test_a_page_with_something_missing_keeps_what_was_typed(lodger: Lodger):
    lodger.start().send(subject="", text="我写了很久\n第二行", kind="suggestion")
    again = fields_of(lodger.html, "lodge")
    assert again["text"] == ["我写了很久\n第二行"]
    assert again["kind"] == ["suggestion"]
    assert "请用一句话说明是什么事" in lodger.html


def test_a_text_that_is_too_long_is_told_and_kept_whole(lodger: Lodger):
    lodger.start().send(subject="长" * 201, text="正文")
    assert fields_of(lodger.html, "lodge")["subject"] == ["长" * 201]
    assert "太长了" in lodger.html
    assert "maxlength" not in lodger.html  # the browser would cut off what is pasted


def test_going_back_and_forth_loses_nothing(lodger: Lodger):
    lodger.to_check(bodies={"against": ["zj", "jt"], "against_words": "某公司", "body": "jt"}, author=NAMED)
    lodger.send("matter")
    assert fields_of(lodger.html, "lodge")["subject"] == ["路灯坏了"]
    lodger.send("about", subject="改过的")
    assert sorted(fields_of(lodger.html, "lodge")["against"]) == ["jt", "zj"]
    lodger.send("author")
    assert fields_of(lodger.html, "lodge")["name"] == ["张三"]
    lodger.send()
    assert "改过的" in lodger.html
    assert "某公司" in lodger.html
    assert "请核对" in lodger.html


def test_whoever_changes_one_thing_returns_to_the_check_page(lodger: Lodger):
    lodger.to_check().send("matter").send(subject="新的标题")
    assert "请核对" in lodger.html
    assert "新的标题" in lodger.html


def test_the_language_can_be_switched_in_the_middle(lodger: Lodger):
    lodger.start().send("language=en", subject="半句", text="还没写完")
    assert "What happened?" in lodger.html
    assert fields_of(lodger.html, "lodge")["text"] == ["还没写完"]
    assert "Something needs mending" not in lodger.html
    assert lodger.client.cookies["huiyin_language"].value == "en"


def test_the_check_page_tells_who_will_see_it(lodger: Lodger):
    lodger.to_check(bodies={"against": ["zj"]})
    assert "县信访局" in lodger.html
    assert "2026年3月17日" in lodger.html
    assert "即使涉及该机关自己的行为" in lodger.html


def test_a_report_goes_past_the_body_it_is_about(lodger: Lodger):
    lodger.to_check(matter={"kind": "report"}, bodies={"against": ["zj"], "body": "zj"})
    assert "县住建局及其下属绝对看不到" in lodger.html
    assert "所以改送其他单位" in lodger.html
    lodger.send("send")
    petition = Petition.objects.get()
    assert petition.holder.code == "jw"
    assert Accused.objects.get().body.code == "zj"


def test_a_report_about_everybody_here_is_told_and_not_sent(lodger: Lodger):
    lodger.to_check(matter={"kind": "report"}, bodies={"against": ["province"]})
    assert "没有可以接收的单位" in lodger.html
    lodger.send("send")
    assert not Petition.objects.exists()
    assert "没有可以接收的单位" in lodger.html


@pytest.mark.parametrize(
    ("author", "told"),
    [
        ({"who": ""}, "请选择其中一项"),
        ({"who": "named", "name": ""}, "请填写姓名"),
        ({"who": "named", "name": "张三", "service": "post"}, "请填写答复寄往的地址"),
        ({"who": "anonymous", "service": "post"}, "无法邮寄"),
        ({"who": "named", "name": "张三", "email": "不是邮箱"}, "电子邮箱地址"),
    ],
)
def test_says_what_is_missing_about_the_author(lodger: Lodger, author, told):
    lodger.to_check(author=author)
    assert told in lodger.html


def test_a_name_typed_before_choosing_no_name_is_not_sent(lodger: Lodger):
    lodger.to_check(author=NAMED).send("author").send(who="anonymous").send("send")
    assert Petition.objects.count() == 1
    assert not IdentitySeal.objects.exists()


def test_sent_twice_it_is_one_petition_and_the_same_receipt(lodger: Lodger):
    lodger.to_check(author=NAMED)
    check = lodger.page
    first = key_in(lodger.send("send").html)
    lodger.page = check
    assert key_in(lodger.send("send").html) == first
    assert Petition.objects.count() == 1


def test_what_was_changed_after_sending_is_not_sent_by_mistake(lodger: Lodger):
    lodger.to_check()
    check = lodger.page
    lodger.send("send")
    lodger.page = check
    lodger.send("send", subject="另一件事")
    assert "这份表单已经提交过" in lodger.html
    assert Petition.objects.count() == 1
    lodger.send("send")
    assert sorted(Petition.objects.values_list("subject", flat=True)) == ["另一件事", "路灯坏了"]


def test_a_form_left_open_too_long_asks_once_more(lodger: Lodger, monkeypatch: pytest.MonkeyPatch):
    lodger.to_check()
    with monkeypatch.context() as later:
        later.setattr(once, "AGE", timedelta(seconds=-1))
        lodger.send("send")
    assert "打开的时间太久了" in lodger.html
    assert not Petition.objects.exists()
    lodger.send("send")
    assert Petition.objects.count() == 1


def test_without_the_cookie_against_forgery_nothing_is_filed(cast):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/lodge/write/", {"step": "check", "go": "send"}).status_code == 403


def test_attachments_wait_between_the_pages_and_come_along(lodger: Lodger, settings):
    lodger.to_check(matter={"attachments": [file_of("照片.png", PNG), file_of("说明.txt", b"Zeugnis")]})
    waiting = list((settings.DATA_DIR / "staged").iterdir())
    assert len(waiting) == 2
    assert all(b"Zeugnis" not in path.read_bytes() for path in waiting)  # enciphered until it is sent
    lodger.send("send")
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["照片.png", "说明.txt"]
    assert not list((settings.DATA_DIR / "staged").iterdir())


def test_a_bad_attachment_is_named_and_costs_nothing_else(lodger: Lodger):
    files = [file_of("好.png", PNG), file_of("坏.exe", b"MZ\x90\x00")]
    lodger.start().send(subject="一句话", text="正文", attachments=files)
    assert "坏.exe" in lodger.html
    assert "有内容需要修改" in lodger.html
    again = fields_of(lodger.html, "lodge")
    assert (again["text"], len(again["staged"])) == (["正文"], 1)


def test_a_sixth_attachment_is_refused_and_the_five_stay(lodger: Lodger):
    files = [file_of(f"{i}.txt", b"x%d" % i) for i in range(6)]
    lodger.start().send(subject="一句话", text="正文", attachments=files)
    assert "附件最多5个" in lodger.html
    assert len(fields_of(lodger.html, "lodge")["staged"]) == 5


def test_an_attachment_can_be_taken_away_again(lodger: Lodger):
    lodger.start().send(subject="", text="正文", attachments=[file_of("照片.png", PNG)])
    lodger.send("drop=0")
    assert "staged" not in fields_of(lodger.html, "lodge")


def test_an_attachment_that_was_swept_away_is_asked_for_again(lodger: Lodger, settings):
    lodger.to_check(matter={"attachments": [file_of("照片.png", PNG)]})
    for path in (settings.DATA_DIR / "staged").iterdir():
        path.unlink()
    lodger.send("send")
    assert "请重新选择" in lodger.html
    assert not Petition.objects.exists()


def test_a_forged_token_of_a_file_is_no_file(lodger: Lodger):
    lodger.start().send(subject="一", text="二", staged=["forged", "also:forged"])
    assert "staged" not in fields_of(lodger.html, "lodge")


@pytest.fixture
def many(bodies):
    """Far more bodies than a page can list; a few of them with something to decide."""
    for i in range(50):
        Body.objects.create(
            code=f"b{i}", name_zh=f"第{i}号教育和体育局", name_en=f"Bureau {i}", kind="organ", level="county",
            superior=bodies["xian"],
        )  # fmt: skip
    bodies["zj"].competences.create(subject="住房和城乡建设")
    bodies["jt"].competences.create(subject="交通运输")
    Body.objects.get(code="b7").competences.create(subject="殡葬管理")


def test_of_many_bodies_only_those_looked_for_are_listed(lodger: Lodger, many):
    lodger.start().send(subject="一", text="二")
    assert 'value="b17"' not in lodger.html
    lodger.send("find", find="17号教体局")  # as people shorten it
    assert 'name="against" value="b17"' in lodger.html
    assert "有1个单位符合" in lodger.html
    lodger.send("find", against=["b17"], find="bureau 18")
    assert fields_of(lodger.html, "lodge")["against"] == ["b17"]
    assert 'name="against" value="b18"' in lodger.html


def test_enter_in_the_box_that_looks_up_looks_up_and_then_goes_on(lodger: Lodger, many):
    lodger.start().send(subject="一", text="二")
    lodger.send("next", find="第18号")
    assert "涉及谁" in lodger.html
    lodger.send("next", against=["b18"])
    assert "交给谁办" in lodger.html
    lodger.send("next").send("next", who="anonymous")
    assert "第18号教育和体育局" in lodger.html


def test_what_fits_nothing_is_said_with_a_way_on(lodger: Lodger, many):
    lodger.start().send(subject="一", text="二").send("find", find="没有这个单位")
    assert "没有符合的单位" in lodger.html
    assert "交给谁办" in lodger.send("next").html


def test_bodies_are_offered_by_what_was_written_and_nobody_must_take_one(lodger: Lodger, many):
    lodger.start().send(subject="电梯坏了", text="小区的电梯坏了，物业不修。").send()
    offered = lodger.html.split('id="id_find"')[0]
    assert 'name="body" value="zj"' in offered
    assert 'value="jt"' not in offered
    assert fields_of(lodger.html, "lodge")["body"] == [""]  # not sure: chosen already
    assert lodger.send().html.count("您要署名吗") >= 1


def test_a_body_is_found_by_topic_and_place(lodger: Lodger, many):
    lodger.start().send(subject="一", text="二").send()
    topics = re.findall(r'<option value="([^"]+)">([^<]+)', lodger.html.split('id="id_topic"')[1])
    alone = next(
        code for code, name in topics if name == "殡葬管理"
    )  # no topic knows it: it stands for itself
    lodger.send("find", topic=alone)
    assert 'name="body" value="b7"' in lodger.html
    assert 'name="body" value="b8"' not in lodger.html
    lodger.send("find", topic="", place="xian", find="住建")
    assert 'name="body" value="zj"' in lodger.html


def test_a_report_is_offered_to_the_discipline_bodies(lodger: Lodger, many):
    lodger.start().send(subject="收钱", text="有人收钱。", kind="report").send()
    assert 'name="body" value="jw"' in lodger.html.split('id="id_find"')[0]


def test_a_report_without_a_body_is_not_said_to_go_by_way_of_the_petition_office(lodger: Lodger):
    lodger.to_check(matter={"subject": "收钱", "text": "有人收钱。", "kind": "report"})
    assert "请信访部门找到合适的单位" not in lodger.html
    assert "有权受理的纪检监察机关" in lodger.html
    assert lodger.page.context["routed"].body.code == "jw"


def test_a_wrong_contact_does_not_matter_to_whoever_gives_no_name(lodger: Lodger):
    lodger.to_check(author={"who": "anonymous", "email": "不是邮箱"})
    assert "请核对" in lodger.html


def test_no_mailbox_is_asked_for_where_no_mail_is_sent(lodger: Lodger, settings):
    settings.MAILS = False
    lodger.to_check(author={**NAMED, "address": "一号院"}).send("author")
    assert 'name="email"' not in lodger.html
    assert "电子邮箱" not in lodger.html
    lodger.send().send("send")
    assert open_identity(Petition.objects.get().pk).address == "一号院"
    lost = lodger.client.get("/follow/lost/").content.decode()
    assert "邮寄到封存的通信地址" in lost
    assert "电子邮箱" not in lost


def test_the_file_to_keep_holds_reference_and_key(lodger: Lodger):
    lodger.to_check().send("send")
    kept = base64.b64decode(lodger.page.context["keep"].split(",")[1]).decode()
    assert Petition.objects.get().ref in kept
    assert key_in(lodger.html) in kept
    assert "/follow/" in kept
    signed = base64.b64decode(lodger.page.context["download"].split(",")[1]).decode()
    assert key_in(lodger.html) not in signed  # whoever checks a receipt needs no key


def test_the_receipt_leads_on_to_the_petition(lodger: Lodger):
    lodger.to_check().send("send")
    said = {"follow_ref": Petition.objects.get().ref, "follow_key": key_in(lodger.html)}
    assert all(f'name="{name}" value="{value}"' in lodger.html for name, value in said.items())
    assert lodger.client.post("/follow/", said).status_code == 302


def test_a_petition_in_english_is_remembered_as_such(lodger: Lodger):
    lodger.to_check().send("language=en").send("send")
    assert "Your petition has arrived" in lodger.html
    assert Petition.objects.get().language == "en"


def test_an_earlier_reference_may_be_given_and_is_read_however_it_is_typed(lodger: Lodger) -> None:
    lodger.to_check(matter={"lodged_before": "hy 7k3m9 q2x4t"})
    lodger.send("send")
    assert Petition.objects.get().lodged_before == "HY-7K3M9-Q2X4T"


def test_what_is_no_reference_is_said_beside_its_box_and_nothing_is_lost(lodger: Lodger) -> None:
    lodger.to_check(matter={"lodged_before": "I do not remember"})
    lodger.send("send")
    assert not Petition.objects.exists()
    assert "I do not remember" in lodger.html
    assert "HY-7K3M9-Q2X4T" in lodger.html


def test_whoever_is_unsure_is_taken_in_by_the_petition_office_and_hidden_from_whom_they_name(
    lodger: Lodger, cast
):
    lodger.to_check(matter={"kind": "unsure"}, bodies={"against": ["zj"], "body": "zj"})
    assert "县信访局" in lodger.html
    assert "由信访部门先看" in lodger.html
    lodger.send("send")
    ref = Petition.objects.get().ref
    walk = Walk(replace(lodge(), ref=ref), timezone.now())
    assert (walk.petition.kind, walk.petition.holder.code) == ("claim", "xf")
    walk("register", "olga")
    refused = walk.ask("transfer", "olga", body="zj")
    assert isinstance(refused, Refusal)
    assert refused.code == "unsure"
    page = Client()
    page.force_login(cast["olga"])
    assert "信访人不确定" in page.get(f"/desk/p/{walk.ref}/").content.decode()
    walk("classify", "olga", sorting="opinion", aided="unused", reasons="要求修路灯")
    assert "unsure" not in walk.petition.marks
    walk("transfer", "olga", body="zj")


def test_until_it_is_sorted_who_serves_the_body_that_is_named_sees_nothing(lodger: Lodger, cast):
    lodger.to_check(matter={"kind": "unsure"}, bodies={"against": ["xf"], "body": ""}).send("send")
    petition = Petition.objects.get()
    assert petition.holder.code == "jw"
    assert not access.visible_to(acting_as("olga")).exists()
