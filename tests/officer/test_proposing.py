"""What a petition is about, by the house's own model: offered with reasons, never from under a seal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huiyin.reading.topic_model import dump
from huiyin.reading.topic_training import Example, learn
from huiyin.registry import proposing
from huiyin.registry.models import Body, Competence, Officer
from tests.cast import Walk, lodge
from tests.reading.made_up import messages

HOUSE = Path(__file__).resolve().parents[2]
Desk = Callable[..., Client]
At = Callable[..., Walk]


@pytest.fixture(scope="module")
def learnt() -> bytes:
    return dump(learn([Example(*each) for each in messages(1)]).model)


@pytest.fixture
def house(settings: Any) -> Iterator[Path]:
    path = Path(settings.DATA_DIR) / proposing.MODEL
    yield path
    path.unlink(missing_ok=True)


def transfer(desk: Desk, walk: Walk, language: str = "en") -> Any:
    return desk("olga").get(f"/desk/p/{walk.ref}/move/transfer/", headers={"accept-language": language})


def groups(page: Any) -> list[Any]:
    return [choice for choice in page.context["form"].fields["body"].choices if choice[0]]


def competences() -> None:
    Competence.objects.create(body=Body.objects.get(code="jt"), subject="交通运输")
    Competence.objects.create(body=Body.objects.get(code="zj"), subject="住房保障")


def test_the_officer_sees_the_topic_how_sure_it_is_and_the_words(
    desk: Desk, at: At, house: Path, learnt: bytes
) -> None:
    house.write_bytes(learnt)
    competences()
    # No keyword of ours stands in it: it is the model that knows.
    walk = at("registered", subject="候车很久", text="候车很久，路口很乱，坑坑洼洼")
    page = transfer(desk, walk)
    words = page.content.decode()
    assert "Probably about" in words
    assert "交通运输" in words
    assert "候车" in words
    (_title, competent), _others = groups(page)
    assert [code for code, _ in competent] == ["jt"]


def test_where_it_is_unsure_no_topic_is_offered(desk: Desk, at: At, house: Path, learnt: bytes) -> None:
    house.write_bytes(learnt)
    page = transfer(desk, at("registered", subject="其他", text="xyz"))
    assert "Probably about" not in page.content.decode()


def test_without_a_model_the_keywords_offer_bodies(desk: Desk, at: At, house: Path) -> None:
    competences()
    page = transfer(desk, at("registered", subject="公交车不来", text="公交车晚上不来"))
    assert "Probably about" not in page.content.decode()
    (_title, competent), _others = groups(page)
    assert [code for code, _ in competent] == ["jt"]


def test_a_broken_model_stops_nobody(
    desk: Desk, at: At, house: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house.write_bytes(b"no model")
    assert transfer(desk, at("registered")).status_code == 200
    assert "cannot be read" in caplog.text


def test_a_new_model_is_taken_without_a_restart(house: Path, learnt: bytes) -> None:
    assert proposing.model() is None
    house.write_bytes(learnt)
    first = proposing.model()
    assert first is not None
    assert proposing.model() is first
    other = dump(learn([Example(*each) for each in messages(2)]).model)
    house.write_bytes(other)
    assert proposing.model() is not first


def test_a_report_is_not_read(cast: dict[str, Officer], house: Path, learnt: bytes) -> None:
    house.write_bytes(learnt)
    petition = lodge(kind="report", subject="公交车", text="公交车不来", against=("zj",)).petition
    assert proposing.proposed_for(petition) is None


def test_a_serving_process_loads_nothing_that_learns(tmp_path: Path, learnt: bytes) -> None:
    (tmp_path / proposing.MODEL).write_bytes(learnt)
    script = (
        "import sys, django; from django.urls import get_resolver; django.setup();"
        "get_resolver().url_patterns;"
        "before = 'huiyin.reading.topic_model' in sys.modules;"
        "from huiyin.registry import proposing; assert proposing.proposed('', '公交车').topic == '交通运输';"
        "print(before, [m for m in ('scipy', 'sklearn') if m in sys.modules])"
    )
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "huiyin.site.settings",
        "HUIYIN_ZONE": "desk",
        "HUIYIN_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=HOUSE, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False []"
