"""Search: what is found, by whom, in which order, on either database; and what keeps the index."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.reading import mask, query
from huiyin.reading.query import Query
from huiyin.reading.topics import topics_of
from huiyin.registry import access, erasing, indexing, searching
from huiyin.registry.indexed import Indexed
from huiyin.registry.models import Clock, Holding, Officer, Outbox, Petition, Recusal
from huiyin.registry.searching import BEST
from tests.cast import NOW, OPINION, Walk, acting_as, lodge

TEXTS = {
    "lift": ("电梯停运", "小区二期的电梯停运三个月，物业公司不修。"),
    "leak": ("楼顶漏水", "楼顶漏水多年，物业推诿，电梯厅也进水。"),
    "wages": ("拖欠工资", "工地拖欠农民工工资，项目部没有人管。"),
    "noise": ("夜间施工", "工地夜间施工，噪音很大，孩子睡不着。"),
    "heat": ("Heating broken", "The heating is broken and water leaks into the hall of our building."),
}
AT_XF = "olga"  # the registrar of the petition office that has them all


def asked(said: str) -> Query:
    read = searching.asked(said)
    assert isinstance(read, Query), read
    return read


def found(said: str, login: str = AT_XF, **how: Any) -> list[str]:
    pks = searching.search(acting_as(login), asked(said), **how).pks
    subjects = dict(Petition.objects.filter(pk__in=pks).values_list("pk", "subject"))
    names = {subject: name for name, (subject, _) in TEXTS.items()}
    return [names.get(subjects[pk], subjects[pk]) for pk in pks]


@pytest.fixture
def texts(cast: dict[str, Officer]) -> dict[str, Walk]:
    return {name: Walk(lodge(subject=subject, text=text)) for name, (subject, text) in TEXTS.items()}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("电梯", ["leak", "lift"]),
        ("电梯 停运", ["lift"]),
        ("楼顶漏水", ["leak"]),
        ('"电梯 停运"', ["lift"]),
        ('"停运 电梯"', []),
        ("工地 -噪音", ["wages"]),
        ("农民工工资", ["wages"]),
        ("梯停", ["lift"]),
        ("没有的词", []),
        ("water leak", ["heat"]),
        ('"water leaks"', ["heat"]),
        ('"leaks water"', []),
        ("BUILDINGS", ["heat"]),
    ],
)
def test_words_phrases_and_what_must_not_be_there(texts: Any, said: str, names: list[str]) -> None:
    assert found(said) == names


def test_the_newest_comes_first_or_the_best(texts: Any) -> None:
    assert found("物业") == ["leak", "lift"]
    assert found("物业 电梯", order=BEST) == ["lift", "leak"]


def test_a_topic_asks_for_one_of_its_words(texts: Any) -> None:
    (housing,) = topics_of(["住房"])
    wanted = searching.with_topic(asked("工地"), housing)
    assert searching.search(acting_as(AT_XF), wanted).pks == ()
    wanted = searching.with_topic(asked("物业"), housing)
    assert len(searching.search(acting_as(AT_XF), wanted).pks) == 2


def test_only_what_an_officer_may_see_is_found_counted_or_suggested(texts: dict[str, Walk]) -> None:
    """For every officer of the cast, against a look at each petition: at every step of a long way."""
    texts["leak"].to("review-requested")
    texts["lift"].to("transferred")
    texts["noise"].to("accepted")
    everyone = Officer.objects.values_list("login", flat=True)
    some = False
    for login in everyone:
        acting = acting_as(login)
        may_see = access.visible_to(acting)
        for said in ("物业", "工地", "电梯 -停运", "heating"):
            got = searching.search(acting, asked(said))
            word = said.split(" ", maxsplit=1)[0]
            there = {each.pk for each in may_see if word in (each.subject + each.text).lower()}
            there -= {each.pk for each in may_see if "-" in said and "停运" in each.subject}
            assert set(got.pks) == there, (login, said)
            assert set(searching.suggested(got, ["三个月", "推诿"], 1)) <= {"三个月", "推诿"}
            some = some or bool(there)
    assert some


def test_who_stepped_back_finds_it_no_more(texts: dict[str, Walk]) -> None:
    assert found("停运") == ["lift"]
    petition = texts["lift"].petition
    Recusal.objects.create(petition=petition, officer=Officer.objects.get(login=AT_XF))
    assert found("停运") == []


def test_a_body_finds_what_it_holds_and_what_it_held(texts: dict[str, Walk]) -> None:
    assert found("停运", "otto") == []
    texts["lift"].to("transferred")
    assert found("停运", "otto") == found("停运") == ["lift"]


def test_the_index_knows_each_body_that_holds_or_held_it(texts: dict[str, Walk]) -> None:
    texts["leak"].to("closed-final")
    for row in Indexed.objects.all():
        kept = searching.kept(row.words)
        bodies = Holding.objects.filter(petition=row.pk).values_list("body", flat=True)
        assert {indexing.holder_token(pk) for pk in bodies} <= kept


def test_an_answer_is_found_once_it_is_issued(texts: dict[str, Walk]) -> None:
    answer = {"answers": [{**OPINION["answers"][0], "facts": "经现场勘验，防水层老化"}]}
    walk = texts["leak"].to("accepted").signed("otto", "hedda", **answer)
    assert found("防水层", "otto") == []
    walk("issue-opinion", "otto", **answer)
    assert found("防水层", "otto") == found("现场勘验") == ["leak"]
    before = _words(walk.petition)
    indexing.write([walk.petition])
    assert _words(walk.petition) >= before - {"b0"}  # made anew, it says the same


def _words(petition: Petition) -> set[str]:
    return searching.kept(Indexed.objects.get(pk=petition.pk).words)


def test_a_report_is_never_indexed_nor_what_may_be_one(cast: Any) -> None:
    lodge(kind="report", text="有人收了钱", body="xf")
    lodge(text="不知道是不是举报", unsure=True)
    assert not Indexed.objects.exists()


def test_what_becomes_a_report_leaves_the_index_in_the_same_transaction(cast: Any) -> None:
    walk = Walk(lodge(text="施工队偷工减料", body="xf"))
    walk("register", "olga")
    petition = walk.petition
    assert Indexed.objects.filter(pk=petition.pk).exists()
    Petition.objects.filter(pk=petition.pk).update(kind="report")
    petition.refresh_from_db()
    indexing.follow(petition, [], was=True)
    assert not Indexed.objects.exists()
    assert found("施工队") == []


def test_what_is_sorted_is_found_from_then_on(cast: Any) -> None:
    walk = Walk(lodge(subject="路灯", text="路灯不亮，不知道归谁管", unsure=True))
    assert found("路灯") == []
    walk("register", "olga")
    assert found("路灯") == []
    walk("classify", "olga", sorting="opinion", aided="unused", reasons="求决")
    assert len(found("路灯")) == 1


def test_what_is_erased_is_gone_from_the_index_and_its_vocabulary(texts: dict[str, Walk]) -> None:
    walk = texts["noise"]
    Petition.objects.filter(ref=walk.ref).update(is_open=False)
    Clock.objects.filter(petition__ref=walk.ref).update(state="met", ended=NOW.date())
    Outbox.objects.filter(petition__ref=walk.ref).update(sent_at=NOW)
    later = NOW + timedelta(days=366 * 31)
    due = next(each for each in erasing.due(later.date()) if each.petition.ref == walk.ref)
    assert "噪音" in vocabulary()
    erasing.erase(due, later, batch="1")
    indexing.compact()
    assert "噪音" not in vocabulary()
    assert found("噪音") == []


def vocabulary() -> set[str]:
    """Every token that the database's own index holds."""
    mine = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.said USING fts5vocab(main, registry_indexed_fts, row)"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT word FROM ts_stat('SELECT words FROM registry_indexed')")
        else:
            cursor.execute(mine)
            cursor.execute("SELECT term FROM temp.said")
        return {word for (word,) in cursor.fetchall()}


