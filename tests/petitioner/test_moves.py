from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.registry.models import Accused, Body, Petition
from tests import cast as house
from tests.petitioner.paper import filled

PAGE = "/follow/petition/"


def path_of(verb: str) -> str:
    return f"{PAGE}do/{verb}/"


def make(client: Client, verb: str, **typed: Any) -> Any:
    """Open the page of a move, fill it in and send it."""
    page = client.get(path_of(verb))
    assert page.status_code == 200, verb
    return send(client, verb, page.content.decode(), **typed)


def send(client: Client, verb: str, html: str, **typed: Any) -> Any:
    files = typed.pop("attachments", [])
    said: dict[str, Any] = filled(html, "move", **typed)
    return client.post(path_of(verb), said | {"attachments": files})


def offered(client: Client) -> set[str]:
    return set(re.findall(r"/do/([a-z-]+)/", client.get(PAGE).content.decode()))


def test_the_page_offers_exactly_what_is_open(walk, enter):
    client = enter(walk)
    assert offered(client) == {"add-information", "request-withdrawal", "warn-of-danger", "write-back"}
    walk.to("opinion-served")
    assert {"request-review", "rate", "dispute-carried-out"} <= offered(client)


def test_adds_information_with_a_file(walk, enter):
    done = make(
        enter(walk), "add-information", information="又坏了一盏",
        attachments=[SimpleUploadedFile("照片.txt", b"picture")],
    )  # fmt: skip
    assert (done.status_code, done.url) == (302, PAGE)
    assert walk.petition.entries.last().contents["information"] == "又坏了一盏"
    assert walk.petition.attachments.get().name == "照片.txt"


def test_a_bad_file_costs_neither_the_words_nor_the_good_file(walk, enter):
    files = [SimpleUploadedFile("好.txt", b"good"), SimpleUploadedFile("坏.exe", b"MZ\x90\x00")]
    client = enter(walk)
    page = make(client, "add-information", information="写好的话", attachments=files)
    assert "坏.exe" in page.content.decode()
    done = send(client, "add-information", page.content.decode())
    assert done.status_code == 302
    assert walk.petition.attachments.get().name == "好.txt"
    assert walk.petition.entries.last().contents["information"] == "写好的话"


def test_rates_once(walk, enter):
    walk.to("opinion-served")
    client = enter(walk)
    assert make(client, "rate", rating="dissatisfied").status_code == 302
    assert "rate" not in offered(client)


def test_asks_for_review_and_is_told_who_decides(walk, enter):
    walk.to("opinion-served")
    client = enter(walk)
    assert "将送往<strong>县人民政府</strong>" in client.get(path_of("request-review")).content.decode()
    done = make(client, "request-review")
    assert done.status_code == 302
    assert (walk.petition.state, walk.petition.holder.code) == ("review-requested", "xian")
    assert "“申请复查”已记录在案。现在由县人民政府办理。" in client.get(done.url).content.decode()


def test_whoever_reads_an_answer_can_disagree_from_there(walk, enter):
    client = enter(walk.to("opinion-served"))
    seq = client.get(PAGE).context["documents"][0].seq
    letter = client.get(f"{PAGE}document/{seq}/").content.decode()
    assert f'href="{path_of("request-review")}"' in letter
    make(client, "request-review")
    assert path_of("request-review") not in client.get(f"{PAGE}document/{seq}/").content.decode()


def test_asks_for_rereview(walk, enter):
    walk.to("review-served")
    assert make(enter(walk), "request-rereview", grounds="漏了一项").status_code == 302
    assert (walk.petition.state, walk.petition.holder.code) == ("rereview-requested", "shi")


def test_withdrawing_asks_about_pressure_and_can_be_taken_back(walk, enter):
    client = enter(walk)
    page = client.get(path_of("request-withdrawal")).content.decode()
    assert "有没有人要求或者逼迫您撤回" in page
    assert "7天后生效" in page
    missing = make(client, "request-withdrawal")
    assert "请选择" in missing.content.decode()
    done = make(client, "request-withdrawal", pressed="yes")
    told = client.get(done.url).content.decode()
    assert "任何人都不得这样做" in told
    assert "在生效之前，可以一键取消" in told
    assert walk.petition.withdrawing
    assert make(client, "revoke-withdrawal").status_code == 302
    assert not walk.petition.withdrawing


def test_challenges_a_refusal(walk, enter):
    walk.to("registered")("divert", "olga", route="court", reasons="应当诉讼", redirect="县人民法院")
    client = enter(walk)
    assert "导入法定程序告知书" in client.get(PAGE).content.decode()
    assert make(client, "challenge", grounds="不是诉讼的事").status_code == 302
    assert (walk.petition.state, walk.petition.holder.code) == ("challenged", "xian")


@pytest.mark.parametrize(
    ("verb", "comment", "remedy"),
    [("confirm-carried-out", "", "confirmed"), ("dispute-carried-out", "只修了一盏", "disputed")],
)
def test_confirms_or_disputes_that_it_was_carried_out(walk, enter, verb, comment, remedy):
    walk.to("opinion-served")("report-carried-out", "otto", note="已修好")
    assert make(enter(walk), verb, comment=comment).status_code == 302
    assert walk.petition.remedy == remedy


def test_a_refusal_stands_on_its_field_and_keeps_the_words(walk, enter):
    page = make(enter(walk), "add-information", information="长" * 20_001)
    html = page.content.decode()
    assert page.status_code == 200
    assert "太长了" in html
    assert "长" * 20_001 in html


