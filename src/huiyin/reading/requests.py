"""Finds what a petition asks for: its questions and demands, each in its author's own words.

It is a reading aid. What counts as a request is for the officer to list and for the petitioner to complete.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from huiyin.reading.names import is_chinese
from huiyin.reading.overlap import DATA, Terms, coverage, own_words, terms
from huiyin.reading.sentences import Sentence, sentences

MOST = 12  # requests told of one petition: more is no help
LONGEST = 160  # characters of one
LONG_QUESTION = 60  # a longer sentence is told from where it asks
SAME = 0.6  # a request that shares so much with one before it is the same again

_CLAUSE = re.compile(r"[^，,；;：:]+[，,；;：:]?")


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that is asked, and what it is about."""

    words: str
    about: Terms
    plain: bool = False  # "please solve this": it asks, and says nothing of what
    when: bool = False  # it asks for a time


def requests_in(subject: str, text: str) -> tuple[Request, ...]:
    """What is asked, in the order of the text. At least one: if nothing else, what the subject says."""
    found: list[Request] = []
    in_list = False
    for sentence in sentences(text):
        if sentence.number and not in_list:
            in_list = _opens_list(text[: sentence.start])
        elif not sentence.number and in_list and not _continues(text, sentence):
            in_list = False
        words = _asked(sentence) or (sentence.words if in_list and sentence.number else "")
        if words:
            _add(found, _request(words))
    asked = [r for r in found if r.when or not r.plain]
    if any(not r.plain for r in found):
        return tuple(asked[:MOST])
    return (Request(subject.strip(), terms(subject)), *(asked or found)[:1])


def _request(words: str) -> Request:
    about = terms(words)
    plain = own_words(words) < (2 if is_chinese(words) else 1)
    return Request(words[:LONGEST], about, plain, when=_cues().when.search(words) is not None)


def _add(found: list[Request], request: Request) -> None:
    if request.plain:
        if not any(earlier.plain for earlier in found):
            found.append(request)
    elif not any(coverage(request.about, earlier.about) >= SAME for earlier in found if not earlier.plain):
        found.append(request)


def _asked(sentence: Sentence) -> str:
    """From where the sentence asks to its end, or nothing."""
    cues = _cues()
    words = sentence.words
    if cues.rhetorical.search(words) or (cues.lists.search(words) and words.endswith(("：", ":", "如下"))):
        return ""  # it asks to be agreed with, or only says that a list follows
    if match := cues.asks.search(words):
        return words[match.start("it") :].strip()
    if match := cues.asks_english.search(words):
        return words[match.start() :].strip()
    if sentence.is_question or cues.questions_open.search(words) or cues.questions_english.match(words):
        return _from_question(words)
    return ""


def _from_question(words: str) -> str:
    """A long sentence from the clause before the one that asks."""
    said = list(_CLAUSE.finditer(words))
    if len(words) <= LONG_QUESTION or not said:
        return words
    first = next((i for i, c in enumerate(said) if _cues().question.search(c[0])), len(said) - 1)
    return words[said[max(0, first - 1)].start() :].strip()


def _opens_list(before: str) -> bool:
    """Whether what stands before the first item says that requests follow."""
    return _cues().lists.search(before.rstrip()[-40:]) is not None


def _continues(text: str, sentence: Sentence) -> bool:
    """Whether a sentence without a number goes on an item: it stands in the same line."""
    line = text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start]
    return bool(line.strip())


@dataclass(frozen=True, slots=True)
class _Cues:
    asks: re.Pattern[str]
    asks_english: re.Pattern[str]
    questions_open: re.Pattern[str]
    question: re.Pattern[str]
    when: re.Pattern[str]
    questions_english: re.Pattern[str]
    rhetorical: re.Pattern[str]
    lists: re.Pattern[str]


@cache
def _cues() -> _Cues:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    before, asking = data["before_asking"], data["asking"]
    return _Cues(
        # At the start of a clause, so that 开发商要求我们补缴 is no request of the petitioner's.
        re.compile(rf"(?:^|[，,：:；;。、\s“])(?P<it>(?:{before})*(?:{asking}))"),
        re.compile(rf"\b(?:{data['asking_en']})\b", re.IGNORECASE),
        re.compile(
            rf"(?:{data['questions']})[^。]*(?:吗|呢|[？?])$|^(?:请问|想问|想咨询|想了解|咨询一?下|问一?下)"
        ),
        re.compile(data["questions"]),
        re.compile(rf"{data['when']}|\b(?:{data['when_en']})\b", re.IGNORECASE),
        re.compile(rf"(?:{data['questions_en']})\b[^.]*\?$", re.IGNORECASE),
        re.compile(data["rhetorical"]),
        re.compile(data["lists_of_requests"]),
    )
