"""What a text is about: found by the words of ordinary people, offered by the competence tree."""

from __future__ import annotations

import pytest

from huiyin.reading.topics import topics_in, topics_of

TREE = ("住房和城乡建设", "交通运输", "生态环境", "工资支付", "殡葬管理")


def names(text: str) -> list[str]:
    return [topic.zh for topic in topics_in(text, topics_of(TREE))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("小区电梯坏了三个月，物业说没有钱", "住房、物业、小区"),
        ("老板拖欠我们的工资", "工资、劳动、社保、养老金"),
        ("The bus no longer stops here", "公路、公交、停车"),
        ("The LIFT is broken and the roof leaks", "住房、物业、小区"),
        ("殡葬管理收费不合理", "殡葬管理"),
    ],
)
def test_finds_what_it_is_about(text: str, first: str) -> None:
    assert names(text)[0] == first


def test_a_word_within_an_english_word_is_none() -> None:
    assert names("He lifted the busy roadmap") == []


def test_nothing_is_found_where_nothing_is_said() -> None:
    assert names("我有一件事想说") == []


def test_only_what_some_body_decides_is_a_topic() -> None:
    assert [topic.zh for topic in topics_of(["交通运输"])] == ["公路、公交、停车"]
    assert topics_of([]) == []


def test_every_competence_belongs_to_a_topic() -> None:
    found = topics_of(TREE)
    assert all(any(topic.has(subject) for topic in found) for subject in TREE)
    assert len({topic.code for topic in found}) == len(found)