def test_pressing_twice_is_one_move_and_no_quarrel(walk, enter):
    client = enter(walk)
    html = client.get(path_of("add-information")).content.decode()
    for _ in range(2):
        assert send(client, "add-information", html, information="一次就够").status_code == 302
    assert walk.petition.entries.filter(event="information-added").count() == 1


def test_pressing_twice_with_a_file_that_waited_is_no_quarrel(walk, enter):
    client = enter(walk)
    first = make(client, "add-information", attachments=[SimpleUploadedFile("照片.txt", b"picture")])
    html = first.content.decode()  # the words were missing; the file waits
    for _ in range(2):
        assert send(client, "add-information", html, information="有照片").status_code == 302
    assert walk.petition.attachments.count() == 1


def test_pressing_twice_where_the_move_closes_itself_is_no_quarrel(walk, enter):
    walk.to("opinion-served")
    client = enter(walk)
    html = client.get(path_of("request-review")).content.decode()
    for _ in range(2):
        assert send(client, "request-review", html, grounds="不同意").status_code == 302
    assert walk.petition.entries.filter(event="review-requested").count() == 1


def test_when_the_petition_has_moved_on_the_words_stay(walk, enter):
    client = enter(walk)
    html = client.get(path_of("add-information")).content.decode()
    walk("register", "olga")
    page = send(client, "add-information", html, information="我的补充")
    assert "别人刚刚先办了一步" in page.content.decode()
    assert send(client, "add-information", page.content.decode()).status_code == 302
    assert walk.petition.entries.last().contents == {"information": "我的补充"}


def test_a_move_that_has_closed_meanwhile_shows_what_was_written(walk, enter):
    walk.to("opinion-served")
    client = enter(walk)
    html = client.get(path_of("request-review")).content.decode()
    Petition.objects.filter(ref=walk.ref).update(state="lapsed", is_open=False)
    page = send(client, "request-review", html, grounds="我的理由写在这里")
    assert page.status_code == 409
    assert "我的理由写在这里" in page.content.decode()


def test_what_was_written_for_one_petition_never_goes_to_another(walk, enter):
    client = enter(walk)
    html = client.get(path_of("add-information")).content.decode()
    other = house.lodge()
    client.post("/follow/", {"follow_ref": other.ref, "follow_key": other.key})
    page = send(client, "add-information", html, information="给第一件的")
    assert "打开的是另一件信访事项" in page.content.decode()
    assert "给第一件的" in page.content.decode()
    other.petition.refresh_from_db()
    assert other.petition.entries.count() == 1


def test_the_language_switches_in_the_middle_of_a_move(walk, enter):
    client = enter(walk)
    html = client.get(path_of("add-information")).content.decode()
    page = send(client, "add-information", html, information="写了一半", language="en")
    assert "Add information" in page.content.decode()
    assert "写了一半" in page.content.decode()
    assert walk.petition.entries.count() == 1


@pytest.mark.parametrize("verb", ["transfer", "issue-opinion", "withdraw", "unseal", "no-such-move"])
def test_no_other_move_can_be_made_with_a_key(walk, enter, verb):
    client = enter(walk)
    assert client.get(path_of(verb)).status_code == 404
    assert client.post(path_of(verb), {"body": "zj"}).status_code == 409
    assert walk.petition.entries.count() == 1


def test_chooses_which_of_two_bodies_above_looks_at_it(walk, enter):
    house.make_sector()
    walk.to("opinion-served")
    client = enter(walk)
    page = client.get(path_of("request-review")).content.decode()
    assert re.findall(r'type="radio" name="body" value="([a-z-]+)"', page) == ["xian", "c-zj"]
    assert "市住建局：做同样工作的上一级单位" in page
    assert "将送往" not in page, "which of them is the author's choice"
    wrong = make(client, "request-review", body="shi")
    assert wrong.status_code == 200
    assert "id_request-review_body" in wrong.content.decode()
    assert make(client, "request-review", body="c-zj").status_code == 302
    assert (walk.petition.state, walk.petition.holder.code) == ("review-requested", "c-zj")
    assert "市住建局" in client.get(PAGE).content.decode()


def test_a_body_that_a_report_is_about_is_not_offered(walk, enter):
    house.make_sector()
    walk.to("opinion-served")
    Petition.objects.filter(ref=walk.ref).update(kind="report")
    Accused.objects.create(petition=walk.petition, body=Body.objects.get(code="xian"))
    page = enter(walk).get(path_of("request-review"))
    assert 'name="body"' not in page.content.decode()


def test_of_many_bodies_the_one_the_report_turned_out_to_be_about_is_looked_up(cast, enter):
    xian = Body.objects.get(code="xian")
    for i in range(20):
        Body.objects.create(
            code=f"b{i}", name_zh=f"第{i}号街道办事处", name_en=f"Street Office {i}",
            kind="organ", level="township", superior=xian,
        )  # fmt: skip
    walk = house.Walk(house.lodge(kind="report"))
    client, page = enter(walk), f"{PAGE}do/record-conflict/"
    shown = client.get(page).content.decode()
    assert 'name="reported" value="b7"' not in shown
    said = {"ref": walk.ref, "reasons": "他在那里任职"}
    found = client.post(page, said | {"go": "find", "find": "7号街道"}).content.decode()
    assert 'name="reported" value="b7"' in found
    assert "他在那里任职" in found
    done = client.post(page, said | {"reported": ["b7"], "find": "7号街道", "found": "7号街道||"})
    assert done.status_code == 302, done.content.decode()
    assert walk.petition.accused.filter(body__code="b7").exists()
