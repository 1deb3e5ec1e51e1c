"""A list of messages from elsewhere: which column is what, and what the words in it stand for.

The fields are an allow-list: nothing else of a list is taken in. Where the author can be reached is taken
only when somebody names the columns; whatever else it says about persons, under no name (decision 0083).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiyin.core.text import Text
from huiyin.reading.about_persons import is_about_persons

AUTHOR = ("name", "phone", "email", "address")
FROM_TEXT = 60  # characters of the text that stand for a subject
OTHER_SYSTEM = "api"
_CHANNELS = {
    **dict.fromkeys(("web", "网络", "网站", "网上", "网上信访", "微信", "app"), "web"),
    **dict.fromkeys(("letter", "来信", "信件", "写信"), "letter"),
    **dict.fromkeys(("phone", "电话", "来电", "热线", "12345"), "phone"),
    **dict.fromkeys(("visit", "来访", "走访", "上访"), "visit"),
    **dict.fromkeys(("fax", "传真"), "fax"),
    **dict.fromkeys(("email", "邮件", "电子邮件", "邮箱"), "email"),
}


class BadMap(ValueError):
    """Columns that cannot be told apart or are missing: `said` tells which, and what to do."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True, slots=True)
class Fields:
    """What a kind of list may hold: field -> headings that are recognised without being told."""

    known: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def choose(
        self, headings: Sequence[str], maps: Iterable[str] | None = None, *, only: bool = False
    ) -> dict[str, str]:
        """Field -> heading, by what was mapped (`heading=field`) and what is recognised. Raises BadMap.

        One column may be mapped to several fields: many systems have one day for lodging and registering.
        maps: None where nobody can map. only: nothing is taken but what is mapped.
        """
        chosen = self._mapped(headings, maps or ())
        taken = set(chosen.values())
        for heading in () if only else headings:
            field = self._recognised(heading)
            if field is None or heading in taken:
                continue
            if field in chosen:
                if chosen[field] in taken:
                    continue  # somebody said which one it is
                raise _bad(
                    f"“{chosen[field]}”和“{heading}”两列都像是 {field}；请指定一列",
                    f"both {chosen[field]!r} and {heading!r} look like {field}; say which one it is",
                )
            chosen[field] = heading
        self._is_enough(headings, chosen, may_map=maps is not None)
        return chosen

    def proposed(self, headings: Sequence[str]) -> dict[str, str]:
        """Field -> the first heading that reads like it, for somebody to look at."""
        found: dict[str, str] = {}
        for heading in headings:
            if field := self._recognised(heading):
                found.setdefault(field, heading)
        return found

    def _recognised(self, heading: str) -> str | None:
        said = heading.strip().lower()
        return next((field for field, others in self.known.items() if said in (field, *others)), None)

    def _is_enough(self, headings: Sequence[str], chosen: Mapping[str, str], *, may_map: bool) -> None:
        missing = [name for name in self.needed if name not in chosen]
        if not missing:
            return
        listed = ", ".join(heading for heading in headings if heading)
        zh = "请用 列名=字段 指定" if may_map else "请这样写列名"
        en = "name it as column=field" if may_map else "give the column that name"
        raise _bad(
            f"缺少这些列：{'、'.join(missing)}；{zh}。文件里的列：{listed}",
            f"no column holds {', '.join(missing)}; {en}. The file has: {listed}",
        )

    def _mapped(self, headings: Sequence[str], maps: Iterable[str]) -> dict[str, str]:
        chosen: dict[str, str] = {}
        for one in maps:
            heading, found, field = (part.strip() for part in one.rpartition("="))
            if not found or field not in {*self.known, *AUTHOR}:
                known = ", ".join((*self.known, *AUTHOR))
                raise _bad(
                    f"“{one}”：请写成 列名=字段，字段是其中之一：{known}",
                    f"{one!r}: write column=field, the field being one of {known}",
                )
            if heading not in headings:
                listed = ", ".join(name for name in headings if name)
                raise _bad(
                    f"文件里没有“{heading}”这一列；有：{listed}",
                    f"the file has no column {heading!r}; it has: {listed}",
                )
            if is_about_persons(heading):
                raise _bad(
                    f"“{heading}”说的是人，不是事，任何字段都不录入",
                    f"{heading!r} tells who people are, and is taken in under no name",
                )
            if field in chosen:
                raise _bad(f"{field} 指定了两次", f"{field} is named twice")
            chosen[field] = heading
        return chosen


def left_out(headings: Sequence[str], chosen: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The columns that are not taken in: those about persons, and the others. Headings alone, no value."""
    out = [heading for heading in headings if heading and heading not in chosen.values()]
    persons = [heading for heading in out if is_about_persons(heading)]
    return persons, [heading for heading in out if heading not in persons]


def channel_of(said: str) -> str:
    """The way by which it came, as a list calls it; of what is not known, another system's."""
    return _CHANNELS.get(said.strip().lower(), OTHER_SYSTEM)


def subject_of(text: str) -> str:
    """What a message without a subject is called: its first words, as they stand."""
    line = " ".join(text.split())
    return line if len(line) <= FROM_TEXT else f"{line[: FROM_TEXT - 1]}…"


def _bad(zh: str, en: str) -> BadMap:
    return BadMap(Text(zh, en))
