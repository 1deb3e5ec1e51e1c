"""What many texts complain of: groups of texts about one cause, and the words that they share.

Pure: it is given how alike texts are and what they say (masked), and knows nothing of who wrote them or when.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from huiyin.reading import places

if TYPE_CHECKING:
    from huiyin.reading.similar import Background

ALIKE = 0.27  # likeness from which two texts are taken to be about one cause
# What the likeness of two texts counts that name a place in common, or none: one form serves for many places.
SAME_PLACE, OTHER_PLACE = 1.2, 0.45
WORTH = 0.2  # below, a likeness is not looked at: the place cannot make it enough
CORE = 3  # so many texts alike it make a text the core of a group
LONGEST = 6  # characters of a phrase
_RUN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z'-]{2,}")
_MASK = re.compile(r"〔[^〔〕]{1,6}〕|\[[a-z -]{4,16}\]")


def weighed(likeness: float, one: Collection[str | int], other: Collection[str | int]) -> float:
    """The likeness of two texts, given the places, or their hashes, that each names; 1 at most."""
    same = places.same(one, other)
    return likeness if same is None else min(1.0, likeness * (SAME_PLACE if same else OTHER_PLACE))


def groups(
    pairs: Iterable[tuple[int, int, float]], *, alike: float = ALIKE, core: int = CORE
) -> list[list[int]]:
    """Groups of texts that hang together, the largest first, each ascending (DBSCAN, Ester et al. 1996).

    `pairs`: two texts and their likeness, each pair once or twice. A text with at least `core` others alike
    it is a core; cores alike one another are one group; any other goes to the core that it is most alike.
    """
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for one, other, likeness in pairs:
        if likeness >= alike and one != other:
            near[one][other] = near[other][one] = likeness
    cores = {text for text, others in near.items() if len(others) >= core}
    group: dict[int, int] = {}
    for text in sorted(cores):
        if text not in group:
            _spread(text, near, cores, group)
    for text in sorted(near.keys() - cores):
        nearest = max((o for o in near[text] if o in cores), key=lambda o: (near[text][o], -o), default=None)
        if nearest is not None:
            group[text] = group[nearest]
    found: dict[int, list[int]] = defaultdict(list)
    for text, first in sorted(group.items()):
        found[first].append(text)
    return sorted(found.values(), key=lambda texts: (-len(texts), texts))


def _spread(first: int, near: dict[int, dict[int, float]], cores: set[int], group: dict[int, int]) -> None:
    waiting = [first]
    group[first] = first
    while waiting:
        for other in near[waiting.pop()]:
            if other in cores and other not in group:
                group[other] = first
                waiting.append(other)


def words_of(texts: Sequence[str], background: Background, *, most: int = 6, least: int = 3) -> list[str]:
    """The phrases that most of these texts share and few others have, the most telling first.

    A phrase stands in at least `least` of the texts, so that none is one text's own.
    """
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(set(_phrases(text)))
    scored = {p: times * _tells(p, background) for p, times in counted.items() if times >= least}
    found: list[str] = []
    for phrase in sorted(scored, key=lambda p: (-scored[p], p)):
        if not any(_overlaps(phrase, other) for other in found):
            found.append(phrase)
        if len(found) == most:
            break
    return found


def _phrases(text: str) -> Iterable[str]:
    for run in _RUN.findall(_MASK.sub(" ", text)):
        if run.isascii():
            yield run.casefold()
        else:
            yield from (run[at : at + n] for n in range(2, LONGEST + 1) for at in range(len(run) - n + 1))


def _tells(phrase: str, background: Background) -> float:
    """How rare its n-grams are elsewhere, and a little for its length."""
    return float(background.rarity(phrase) * len(phrase) ** 0.5)


def _overlaps(one: str, other: str) -> bool:
    """Whether one says the other again, or a piece of it."""
    pieces = {one[at : at + 2] for at in range(len(one) - 1)}
    return any(other[at : at + 2] in pieces for at in range(len(other) - 1))
