"""What officers decided that petitions are about: learnt from, and held against what a model named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.core.case import Move
from huiyin.reading.topic_model import Model, dump, read
from huiyin.registry import deciding, proposing, topic_figures, topic_outcomes
from huiyin.registry.models import Body, Competence, Officer, Petition, TopicOutcome
from huiyin.registry.perform import perform
from tests.cast import NOW, REQUESTS, Walk, acting_as, lodge

Cast = dict[str, Officer]
HERE = date(2026, 3, 20)


def little_model(threshold: float = 0.6) -> Model:
    """One that knows two words: 路灯 is a matter of building, 公交 one of transport."""
    return Model(
        topics=("城乡建设", "交通运输"),
        terms=("路灯", "公交"),
        rarity=np.ones(2, np.float32),
        weights=np.array([[2, 0], [0, 2]], np.float32),
        bias=(0.0, 0.0),
        slope=1.0,
        sure=(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        threshold=threshold,
        about={"of_topic": {"城乡建设": 40, "交通运输": 40}, "sure_right": 0.9},
    )


@pytest.fixture
def house(settings: Any) -> Iterator[Callable[..., Model]]:
    """Puts a model in its place."""
    path = Path(settings.DATA_DIR) / proposing.MODEL

    def put(**changed: Any) -> Model:
        path.write_bytes(dump(little_model(**changed)))
        return read(path)

    yield put
    path.unlink(missing_ok=True)


def competent(code: str, *subjects: str) -> None:
    body = Body.objects.get(code=code)
    Competence.objects.bulk_create([Competence(body=body, subject=subject) for subject in subjects])


def taken_up(**said: Any) -> Walk:
    return Walk(lodge(**said)).to("accepted")


# ---- to learn from


def test_a_topic_is_what_the_body_that_took_it_up_is_competent_for(cast: Cast) -> None:
    competent("zj", "城乡建设", "物业管理")
    taken_up()
    lodge(subject="没有人受理")
    rows = list(deciding.decided())
    assert [(row.subject, row.topic) for row in rows] == [("路灯坏了", "城乡建设、物业管理")]


def test_it_is_read_as_it_reads_masked(cast: Cast) -> None:
    competent("zj", "城乡建设")
    taken_up(text="我叫张三，电话13800000000。路灯坏了。")
    (row,) = deciding.decided()
    assert "路灯" in row.text
    assert not [part for part in ("张三", "138") if part in row.text]


@pytest.mark.parametrize("subjects", [(), ("甲", "乙", "丙", "丁")])
def test_a_body_that_decides_on_nothing_or_everything_teaches_nothing(
    cast: Cast, subjects: tuple[str, ...]
) -> None:
    competent("zj", *subjects)
    taken_up()
    assert not list(deciding.decided())


@pytest.mark.parametrize(
    "hidden", [{"kind": "report"}, {"text": ""}, {"erased_on": HERE}, {"marks": {"unsure": True}}]
)
def test_what_is_sealed_or_may_be_a_report_is_never_read(cast: Cast, hidden: dict[str, Any]) -> None:
    competent("zj", "城乡建设")
    walk = taken_up()
    Petition.objects.filter(ref=walk.ref).update(**hidden)
    assert not list(deciding.decided())


# ---- how a model stands up to it


def outcome() -> dict[str, Any]:
    return dict(TopicOutcome.objects.values("month", "said", "decided", "unsure", "petitions").get())


def test_taking_up_counts_what_the_model_would_have_named(cast: Cast, house: Callable[..., Model]) -> None:
    model = house()
    competent("zj", "住房和城乡建设")
    taken_up()
    taken_up()
    assert outcome() == {
        "month": date(NOW.year, NOW.month, 1),
        "said": "城乡建设",
        "decided": "城乡建设",
        "unsure": False,
        "petitions": 2,
    }
    assert TopicOutcome.objects.get().model == model.version


def test_another_body_than_was_named_is_told_in_the_words_of_the_model(
    cast: Cast, house: Callable[..., Model]
) -> None:
    house()
    competent("zj", "城乡建设")
    taken_up(subject="公交", text="公交车没有了")
    assert (outcome()["said"], outcome()["decided"]) == ("交通运输", "城乡建设")


def test_a_topic_that_the_model_does_not_know_keeps_its_own_name() -> None:
    named = deciding.in_words_of(("城乡建设", "交通运输"), "城乡建设", {"医疗"})
    assert named == "医疗"


def test_what_was_too_unsure_is_counted_apart(cast: Cast, house: Callable[..., Model]) -> None:
    house(threshold=0.99)
    competent("zj", "城乡建设")
    taken_up()
    assert outcome()["unsure"]


def test_a_body_that_decides_on_everything_says_nothing(cast: Cast, house: Callable[..., Model]) -> None:
    house()
    competent("zj", "甲", "乙", "丙", "丁")
    taken_up()
    assert outcome()["decided"] == ""


def test_without_a_model_nothing_is_kept(cast: Cast) -> None:
    competent("zj", "城乡建设")
    taken_up()
    assert not TopicOutcome.objects.exists()


def test_a_report_is_in_no_sum(cast: Cast, house: Callable[..., Model]) -> None:
    house()
    competent("zj", "城乡建设")
    walk = Walk(lodge()).to("transferred")
    Petition.objects.filter(ref=walk.ref).update(marks={"unsure": True})
    walk("accept", "otto", requests=REQUESTS)
    assert not TopicOutcome.objects.exists()


def test_taking_up_costs_two_statements_with_a_model_and_none_without(
    cast: Cast, house: Callable[..., Model]
) -> None:
    taken_up()  # the first document of a series costs more
    spent = []
    for put in (None, house):
        if put:
            put()
            proposing.model()
        walk = Walk(lodge()).to("transferred")
        with CaptureQueriesContext(connection) as queries:
            perform(walk.ref, Move("accept", {"requests": REQUESTS}), acting_as("otto"), NOW)
        spent.append(len(queries))
    assert spent[1] - spent[0] == 2


def test_no_row_leads_to_a_petition_a_body_or_a_person() -> None:
    assert not [field.name for field in TopicOutcome._meta.get_fields() if field.is_relation]


# ---- figures


def outcomes(said: str, decided: str, many: int, month: date = HERE, **also: Any) -> None:
    first = month.replace(day=1)
    row = {"month": first, "model": "v1", "said": said, "decided": decided, "unsure": False} | also
    TopicOutcome.objects.create(**row, petitions=many)


def as_version(name: str) -> Model:
    made = little_model()
    object.__setattr__(made, "version", name)
    return made


def test_precision_and_recall_of_each_topic(db: Any) -> None:
    outcomes("城乡建设", "城乡建设", 30)
    outcomes("城乡建设", "交通运输", 10)
    outcomes("城乡建设", "城乡建设", 10, unsure=True)
    outcomes("交通运输", "城乡建设", 40, model="another")
    told = topic_figures.of(as_version("v1"), HERE)
    building, transport = told.topics
    assert (building.precision, building.recall) == (0.75, 0.75)
    assert building.f1 == pytest.approx(0.75)
    assert transport.precision is None  # ten are too few for a share
    assert (told.latest.agreed, told.latest.other, told.latest.unsure) == (30, 50, 10)


def test_a_month_of_another_model_is_marked_and_older_ones_are_left_out(db: Any) -> None:
    outcomes("城乡建设", "城乡建设", 9, date(2025, 3, 1))
    outcomes("城乡建设", "城乡建设", 9, date(2026, 1, 1))
    outcomes("城乡建设", "城乡建设", 9, date(2026, 2, 1), model="v2")
    told = topic_figures.of(as_version("v2"), HERE)
    assert told.changed == {date(2026, 2, 1)}
    assert sum(each.decided for each in told.months.values()) == 18
    assert next(iter(told.months)) == date(2025, 4, 1)


def test_small_numbers_are_not_said(db: Any) -> None:
    outcomes("城乡建设", "城乡建设", 3)
    outcomes("城乡建设", "交通运输", 40)
    told = topic_figures.of(as_version("v1"), HERE)
    assert told.months[HERE.replace(day=1)].told == ("<5", "<5", 0, 43)
    assert told.topics[0].told[0] == "<5"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("城乡建设", "城乡建设", 95, False), ("城乡建设", "交通运输", 5, False)], []),
        ([("城乡建设", "城乡建设", 80, False), ("城乡建设", "交通运输", 20, False)], ["worse"]),
        ([("城乡建设", "城乡建设", 60, False), ("交通运输", "交通运输", 40, True)], ["silent"]),
        ([("城乡建设", "城乡建设", 400, False), ("城乡建设", "医疗", 30, True)], ["unknown"]),
        ([("城乡建设", "交通运输", 30, False)], []),  # too few to say anything
    ],
)
def test_what_is_advised(db: Any, rows: list[tuple[str, str, int, bool]], said: list[str]) -> None:
    for name, decided, many, unsure in rows:
        outcomes(name, decided, many, unsure=unsure)
    model = as_version("v1")
    assert topic_figures.advice(topic_figures.of(model, HERE), model) == said


def test_two_at_once_are_both_counted(db: Any) -> None:
    for _ in range(2):
        topic_outcomes.add(HERE.replace(day=1), "v1", "甲", "乙", unsure=False)
    assert TopicOutcome.objects.get().petitions == 2
