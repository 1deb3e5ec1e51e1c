"""What bodies write to one another in supervision. Its kinds are the law's: `[correspondence]` of a rulebook.

In cn-2022: proposals (art. 40), what a joint conference may do (art. 39.3), feedback of an inspection (art.
38), and the two reports that the law orders about officials (arts. 30.2, 41.2). A law without it has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.core.text import Text

# What a kind may be beside answered or not: flags of its table.
FLAGS = ("down", "listed", "about", "above", "counted")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter between bodies."""

    code: str
    article: str
    text: Text
    by: frozenset[str]  # kinds of body that may write it
    answered: bool = True  # a written answer is owed
    down: bool = False  # only to a body below
    listed: bool = False  # names petitions by reference
    about: bool = False  # is about a body that must never see it (charter 6), on a ground of the law
    above: bool = False  # the superior of its receiver reads it too
    counted: bool = False  # holds nothing but counts that the house made


# Whether a proposal is adopted, as its written answer says (art. 40.4).
ADOPTED: dict[str, Text] = {
    "full": Text("采纳", "Adopted"),
    "part": Text("部分采纳", "Adopted in part"),
    "none": Text("未采纳", "Not adopted"),
}
