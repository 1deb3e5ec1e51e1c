"""Finds personal names that something marks as such: a title, "my name is", a signature, a list of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).with_name("mask.toml")
LONGEST = 40  # of a name, in characters
_HAN = r"[\u3400-\u9fff]"
_WORD = re.compile(r"[A-Z][A-Za-zÀ-ÿ'’-]*")
_CAPITAL = re.compile(r"[A-Z][A-Za-z]")  # without one there is no name in English


def is_chinese(text: str) -> bool:
    return re.search(_HAN, text) is not None


def marked(plain: str) -> Iterator[tuple[int, int]]:
    """Where a name stands, from and to; one found by two marks comes twice."""
    rules = _rules()
    found: list[tuple[int, int]] = []
    # A pattern needs one of some words to find anything, and to look for these is quicker than to try it.
    held = [words.search(plain) is not None for words in rules.needed]
    for pattern, needed in zip(rules.chinese, rules.needs, strict=True):
        if held[needed]:
            found += _all(pattern, plain, rules.never)
    for start, end in list(found):
        found += _list_after(plain, end) if end - start > 1 else ()
    for match in rules.lists.finditer(plain) if "等" in plain else ():
        found += [
            (match.start() + m.start(), match.start() + m.end()) for m in rules.in_list.finditer(match[0])
        ]
    if _CAPITAL.search(plain):
        for pattern in rules.english:
            found += _english(pattern, plain, rules.not_english)
        found += _capitals(plain, rules)
    # The longest first: a surname before a title must not hide the full name.
    return iter(sorted(found, key=lambda span: span[0] - span[1]))


def _all(pattern: re.Pattern[str], plain: str, never: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(plain):
        start, end = match.span("name")
        # "关于主任": the surname is the end of another word, or the start of one.
        if not never.match(plain, start) and not (start and never.match(plain, start - 1)):
            yield start, end


def _list_after(plain: str, at: int) -> Iterator[tuple[int, int]]:
    """Names that go on after a name: 张三、李四和王五."""
    rules = _rules()
    while match := rules.listed.match(plain, at):
        if rules.never.match(plain, match.start("name")):
            return
        yield match.span("name")
        at = match.end("name")


def _english(pattern: re.Pattern[str], plain: str, no: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The words with a capital after a mark, up to the first that is no part of a name."""
    for match in pattern.finditer(plain):
        start = end = match.start("name")
        for word in re.finditer(r"[^\s.]+", match["name"]):
            if word[0] in no:
                break
            end = start + word.end()
        if end > start:
            yield start, end


