from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.core import ledger
from huiyin.core.case import Move
from huiyin.doors.petitioner import visit
from huiyin.registry import access, keys
from huiyin.registry.attachments import Upload
from huiyin.registry.file import Filed
from huiyin.registry.perform import perform
from tests import cast as house
from tests.petitioner.paper import fields_of

PAGE = "/follow/petition/"


def answer_to(ref: str, key: str, client: Client | None = None) -> str:
    page = (client or Client()).post("/follow/", {"follow_ref": ref, "follow_key": key})
    assert page.status_code == 200
    return page.content.decode()


def bare(html: str, typed: str) -> str:
    """The page without what differs by chance (the token against forgery) or was typed."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
    return html.replace(typed, "")


def test_a_wrong_key_and_an_unknown_reference_get_the_same_bytes(walk):
    for key_for, words in ((keys.new_key, "没有这个信访件，或者查询码不对"), (slip, "编号和查询码对不上")):
        answers = []
        for ref in (walk.ref, keys.new_ref()):
            key = key_for(ref)
            answers.append(bare(bare(answer_to(ref, key), ref), key))
        assert answers[0] == answers[1]
        assert words in answers[0]


def slip(ref: str) -> str:
    """A key with one letter wrong."""
    right = keys.new_key(ref)
    return ("0" if right[0] != "0" else "1") + right[1:]


def test_a_wrong_key_and_an_unknown_reference_cost_the_same_questions(walk):
    asked = []
    answer_to(keys.new_ref(), keys.new_key(walk.ref))  # what a process asks once and keeps is asked before
    for ref in (walk.ref, keys.new_ref()):
        with CaptureQueriesContext(connection) as seen:
            answer_to(ref, keys.new_key(ref))
        asked.append([query["sql"].partition("WHERE")[0] for query in seen.captured_queries])
    assert asked[0] == asked[1]


def test_reference_and_key_may_be_typed_as_people_type(walk):
    wide = walk.key.translate({ord(c): ord(c) + 0xFEE0 for c in keys.ALPHABET + "-"})
    for key in (walk.key.lower(), walk.key.replace("-", "\u2014"), " ".join(walk.key), wide, wide.lower()):
        sloppy = {"follow_ref": walk.ref.lower().replace("-", " "), "follow_key": key}
        assert Client().post("/follow/", sloppy).status_code == 302, key


def test_the_cookie_is_strict_and_holds_no_key(walk, enter):
    cookie = enter(walk).cookies[visit.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/follow/")
    assert cookie["max-age"] == cookie["expires"] == ""  # ends with the browser
    assert walk.key not in cookie.value
    assert walk.key not in str(signing.loads(cookie.value, salt=visit.SALT))


def test_no_address_and_no_log_holds_reference_or_key(walk, enter, caplog):
    client = enter(walk)
    page = client.get(PAGE).content.decode()
    assert not re.search(rf'(href|action)="[^"]*({walk.ref}|{walk.key})', page)
    assert walk.key not in page
    assert walk.ref not in caplog.text
    assert walk.key not in caplog.text


@pytest.mark.parametrize("path", ["", "download/", "document/1/", "file/1/", "do/add-information/"])
def test_without_the_key_nothing_opens(walk, path):
    page: Any = Client().get(PAGE + path)
    assert (page.status_code, page.url) == (302, "/follow/")
    assert page["Cache-Control"] == "no-store"


def test_a_visit_ends_after_half_an_hour_and_each_page_begins_it_anew(walk, enter, monkeypatch):
    client = enter(walk)
    before = client.cookies[visit.COOKIE].value
    assert client.get(PAGE).cookies[visit.COOKIE].value
    monkeypatch.setattr(visit, "AGE", timedelta(seconds=-1))
    client.cookies[visit.COOKIE] = before
    assert client.get(PAGE).status_code == 302


def test_a_forged_cookie_opens_nothing(walk):
    client = Client()
    client.cookies[visit.COOKIE] = signing.dumps([walk.ref, "guessed"], salt=visit.SALT)
    assert client.get(PAGE).status_code == 302


def test_leaving_forgets_the_visit(walk, enter):
    client = enter(walk)
    gone = client.post("/follow/leave/")
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(PAGE).status_code == 302


def test_the_page_says_where_it_is_who_has_it_and_what_is_due(walk, enter):
    walk.to("registered")
    page = enter(walk).get(PAGE)
    html = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "已登记" in html
    assert "县信访局" in html
    assert "2026年3月17日" in html  # fifteen days after the day of the cast
    assert "为什么是这一天" in html
    assert "第二十二条第一款" in html


def test_a_late_body_is_called_late(walk, enter, clockwork):
    walk.to("registered")
    clockwork.now += timedelta(days=20)
    html = enter(walk).get(PAGE).content.decode()
    assert "已逾期" in html
    assert "step-late" in html


def test_a_missed_notice_tells_when_handling_would_have_ended(walk, enter, clockwork):
    walk.to("transferred")
    clockwork.now += timedelta(days=30)
    walk.later(days=30)("breach", "clerk", clock="notice")
    html = enter(walk).get(PAGE).content.decode()
    assert "法律没有“视为受理”的规定" in html
    assert "2026年5月18日" in html  # sixty days after 17 March fall on a Saturday: on to Monday


def test_who_looked_at_the_identity_is_shown(walk, enter):
    walk.to("accepted")("unseal", "otto", purpose="contact", words="核实门牌号")
    html = enter(walk).get(PAGE).content.decode()
    shown = html.split("谁查看过我的身份")[1]
    assert "县住建局" in shown
    assert "核实门牌号" in shown


def test_an_opinion_is_hidden_until_it_is_served(walk, enter):
    walk.to("opinion-issued")
    client = enter(walk)
    html = client.get(PAGE).content.decode()
    assert "三盏路灯不亮" not in html
    entry = walk.petition.entries.get(event="opinion-issued")
    assert client.get(f"{PAGE}document/{entry.seq}/").status_code == 404
    assert "三盏路灯不亮" not in json.dumps(story_in(client), ensure_ascii=False)
    walk.to("opinion-served")
    letter = client.get(f"{PAGE}document/{entry.seq}/").content.decode()
    assert "三盏路灯不亮" in letter
    assert "申请复查：2026年4月1日（星期三）之前" in letter  # thirty days to ask for review
    assert "县人民政府" in letter


def story_in(client: Client) -> dict[str, Any]:
    packed: Any = client.get(f"{PAGE}download/")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as archive:
        told: dict[str, Any] = json.loads(archive.read("case.json"))
    return told


def test_the_download_holds_everything_but_the_sealed_identity(walk, enter):
    walk.to("opinion-served")
    perform(
        walk.ref, Move("add-information", {"information": "补充"}), access.Author(walk.ref), house.NOW,
        uploads=[Upload("照片.txt", b"picture")],
    )  # fmt: skip
    packed: Any = enter(walk).get(f"{PAGE}download/")
    content = b"".join(packed.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("case.json"))
        plain = archive.read("case.txt").decode()
        everything = b"".join(archive.read(name) for name in names).decode(errors="replace")
    assert sorted(name.partition("/")[0] for name in names) == [
        "MANIFEST.txt",
        "attachments",
        "case.json",
        "case.pdf",
        "case.txt",
    ]
    assert (told["ref"], told["lodged"]["text"]) == (walk.ref, walk.petition.text)
    assert len(told["proofs"]) == walk.petition.entries.count()
    assert "三盏路灯不亮" in plain
    assert "张三" not in everything
    assert "13800000000" not in everything
    assert walk.key not in everything


def test_each_proof_in_the_download_opens_its_public_bytes(walk, enter):
    for proof in story_in(enter(walk))["proofs"]:
        commitment = ledger.commit(proof["opening"], base64.b64decode(proof["salt"]))
        assert commitment in base64.b64decode(proof["public"]).decode()


def test_only_files_of_this_petition_can_be_fetched(walk, enter):
    def file_with(text: bytes) -> Filed:
        return house.lodge(uploads=[Upload("a.txt", text)])

    own, other = file_with(b"own"), file_with(b"other")
    client = enter(own)
    mine, theirs = own.petition.attachments.get(), other.petition.attachments.get()
    fetched: Any = client.get(f"{PAGE}file/{mine.pk}/")
    assert b"".join(fetched.streaming_content) == b"own"
    assert fetched["Content-Disposition"].startswith("attachment")
    assert client.get(f"{PAGE}file/{theirs.pk}/").status_code == 404


def test_the_page_costs_the_same_however_long_the_story(walk, enter):
    walk.to("opinion-served")
    client = enter(walk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    cost()  # what is asked once a process is asked here
    before = cost()
    for i in range(10):
        walk("add-information", "author", information=f"第{i}次补充")
    assert cost() == before
    assert before <= 16


def test_what_was_written_survives_the_end_of_the_visit(walk, enter):
    client = Client()  # the cookie has run out
    path = f"{PAGE}do/add-information/"
    asked = client.post(path, {"information": "写了四十分钟的内容", "ref": walk.ref, "seen": "1"})
    html = asked.content.decode()
    assert "请重新输入编号和查询码" in html
    again = fields_of(html, "key")
    wrong = client.post(path, again | {"follow_ref": [walk.ref], "follow_key": ["0" * 20]})
    assert "写了四十分钟的内容" in wrong.content.decode()
    again = fields_of(wrong.content.decode(), "key")
    done: Any = client.post(path, again | {"follow_ref": [walk.ref], "follow_key": [walk.key]})
    assert (done.status_code, done.url) == (302, PAGE)
    assert walk.petition.entries.last().contents == {"information": "写了四十分钟的内容"}


def test_the_page_speaks_english(walk, enter):
    client = enter(walk)
    client.post("/i18n/setlang/", {"language": "en", "next": PAGE})
    html = client.get(PAGE).content.decode()
    assert "What you can do now" in html
    assert "County Petition Office" in html


def test_whoever_comes_back_too_late_is_told_why(walk, enter, monkeypatch):
    client = enter(walk)
    monkeypatch.setattr(visit, "AGE", timedelta(seconds=-1))
    told = client.get(PAGE, follow=True).content.decode()
    assert "页面在30分钟后关闭了" in told
    assert not client.cookies[visit.COOKIE].value


def test_the_notice_of_acceptance_tells_the_term_and_its_article(walk, enter):
    walk.to("accepted")
    seq = walk.petition.entries.get(event="accepted").seq
    letter = enter(walk).get(f"{PAGE}document/{seq}/").content.decode()
    assert "受理告知书" in letter
    assert "至2026年5月6日届满（第三十四条）" in letter  # 1 May and the days after are holidays