def test_what_was_filed_before_there_was_an_index_is_caught_up_with(texts: Any) -> None:
    kept = {row.pk: searching.kept(row.words) for row in Indexed.objects.all()}
    indexing.begin_anew()
    assert found("电梯") == []
    below, done = None, []
    while True:
        n, below = indexing.catch_up(below, most=2)
        if not n:
            break
        done.append(n)
    assert done == [2, 2, 1]
    assert {row.pk: searching.kept(row.words) for row in Indexed.objects.all()} == kept
    assert found("电梯") == ["leak", "lift"]


def test_what_was_indexed_by_older_rules_of_masking_is_indexed_anew(texts: Any) -> None:
    old = Indexed.objects.order_by("pk")[:2]
    Indexed.objects.filter(pk__in=[row.pk for row in old]).update(mask_version=mask.VERSION - 1)
    assert {petition.pk for petition in indexing.missing()} == {row.pk for row in old}
    assert indexing.catch_up()[0] == 2
    assert set(Indexed.objects.values_list("mask_version", flat=True)) == {mask.VERSION}
    assert not indexing.missing().exists()
    assert found("电梯") == ["leak", "lift"]


def test_a_search_is_three_statements_however_much_there_is(texts: Any) -> None:
    acting = acting_as(AT_XF)
    searching.search(acting, asked("电梯"))
    with CaptureQueriesContext(connection) as few:
        searching.search(acting, asked("电梯"))
    for n in range(30):
        lodge(subject=f"电梯{n}", text="电梯坏了")
    with CaptureQueriesContext(connection) as many:
        assert len(searching.search(acting, asked("电梯")).pks) == 32
    assert len(many) == len(few) <= 3, [q["sql"][:100] for q in many.captured_queries]


