"""Bodies, accounts, roles, absence: kept by administrators, seen by the auditor, nobody locked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.clerk import successions
from huiyin.core.refusal import Refusal
from huiyin.registry import keeping, law
from huiyin.registry.models import Body, Change, Officer, Role
from tests.cast import NOW, Walk, lodge, make_sector

BODY = {
    "name_zh": "县水利局",
    "name_en": "County Water Bureau",
    "code": "sl",
    "kind": "organ",
    "level": "county",
    "active": "on",
    "competences": "水\n井，东镇",
}


def changes() -> list[dict[str, Any]]:
    return [change.what for change in Change.objects.order_by("id")]


# ---- bodies


def test_a_body_is_put_on_record_with_what_it_may_decide(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    answer = desk("ada").post("/desk/bodies/new/", BODY | {"superior": bodies["xian"].pk})
    assert answer.status_code == 302
    made = Body.objects.get(code="sl")
    assert made.path.endswith("/xian/sl/")
    assert {(c.subject, c.area) for c in made.competences.all()} == {("水", ""), ("井", "东镇")}
    assert changes()[0]["did"] == "body-created"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "superior"),
        ({"external": "on"}, "recorded_by"),
        ({"code": "new"}, "code"),
        ({"code": "zj"}, "code"),
    ],
)
def test_a_body_that_cannot_be_is_refused_at_its_field(
    desk: Callable[..., Client], bodies: dict[str, Body], wrong: dict[str, str], field: str
) -> None:
    above = {} if field == "superior" else {"superior": bodies["xian"].pk}
    page = desk("ada").post("/desk/bodies/new/", BODY | above | wrong)
    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert Body.objects.count() == len(bodies)


def said_of(body: Body, **changed: Any) -> dict[str, Any]:
    fields = ("name_zh", "name_en", "kind", "level", "superior_id", "recorded_by_id", "address")
    said = {name.removesuffix("_id"): getattr(body, name) or "" for name in fields}
    return said | {"active": "on", "competences": ""} | changed


def test_a_body_never_stands_below_itself(desk: Callable[..., Client], bodies: dict[str, Body]) -> None:
    page = desk("ada").post("/desk/bodies/xian/", said_of(bodies["xian"], superior=bodies["zj"].pk))
    assert page.status_code == 400
    assert "superior" in page.context["form"].errors


def test_the_body_above_in_the_sector_is_set_and_stands_on_a_higher_level(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    made = make_sector()
    where = "/desk/bodies/jt/"
    page = desk("ada").post(where, said_of(bodies["jt"], sector_superior=bodies["zj"].pk))
    assert "must stand on a higher level" in page.content.decode()
    assert desk("ada").post(where, said_of(bodies["jt"], sector_superior=made["c-zj"].pk)).status_code == 302
    assert Body.objects.get(code="jt").beside == ["c-zj", "s-zj"]
    assert changes()[-1]["changed"] == {"sector_superior": ["", "c-zj"]}
    assert "Sector: 市住建局" in desk("ada").get("/desk/bodies/").content.decode()
    circle = said_of(bodies["xian"], superior=bodies["shi"].pk, sector_superior=bodies["jt"].pk)
    page = desk("ada").post("/desk/bodies/xian/", circle)
    assert page.status_code == 400
    assert "sector_superior" in page.context["form"].errors
    assert desk("hedda").get(where).status_code in {302, 403, 404}


def test_what_was_changed_is_written_down_before_and_after(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    desk("ada").post("/desk/bodies/zj/", said_of(bodies["zj"], address="1 Main St"))
    assert changes() == [{"did": "body-changed", "body": "zj", "changed": {"address": ["", "1 Main St"]}}]
    desk("ada").post("/desk/bodies/zj/", said_of(bodies["zj"], address="1 Main St"))
    assert len(changes()) == 1


def test_a_body_with_open_petitions_stays_in_service(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Body]
) -> None:
    at("accepted")
    page = desk("ada").post("/desk/bodies/zj/", said_of(bodies["zj"], active=""))
    assert page.status_code == 400
    assert "open petitions are still with this body" in page.content.decode()


def test_the_body_of_the_last_administrator_stays_in_service(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    page = desk("ada").post("/desk/bodies/xian/", said_of(bodies["xian"], active=""))
    assert page.status_code == 400
    assert "last administrator" in page.content.decode()


def test_a_body_above_is_not_this_administrators_to_keep(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    assert desk("ada").get("/desk/bodies/shi/").status_code == 404
    assert desk("ada").get("/desk/bodies/province/").status_code == 200  # a record of what is outside


# ---- accounts


def test_a_new_account_gets_a_password_that_is_shown_once(desk: Callable[..., Client]) -> None:
    ada = desk("ada")
    page = ada.post("/desk/people/new/", {"name": "Nora", "login": "nora"})
    password = page.context["password"]
    assert password in page.content.decode()
    assert Officer.objects.get(login="nora").check_password(password)
    assert password not in ada.get("/desk/people/nora/").content.decode()
    assert password not in str(changes())


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "已有账号使用这个登录名"), ("en", "There is an account")]
)
def test_a_sign_in_name_that_is_taken_is_told_in_the_readers_words(
    desk: Callable[..., Client], language: str, said: str
) -> None:
    ada = desk("ada")
    ada.cookies["huiyin_language"] = language
    page = ada.post("/desk/people/new/", {"name": "Otto", "login": "otto"})
    assert page.status_code == 400
    assert said in page.content.decode()
    assert "Officer" not in re.sub(r"<[^>]+>", "", page.content.decode()).replace("Officers", "")


def test_a_role_opens_what_it_is_for(desk: Callable[..., Client], bodies: dict[str, Body]) -> None:
    ada, tina = desk("ada"), desk("tina")
    assert tina.get("/desk/supervise/").status_code == 404
    ada.post("/desk/people/tina/roles/", {"body": bodies["jt"].pk, "role": "supervisor"})
    # What they may do has changed: they sign in anew.
    tina = desk("tina")
    assert tina.get("/desk/supervise/").status_code == 200
    role = Role.objects.get(officer__login="tina", role="supervisor")
    ada.post("/desk/people/tina/roles/take/", {"role": role.pk})
    assert desk("tina").get("/desk/supervise/").status_code == 404
    assert [(c["did"], c["role"], c["body"]) for c in changes()] == [
        ("role-given", "supervisor", "jt"),
        ("role-taken", "supervisor", "jt"),
    ]


def test_no_role_is_given_at_a_body_above(desk: Callable[..., Client], bodies: dict[str, Body]) -> None:
    page = desk("ada").post("/desk/people/ada/roles/", {"body": bodies["shi"].pk, "role": "handler"})
    assert page.status_code == 400
    assert not Role.objects.filter(officer__login="ada", body=bodies["shi"]).exists()


def test_the_last_administrator_can_be_neither_let_go_nor_closed(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    ada, role = desk("ada"), Role.objects.get(role="administrator")
    page = ada.post("/desk/people/ada/roles/take/", {"role": role.pk}, follow=True)
    assert "last administrator" in page.content.decode()
    assert ada.post("/desk/people/ada/", {"name": "Ada", "is_active": ""}).status_code == 400
    assert Role.objects.filter(pk=role.pk).exists()
    assert Officer.objects.get(login="ada").is_active


def test_with_another_administrator_the_first_may_go(
    desk: Callable[..., Client], cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    Role.objects.create(officer=cast["olga"], body=bodies["xf"], role="administrator")
    role = Role.objects.get(officer=cast["ada"])
    assert desk("ada").post("/desk/people/ada/roles/take/", {"role": role.pk}).status_code == 302
    assert not Role.objects.filter(pk=role.pk).exists()


def test_a_closed_account_is_signed_out_at_once(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    otto = desk("otto")
    assert otto.get("/desk/").status_code == 200
    desk("ada").post("/desk/people/otto/", {"name": "Otto", "email": ""})
    assert otto.get("/desk/").status_code == 302


def test_an_officer_who_also_serves_elsewhere_keeps_their_password(
    desk: Callable[..., Client], cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    Role.objects.create(officer=cast["otto"], body=bodies["shi"], role="reviewer")
    ada = desk("ada")
    assert ada.post("/desk/people/otto/password/").status_code == 404
    ada.post("/desk/people/otto/", {"name": "Someone else", "is_active": "on"})
    assert Officer.objects.get(login="otto").name == "Otto"
    assert ada.get("/desk/people/rolf/").status_code == 404


def test_lost_slips_are_made_anew_for_those_alone_who_never_signed_in(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    Officer.objects.exclude(login__in=["otto", "olga"]).update(last_login=timezone.now())
    Officer.objects.filter(login__in=["otto", "olga"]).update(last_login=None)
    ada, ticked = desk("ada"), {"login": ["otto", "rita"]}
    shown = ada.get("/desk/people/").content.decode()
    assert 'value="otto"' in shown
    assert 'value="rita"' not in shown, "who chose a password keeps it"
    assert "Otto" in ada.post("/desk/people/slips/", ticked).content.decode()
    assert not changes(), "it is asked first"
    page = ada.post("/desk/people/slips/", ticked | {"sure": "1"})
    (slip,) = page.context["slips"]
    assert Officer.objects.get(login="otto").check_password(slip["hired"].password)
    assert [c["did"] for c in changes()] == ["password-reset"]
    nobody = ada.post("/desk/people/slips/", {"login": "rita", "sure": "1"}, follow=True)
    assert "Tick those whose slips are lost" in nobody.content.decode()


def test_a_new_password_ends_the_sessions_under_the_old_one(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    otto = desk("otto")
    assert "signed out everywhere" in desk("ada").post("/desk/people/otto/password/").content.decode()
    assert otto.get("/desk/").status_code == 200
    page = desk("ada").post("/desk/people/otto/password/", {"sure": "1"})
    assert Officer.objects.get(login="otto").check_password(page.context["password"])
    assert otto.get("/desk/").status_code == 302
    assert [c["did"] for c in changes()] == ["password-reset"]


# ---- absence


def today() -> Any:
    return law.at(timezone.now())[1]


def test_who_stands_in_finds_the_petitions_in_their_inbox(
    desk: Callable[..., Client], at: Callable[..., Walk], cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    Role.objects.create(officer=cast["olga"], body=bodies["jt"], role="registrar")
    walk, tina = at("registered"), desk("tina")
    assert tina.get(f"/desk/p/{walk.ref}/").status_code == 404
    said = {"away_from": today().isoformat(), "stands_in": cast["tina"].pk}
    assert desk("olga").post("/desk/absence/", said).status_code == 302
    assert tina.get(f"/desk/p/{walk.ref}/").status_code == 200
    assert b"stand in for Olga" in tina.get("/desk/absence/").content
    back = desk("olga").post("/desk/absence/", {"clear": "yes"}, follow=True)
    assert b"The absence is taken back." in back.content
    assert tina.get(f"/desk/p/{walk.ref}/").status_code == 404
    assert [c["did"] for c in changes()] == ["absence-set", "absence-set"]


@pytest.mark.parametrize(
    ("days", "who", "field"),
    [((0, 9), "tina", "stands_in"), ((0, 9), "otto", "stands_in"), ((3, 1), "hedda", "away_until")],
)
def test_an_absence_that_cannot_be_is_refused(
    desk: Callable[..., Client], cast: dict[str, Officer], days: tuple[int, int], who: str, field: str
) -> None:
    first, last = (today() + timedelta(days=each) for each in days)
    said = {"away_from": str(first), "away_until": str(last), "stands_in": cast[who].pk}
    page = desk("otto").post("/desk/absence/", said)
    assert page.status_code == 400
    assert field in page.context["form"].errors


def test_an_empty_form_neither_sets_an_absence_nor_ends_one(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    olga, empty = desk("olga"), {"away_from": "", "away_until": "", "stands_in": ""}
    page = olga.post("/desk/absence/", empty)
    assert page.status_code == 400
    assert page.context["form"].errors["away_from"] == ["write the first day"]
    olga.post("/desk/absence/", {"away_from": today().isoformat()})
    assert olga.post("/desk/absence/", empty).status_code == 400
    assert Officer.objects.get(login="olga").away_from == today()


def test_an_administrator_sets_the_absence_of_who_fell_ill(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    said = {"away_from": today().isoformat(), "stands_in": cast["hedda"].pk}
    assert desk("ada").post("/desk/people/otto/absence/", said).status_code == 302
    assert Officer.objects.get(login="otto").stands_in == cast["hedda"]
    assert desk("tina").post("/desk/people/otto/absence/", said).status_code == 404


# ---- the auditor


def test_the_auditor_sees_openings_and_no_petition(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted", subject="A dark lamp", text="Long words")
    walk("unseal", "otto", purpose="contact", words="To ask for a photograph")
    page = desk("audrey").get("/desk/audit/").content.decode()
    for words in ("Otto", "County Housing Bureau", "To ask for a photograph", walk.ref):
        assert words in page
    for words in ("A dark lamp", "Long words", "张三", f"/desk/p/{walk.ref}"):
        assert words not in page


def test_an_opening_of_a_report_about_the_auditors_county_is_not_theirs_to_see(
    desk: Callable[..., Client], bodies: dict[str, Body], cast: dict[str, Officer], at: Callable[..., Walk]
) -> None:
    role = Role.objects.get(officer=cast["audrey"])
    role.body = bodies["zj"]
    role.save()
    walk = at("handing-over", kind="report", against=("zj",))
    custodian = Officer.objects.create_officer("cora", None, name="Cora")
    Role.objects.create(officer=custodian, body=bodies["xf"], role="custodian")
    walk("ask-opening", "dora", purpose="contact", words="To ask")
    walk("allow-opening", "cora", reasons="It must be answered")
    walk("unseal", "dora", purpose="contact", words="To ask")
    assert b"To ask" not in desk("audrey").get("/desk/audit/").content


def test_the_auditor_sees_who_gave_which_role(desk: Callable[..., Client], bodies: dict[str, Body]) -> None:
    desk("ada").post("/desk/people/tina/roles/", {"body": bodies["jt"].pk, "role": "supervisor"})
    page = desk("audrey").get("/desk/audit/changes/").content.decode()
    for words in ("Ada", "Role given", "tina", "Supervisor"):
        assert words in page


# ---- the last auditor


def test_the_last_auditor_of_a_body_neither_leaves_nor_loses_the_role(
    desk: Callable[..., Client], cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    """Whatever lies with them, and whether anything does: an answer that depended on it would tell."""
    role = Role.objects.get(officer=cast["audrey"])
    for refused in (
        keeping.take_role(role, by=cast["ada"], now=NOW),
        keeping.save_officer(_closed("audrey"), by=cast["ada"], now=NOW),
    ):
        assert isinstance(refused, Refusal)
        assert "last auditor" in refused.reason.en
    keeping.give_role(cast["rita"], bodies["xian"], "auditor", by=cast["ada"], now=NOW)
    assert keeping.take_role(role, by=cast["ada"], now=NOW) is None
    assert isinstance(keeping.save_officer(_closed("rita"), by=cast["ada"], now=NOW), Refusal)


def test_a_body_with_an_auditor_closes_only_into_one_that_has_one(
    cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    keeping.give_role(cast["tina"], bodies["zj"], "auditor", by=cast["ada"], now=NOW)
    old = Body.objects.get(code="zj")
    old.successor = bodies["jt"]
    refused = keeping.save_body(old, by=cast["ada"], now=NOW)
    assert isinstance(refused, Refusal)
    assert "successor" in refused.reason.en
    keeping.give_role(cast["tina"], bodies["jt"], "auditor", by=cast["ada"], now=NOW)
    old = Body.objects.get(code="zj")
    old.successor = bodies["jt"]
    assert keeping.save_body(old, by=cast["ada"], now=NOW) is None


def test_what_was_given_to_an_auditor_goes_with_the_body_to_its_successors(
    cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    for code in ("jt", "zj"):
        keeping.give_role(cast["tina"], bodies[code], "auditor", by=cast["ada"], now=NOW)
    walk = Walk(lodge(kind="report", body="jt", pressure="auditor"))
    assert walk.petition.for_auditor_at == "jt"
    old = Body.objects.get(code="jt")
    old.successor = bodies["zj"]
    assert keeping.save_body(old, by=cast["ada"], now=NOW) is None
    assert successions.succeed(NOW) == 1
    assert (walk.petition.holder.code, walk.petition.for_auditor_at) == ("zj", "zj")


def _closed(login: str) -> Officer:
    officer = Officer.objects.get(login=login)
    officer.is_active = False
    return officer
