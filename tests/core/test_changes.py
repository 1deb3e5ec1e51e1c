"""A change is said only where it is clearly more than chance, of months that are over."""

from __future__ import annotations

from random import Random

import pytest

from huiyin.core import changes


@pytest.mark.parametrize(
    ("month", "before", "sudden"),
    [
        (40, [10, 12, 9, 11], True),
        (12, [10, 12, 9, 11], False),  # as usual
        (19, [10, 12, 9, 11], False),  # more, and not twice
        (9, [0, 0, 0, 1], False),  # too few to say
        (12, [0, 0, 1, 0], True),
        (80, [10, 12], False),  # nothing is usual yet
        (0, [30, 30, 30], False),  # less is no merit, and is not said
    ],
)
def test_what_is_sudden(month: int, before: list[int], sudden: bool) -> None:
    assert changes.is_sudden(month, before) is sudden


def test_chance_alone_is_hardly_ever_called_sudden() -> None:
    chance = Random(5)

    def poisson() -> int:
        return sum(chance.random() < 0.02 for _ in range(1000))  # twenty a month

    called = sum(changes.is_sudden(poisson(), [poisson() for _ in range(11)]) for _ in range(300))
    assert called <= 1


def test_numbers_are_rounded_down() -> None:
    assert [changes.rounded_down(n) for n in (4, 5, 14, 20)] == [0, 5, 10, 20]
