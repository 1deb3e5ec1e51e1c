"""Texts about one cause in one place hang together, and their words are what several of them say."""

from huiyin.reading import places, problems
from huiyin.reading.similar import Background


def test_texts_alike_one_another_are_a_group_and_a_chance_likeness_is_none():
    pairs = [(1, 2, 0.5), (1, 3, 0.4), (2, 3, 0.4), (1, 4, 0.3), (3, 4, 0.3), (5, 6, 0.9), (7, 1, 0.1)]
    assert problems.groups(pairs) == [[1, 2, 3, 4]]


def test_one_that_is_like_a_single_core_joins_it_and_ties_nothing_together():
    ring = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]
    other = [(one + 10, two + 10) for one, two in ring]
    pairs = [(one, two, 0.5) for one, two in ring + other] + [(4, 9, 0.3), (9, 11, 0.28)]
    assert problems.groups(pairs) == [[1, 2, 3, 4, 9], [11, 12, 13, 14]]


def test_two_places_are_two_problems_though_the_form_is_the_same():
    here, there = places.places("魅力之城小区油烟扰民"), places.places("润芳园小区油烟扰民")
    assert problems.weighed(0.55, here, there) < problems.ALIKE
    assert problems.weighed(0.25, here, here) > problems.ALIKE
    assert problems.weighed(0.5, here, ()) == 0.5
    assert problems.weighed(0.95, here, here) == 1


def test_places_are_streets_and_compounds_and_never_a_house():
    assert places.places("投诉丽发新城小区附近搅拌站，青石路12号3栋204室") == (
        "丽发新城",
        "新城小区",
        "青石路",
    )
    assert places.places("沿着这条路走过马路，铁路旁边的本小区") == ()
    assert places.places("near Willow Road and Old Market") == ("willow road", "old market")


def test_words_are_shared_by_several_and_the_telling_ones_come_first():
    texts = [
        "丽发新城旁边建搅拌站，灰尘很大",
        "请关停丽发新城的搅拌站，噪音扰民",
        "搅拌站离丽发新城不到百米",
        "丽发新城居民反对搅拌站",
    ]
    said = problems.words_of(texts, Background.of([*texts, *["今天天气很好，我们去公园"] * 20]))
    assert said[0] == "丽发新城"
    assert any("搅拌站" in word for word in said)
    assert not any("噪音" in word for word in said), "one text's own word is nobody else's"
