"""Finds what a petition asks for: its questions and demands, each in its author's own words.

It is a reading aid. What counts as a request is for the officer to list and for the petitioner to complete.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from huiyin.reading.overlap import DATA, FULL, Terms, coverage, terms, weight
from huiyin.reading.sentences import Sentence, sentences

MOST = 12  # requests told of one petition: more is no help
LONGEST = 160  # characters of one
SAME = 0.6  # a request that shares so much with one before it is the same again


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that is asked, and what it is about."""

    words: str
    about: Terms
    plain: bool = False  # "please solve this": it asks, and says nothing of what


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
    told = [request for request in found if not request.plain]
    if told:
        return tuple(told[:MOST])
    about = terms(subject)
    return (Request(subject.strip(), about), *(Request(r.words, about, plain=True) for r in found[:1]))


def _request(words: str) -> Request:
    about = terms(words)
    return Request(words[:LONGEST], about, plain=sum(weight(pair) == FULL for pair in about.pairs) < 2)


def _add(found: list[Request], request: Request) -> None:
    if request.plain and any(earlier.plain for earlier in found):
        return
    if not any(coverage(request.about, earlier.about) >= SAME for earlier in found if not earlier.plain):
        found.append(request)


def _asked(sentence: Sentence) -> str:
    """From where the sentence asks to its end, or nothing."""
    cues = _cues()
    words = sentence.words
    if cues.rhetorical.search(words):
        return ""
    if match := cues.asks.search(words):
        return words[match.start("it") :].strip()
    if match := cues.asks_english.search(words):
        return words[match.start() :].strip()
    if sentence.is_question or cues.questions_open.search(words) or cues.questions_english.match(words):
        return words
    return ""


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
        re.compile(rf"(?:{data['questions_en']})\b[^.]*\?$", re.IGNORECASE),
        re.compile(data["rhetorical"]),
        re.compile(data["lists_of_requests"]),
    )
