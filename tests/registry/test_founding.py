"""An empty registry begins with two bodies and one administrator, and never a second time."""

from __future__ import annotations

import pytest

from huiyin.registry import founding, keeping
from huiyin.registry.models import Body, Change, Officer
from tests.cast import NOW

BEGINNING = founding.Beginning("ada", "shi", "某市人民政府", "prefecture", "某省人民政府")


@pytest.mark.django_db
def test_the_first_body_has_one_above_it_whose_letters_it_records() -> None:
    founding.begin(BEGINNING, now=NOW)
    own = Body.objects.get(code="shi")
    assert own.superior is not None
    above = own.superior
    assert (above.external, above.active, above.recorded_by, above.level) == (True, True, own, "province")
    assert own.chain == (above.code,)


@pytest.mark.django_db
def test_the_first_officer_keeps_the_house_and_handles_nothing() -> None:
    hired = founding.begin(BEGINNING, now=NOW)
    assert hired.officer.check_password(hired.password)
    assert list(hired.officer.roles.values_list("body__code", "role")) == [("shi", keeping.ADMINISTRATOR)]


@pytest.mark.django_db
def test_the_beginning_is_there_for_the_auditor() -> None:
    founding.begin(BEGINNING, now=NOW)
    written = [change.what["did"] for change in Change.objects.order_by("pk")]
    assert written[:2] == ["body-created", "body-created"]
    assert written[-2:] == ["officer-created", "role-given"]


@pytest.mark.usefixtures("cast")
def test_what_has_begun_does_not_begin_again() -> None:
    before = Officer.objects.count()
    with pytest.raises(ValueError, match="begun already"):
        founding.begin(BEGINNING, now=NOW)
    assert Officer.objects.count() == before
