"""Relief (art. 37): applied for, taken in, answered, taken back, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from huiyin.clerk.purge import purge
from huiyin.core.refusal import Refusal
from huiyin.registry import relieving
from huiyin.registry.models import Body, Officer, Petition, Relief, Role
from huiyin.registry.relieving import Wish
from huiyin.vault import unseal
from huiyin.vault.models import ReliefSeal
from tests.cast import NOW, PASSWORD, Walk, acting_as, enrol, legal_day, lodge

TODAY = legal_day(NOW)
WISH: dict[str, Any] = {
    "kind": "temporary",
    "body": "xian",
    "statement": "家里失火",
    "name": "张三",
    "contact": "13800000000",
}


@pytest.fixture
def rana(cast: dict[str, Officer]) -> Officer:
    """Who takes applications at the county, and nothing else."""
    officer = Officer.objects.create_officer("rana", PASSWORD, name="Rana")
    Role.objects.create(officer=officer, body=Body.objects.get(code="xian"), role="relief")
    enrol(officer)
    return officer


def applied(petition: Petition | None = None, **other: Any) -> Relief:
    made = relieving.apply(petition or lodge().petition, Wish(**(WISH | other)), TODAY)
    assert isinstance(made, Relief), made
    return made


def answer(pk: UUID, **other: Any) -> Refusal | None:
    said: dict[str, Any] = {"outcome": "granted", "words": "已同意，三日内发放", "appeal": ""} | other
    return relieving.answer(acting_as("rana"), pk, today=TODAY, **said)


@pytest.mark.usefixtures("rana")
def test_an_application_goes_its_way_and_its_author_sees_each_opening() -> None:
    petition = lodge().petition
    made = applied(petition)
    assert relieving.receive(acting_as("rana"), made.pk) is None
    noted = relieving.note_opening(acting_as("rana"), made.pk, "decide", TODAY)
    assert isinstance(noted, Relief)
    assert unseal.open_relief(made.pk)["statement"] == "家里失火"
    assert answer(made.pk) is None
    (seen,) = relieving.of_author(petition)
    assert (seen.state, seen.answer, len(seen.openings)) == ("granted", "已同意，三日内发放", 1)
    assert isinstance(relieving.note_opening(acting_as("rana"), made.pk, "decide", TODAY), Refusal)


@pytest.mark.usefixtures("rana")
def test_a_refusal_says_where_it_can_be_challenged() -> None:
    made = applied()
    refused = answer(made.pk, outcome="refused")
    assert isinstance(refused, Refusal)
    assert set(refused.fields) == {"appeal"}
    assert answer(made.pk, outcome="refused", appeal="六十日内向市政府申请复议") is None


@pytest.mark.usefixtures("rana")
def test_what_is_taken_back_is_erased_and_gone_from_the_desk() -> None:
    petition = lodge().petition
    made = applied(petition)
    assert relieving.take_back(petition, made.pk, TODAY) is None
    assert not ReliefSeal.objects.exists()
    assert not relieving.of_desk(acting_as("rana")).exists()
    assert isinstance(answer(made.pk), Refusal)
    assert relieving.of_author(petition).get().state == "taken-back"


@pytest.mark.usefixtures("rana")
def test_nobody_takes_back_what_another_applied_for() -> None:
    made = applied()
    assert isinstance(relieving.take_back(lodge().petition, made.pk, TODAY), Refusal)
    assert ReliefSeal.objects.filter(relief=made).exists()


@pytest.mark.usefixtures("rana")
def test_of_one_aid_there_is_one_open_application() -> None:
    petition = lodge().petition
    first = applied(petition)
    again = relieving.apply(petition, Wish(**WISH), TODAY)
    assert isinstance(again, Refusal)
    assert ReliefSeal.objects.count() == 1
    applied(petition, kind="medical")
    relieving.take_back(petition, first.pk, TODAY)
    applied(petition)


@pytest.mark.usefixtures("rana")
def test_it_is_erased_half_a_year_after_its_end_and_not_while_it_is_open() -> None:
    over, still_open = applied(), applied()
    answer(over.pk)
    purge(NOW + timedelta(days=179))
    assert Relief.objects.count() == 2
    purge(NOW + timedelta(days=180))
    assert [row.pk for row in Relief.objects.all()] == [still_open.pk]
    assert ReliefSeal.objects.count() == 1


def test_a_body_takes_applications_only_while_somebody_there_does(rana: Officer) -> None:
    petition = lodge().petition
    assert [b.code for b in relieving.receiving_bodies(petition)] == ["xian"]
    # Whoever handles petitions besides would learn who asks for aid.
    Role.objects.create(officer=rana, body=Body.objects.get(code="xf"), role="registrar")
    assert relieving.receiving_bodies(petition) == []
    assert isinstance(relieving.apply(petition, Wish(**WISH), TODAY), Refusal)


def test_a_body_that_is_reported_takes_no_application_of_who_reports_it(rana: Officer) -> None:
    Role.objects.create(officer=rana, body=Body.objects.get(code="zj"), role="relief")
    petition = lodge(kind="report", against=("zj",)).petition
    assert [b.code for b in relieving.receiving_bodies(petition)] == ["xian"]


def test_who_may_see_the_petition_sees_no_application_of_its_author(rana: Officer) -> None:
    walk = Walk(lodge())
    applied(walk.petition)
    assert relieving.of_desk(acting_as("rana")).count() == 1
    Role.objects.create(officer=rana, body=Body.objects.get(code="xf"), role="registrar")
    assert relieving.of_desk(acting_as("rana")).count() == 0