def test_the_newest_come_first_however_far_apart_they_are(cast: Any, monkeypatch: Any) -> None:
    """Over many slices, of which PostgreSQL looks into the newest first."""
    first = lodge(subject="电梯停运", text="电梯坏了").petition
    numbers = [n << searching.SLICE_BITS for n in (9, 2, 7, 8, 1, 4, 6)]
    for number in numbers:
        each = Petition.objects.get(pk=first.pk)
        each.pk, each.ref = number, f"HY-{number}"
        each.save(force_insert=True)
        Holding.objects.create(petition=each, body=each.holder, since=each.lodged_at)
        indexing.write([each])
    wanted = [*sorted(numbers, reverse=True), first.pk]
    assert list(searching.search(acting_as(AT_XF), asked("电梯")).pks) == wanted
    monkeypatch.setattr(searching, "LISTED", 3)
    assert list(searching.search(acting_as(AT_XF), asked("电梯")).pks) == wanted[:3]
    looks = searching.newest_first("'电梯'")
    assert [below >> searching.SLICE_BITS for _, below in looks] == [10, 8, 4]


def test_more_than_a_list_holds_is_said(texts: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(searching, "LISTED", 1)
    got = searching.search(acting_as(AT_XF), asked("电梯"))
    assert (len(got.pks), got.more) == (1, True)


def test_the_database_looks_into_its_index_and_not_at_each_petition(texts: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        searching.search(acting_as(AT_XF), asked("电梯 停运"))
    (statement,) = [
        q["sql"] for q in queries.captured_queries if "registry_indexed" in q["sql"] and "MAX" not in q["sql"]
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Bitmap Index Scan on registry_indexed_words" in plan, plan
            assert "Seq Scan on registry_petition" not in plan, plan
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plan = "\n".join(line[3] for line in cursor.fetchall())
            assert "registry_indexed_fts VIRTUAL TABLE INDEX" in plan, plan
            assert "SCAN registry_petition" not in plan, plan
            assert "TEMP B-TREE" not in plan, plan  # the newest come as they are, unsorted


def test_no_query_has_a_token_that_could_be_read_as_something_else() -> None:
    for said in ("电梯' OR 1=1", 'a" NEAR b', "漏水\\", "words:漏水", "漏水*", "漏水) OR (停运"):
        read = query.read(said)
        if isinstance(read, Query):
            for term in (*read.wanted, *read.unwanted):
                assert all(token.isalpha() for token in term), said