def _capitals(plain: str, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Words with a capital in a row of which one is a name: David Brown, Wang Xiaoming."""
    chinese = is_chinese(plain)
    for run in rules.capitals.finditer(plain):
        goes_on = rules.goes_on.search(plain, max(0, run.start() - 3), run.start()) is not None
        words = [*_WORD.finditer(plain, run.start(), run.end())]
        if words[-1][0] in rules.places or words[0][0] in rules.titles:
            continue
        words = [word for word in words if word[0] not in rules.not_english]
        for at, (one, other) in enumerate(pairwise(words)):
            together = plain[one.end() : other.start()].strip() in {"", "."}
            both = {one[0], other[0]}
            sure = one[0] in rules.given or other[0] in rules.family or not both.isdisjoint(rules.pinyin)
            # In the middle of a sentence a capital means something: a name, where neither is a word.
            sure = sure or ((goes_on or at > 0) and not any(map(rules.is_ordinary, both)))
            sure = sure or chinese or rules.acts.match(plain, run.end()) is not None
            if together and sure and both.isdisjoint(rules.places):
                # What goes on with a capital is the rest of the name: Mary Ann Jones.
                yield one.start(), words[min(at + 2, len(words) - 1)].end()
                break


class _Rules:
    def __init__(self) -> None:
        data = tomllib.loads(DATA.read_text(encoding="utf-8"))
        doubtful = set("".join(data["doubtful"].split()))
        sure = "".join(sorted(set("".join(data["surnames"].split())) - doubtful))
        any_one = f"(?:{'|'.join(data['compound'].split())}|[{sure}{''.join(sorted(doubtful))}])"
        certain = f"(?:{'|'.join(data['compound'].split())}|[{sure}])"
        before, weak, after = _any(data["before"]), _any(data["weak"]), _any(data["after"])
        ends, office = _any(data["ends"]), data["office"]
        stop = rf"(?={ends}|[^\u3400-\u9fff]|$)"
        given = r"[\u3400-\u9fff]"
        # Two given characters where what follows them, or nothing, ends the name; else one; else two.
        name = f"(?P<name>{any_one}(?:某{{1,2}}|(?!{ends}){given}{{2}}{stop}|{given}{stop}|{given}{{2}}))"
        plain_name = f"(?P<name>{certain}(?:某{{1,2}}|(?!{ends}){given}{{2}}{stop}|{given}{stop}))"
        other = f"[{''.join(sorted(set(''.join(data['foreign'].split()))))}]"
        own = f"(?:(?!{after})[^{office}{data['joins']}\\W\\d_a-zA-Z])"
        self.never = re.compile(_any(data["never"]))
        self.chinese = (
            re.compile(rf"(?:{before})(?:名叫|叫做|叫|名字是|是|为|系)?[\s:：(（\"“《]*{name}"),
            re.compile(rf"(?:{weak})(?:叫|是|为)?[：:（(“]?{plain_name}"),
            re.compile(rf"(?P<name>{certain}{own}{{0,2}})(?={after})"),
            # An everyday word is a surname only where nothing stands before it.
            re.compile(
                rf"(?:(?<=[^\u3400-\u9fff])|(?<=^)|(?<=尊敬的)|(?<=[和与请找向由被对跟给让叫问及是])|(?<=敬爱的))(?P<name>{any_one}{own}{{0,2}})(?={after})"
            ),
            re.compile(
                rf"(?P<name>{any_one}{given}{{1,2}})[\s,，(（:：]{{1,2}}(?:男|女)(?=[\s,，。、)）;；])"
            ),
            re.compile(
                rf"(?:(?<=[^\u3400-\u9fff])|(?<=^))(?P<name>{certain}{given}{{1,2}})[\s,，(（:：]{{0,2}}"
                r"(?:身份证|联系电话|电话|手机|(?:\+?86)?1[3-9]\d{9})"
            ),
            re.compile(
                rf"(?:敬礼|致敬|敬上|谢谢|拜托|跪谢|叩谢)[\s!！。,，]{{1,4}}(?P<name>{any_one}{given}{{1,2}})(?=[\s\d,，。]|$)"
            ),
            re.compile(
                rf"(?P<name>{any_one}{given}{{1,2}})(?:敬上|叩首|跪求|亲笔|谨启|夫妇|夫妻|等人|等\d+人)"
            ),
            re.compile(rf"(?m)^\s*(?P<name>{any_one}{given}{{1,2}})\s*$"),
            # Names of other peoples: with a dot between, or beside a mark.
            re.compile(rf"(?P<name>{other}{{2,8}}(?:[·•‧・∙･]{other}{{1,8}})+)"),
            re.compile(
                rf"(?:{before})(?:名叫|叫做|叫|是|为|系)?[\s:：(（]*(?P<name>{other}{{2,8}})(?!{given})"
            ),
            re.compile(rf"(?P<name>{other}{{2,8}})(?={after})"),
        )
        behind = sorted(data["after"].split(), key=len)
        behind = [each for n, each in enumerate(behind) if not any(short in each for short in behind[:n])]
        # What each of these patterns cannot do without, as a place in `needed`; 0: nothing in particular.
        self.needed = (
            re.compile(""),
            re.compile("|".join(map(re.escape, behind))),
            re.compile("[男女]"),
            re.compile("1|身份证|电话|手机"),
            re.compile(r"敬上|叩首|跪求|亲笔|谨启|夫妇|夫妻|等\d*人"),
            re.compile("[·•‧・∙･]"),
        )
        self.needs = (0, 0, 1, 1, 2, 3, 0, 4, 0, 5, 0, 1)
        self.listed = re.compile(
            rf"\s?[、,，和及与]\s?(?P<name>{any_one}{given}{{1,2}})(?=\s?[、,，。;；\s)）和及与等]|等|先生|女士|同志|$)"
        )
        joining = "(?![和及与等])"
        one = f"{certain}(?!{ends})(?:{joining}{given}){{1,2}}"
        self.lists = re.compile(rf"(?:{one}[、和及与，,])+{one}(?=等)")
        self.in_list = re.compile(r"[^、和及与，,]+")
        self.not_english = frozenset(data["not_names_en"].split())
        words = r"[A-Z][A-Za-z'’.-]*(?:\s+[A-Z][A-Za-z'’.-]*){0,3}"
        cues = "|".join(re.escape(cue.strip()) for cue in data["before_en"].split("|") if cue.strip())
        titles = "|".join(data["titles_en"].split())
        self.english = (
            re.compile(rf"\b(?:{titles})\b\.?[ ]+(?P<name>{words})"),
            re.compile(rf"(?<![A-Za-z])(?i:{cues})\s+(?P<name>{words})"),
        )
        self.capitals = re.compile(
            r"(?<![A-Za-z])[A-Z][A-Za-zÀ-ÿ'’-]+(?: (?:[A-Z]\.? )?[A-Z][A-Za-zÀ-ÿ'’-]+){1,3}(?![A-Za-z])"
        )
        self.acts = re.compile(rf"(?:,? who)? (?:{'|'.join(data['acts_en'].split())})\b")
        self.given = frozenset(data["given_en"].split())
        self.family = frozenset(data["surnames_en"].split())
        self.pinyin = frozenset(data["surnames_pinyin"].split())
        self.places = frozenset(data["places_en"].split())
        self._ordinary = frozenset(data["ordinary_en"].split())
        self._endings = tuple(data["endings_en"].split())
        self.goes_on = re.compile(r"[a-z,] $")
        self.titles = frozenset(data["titles_en"].split())

    def is_ordinary(self, word: str) -> bool:
        """Whether a word with a capital may be one of an office or a thing, by a list and by how it ends."""
        return word in self._ordinary or word.endswith(self._endings) or word.isupper()


def _any(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True))


@cache
def _rules() -> _Rules:
    return _Rules()
