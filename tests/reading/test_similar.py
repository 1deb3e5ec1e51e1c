"""Texts on the same problem find each other, whatever their words; nothing can be read out of a vector."""

import numpy as np
import pytest

from huiyin.reading import similar
from huiyin.reading.similar import Background, Index

LIFT = "三号楼的电梯从五月起坏了没人修，住在十一楼的老人下不了楼，物业说没有钱。"
LIFT_TOO = "我们三号楼电梯停用两个月，物业推说没有维修资金，老人困在十一楼，请督促修电梯。"
NOISE = "青石路工地半夜两点还在打桩，孩子睡不着，打了几次电话也没有人管。"
BUS = "希望十二路公交车在松湖公园东门加设一站，现在走过去要二十分钟。"
PENSION = "退休三年养老金一直少发，社保局让去街道，街道让回社保局。"
TEXTS = (LIFT, LIFT_TOO, NOISE, BUS, PENSION)


@pytest.fixture
def background():
    return Background.of(TEXTS)


def _index(texts, background):
    index = Index(background)
    index.add(range(len(texts)), [similar.vector(text, background) for text in texts])
    return index


def test_the_same_problem_in_other_words_is_found_first(background):
    index = _index(TEXTS, background)
    first, second, *others = index.search(similar.vector(LIFT, background), 5)
    assert (first.number, second.number) == (0, 1)
    assert first.likeness == pytest.approx(1, abs=1e-5)
    assert all(each.likeness < second.likeness / 2 for each in others)


def test_english_finds_english(background):
    texts = (
        "The lift in house 7 of Willow Estate is out of order",
        "Willow Estate: our lift is broken again",
        BUS,
    )
    found = _index(texts, background).search(similar.vector(texts[0], background), 3)
    assert [each.number for each in found[:2]] == [0, 1]


def test_the_index_finds_what_comparing_with_each_finds(background):
    """Against a sum over all: nothing is left out, whatever came in first or last, and in how many goes."""
    chance = np.random.default_rng(0)
    signs = [chr(0x4E00 + n) for n in range(40)]
    texts = ["".join(chance.choice(signs, 40)) for _ in range(400)]
    vectors = [similar.vector(text, background) for text in texts]
    index = Index(background)
    for first in range(0, 400, 130):
        index.add(range(first, min(first + 130, 400)), vectors[first : first + 130])
    asked_buckets, asked_weights = similar.unpacked(vectors[7], background)
    asked = dict(zip(asked_buckets.tolist(), asked_weights.tolist(), strict=True))
    true = {}
    for number, made in enumerate(vectors):
        buckets, weights = similar.unpacked(made, background)
        true[number] = sum(
            asked.get(b, 0) * w for b, w in zip(buckets.tolist(), weights.tolist(), strict=True)
        )
    wanted = sorted(true, key=lambda number: (-true[number], number))[:10]
    found = index.search(vectors[7], 10)
    assert [each.likeness for each in found] == pytest.approx([true[n] for n in wanted], abs=1e-5)


def test_what_was_taken_out_is_found_no_more(background):
    index = _index(TEXTS, background)
    index.remove(1)
    assert len(index) == 4
    assert 1 not in {each.number for each in index.search(similar.vector(LIFT, background), 5)}


def test_an_empty_index_and_an_empty_text_find_nothing(background):
    assert Index(background).search(similar.vector(LIFT, background), 5) == []
    assert _index(TEXTS, background).search(similar.vector("", background), 5) == []


def test_a_background_comes_back_as_it_was_kept():
    made = Background.of([LIFT] * 4)
    again = Background.from_bytes(made.to_bytes())
    assert again.texts == 4
    assert np.array_equal(again.counts, made.counts)


def test_a_background_keeps_nothing_that_fewer_than_three_texts_say():
    made = Background.of([LIFT, LIFT, BUS])
    assert not made.counts.any()


def test_what_stands_for_something_masked_is_no_word(background):
    with_mask = similar.vector(LIFT + "〔姓名〕〔电话〕 [name]", background)
    assert np.array_equal(with_mask, similar.vector(LIFT, background))


def test_a_copy_is_told_from_other_words_for_the_same():
    assert similar.shingles_alike(LIFT, LIFT.replace("五月", "六月")) > similar.COPY
    assert similar.shingles_alike(LIFT, LIFT_TOO) < similar.COPY
    assert similar.shingles_alike("", LIFT) == 0
