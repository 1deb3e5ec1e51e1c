"""Three languages, each whole: offered on a switch, chosen by the browser, with nothing left untranslated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

import huiyin.site
from huiyin.core import rulebook
from huiyin.core.text import Text
from huiyin.core.traditional import traditional
from huiyin.site.templatetags import huiyin_words as words
from tools import messages
from tools.traditional import CHINESE, converted, corpus


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        *(
            ("zh-TW", "zh-Hant"),
            ("zh-HK,zh;q=0.9", "zh-Hant"),
            ("zh-MO", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
        ),
        *(("zh-CN", "zh-Hans"), ("zh", "zh-Hans"), ("zh-SG", "zh-Hans"), ("en-GB", "en"), ("de", "zh-Hans")),
    ],
)
def test_the_browser_s_language_is_spoken(bodies: Any, accepted: str, spoken: str) -> None:
    page = Client(headers={"accept-language": accepted}).get("/").content.decode()

    assert f'<html lang="{spoken}" dir="ltr"' in page
    switch = re.findall(r'name="language" value="[\w-]+" lang="([\w-]+)"', page)
    assert {spoken, *switch} == {"zh-Hans", "zh-Hant", "en"}
    assert len(switch) == 2


@pytest.mark.django_db
def test_a_page_in_traditional_letters_has_no_simplified_ones(bodies: Any) -> None:
    browser = Client(headers={"accept-language": "zh-TW"})
    for path in ("/", "/lodge/", "/how/", "/charter/", "/rules/", "/rules/cn-2022/", "/bodies/", "/about/"):
        said = re.sub(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>.*?</\1>', "", browser.get(path).content.decode())
        left = {letter for run in CHINESE.findall(said) for letter in run if letter in "这说为从单办请应规务"}
        assert not left, path


def test_every_sentence_of_the_house_is_what_the_converter_makes_of_it() -> None:
    wrong = {run for run in set(corpus()) if traditional(run) != converted(run)}
    assert not wrong


def test_every_law_can_be_read_in_traditional_letters() -> None:
    said = [text for book in rulebook.all_rulebooks() for text in _texts(book)]

    assert len(said) > 1000
    assert not [text.zh for text in said if text.zh != text.en and text.say("zh-hant") != converted(text.zh)]


def _texts(thing: Any, depth: int = 0) -> Iterator[Text]:
    if isinstance(thing, Text):
        yield thing
    elif depth < 8 and hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from _texts(getattr(thing, name), depth + 1)
    elif isinstance(thing, dict):
        yield from (text for each in thing.values() for text in _texts(each, depth + 1))
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from (text for each in thing for text in _texts(each, depth + 1))


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_no_sentence_is_untranslated(code: str) -> None:
    first, _, rest = code.partition("-")
    folder = f"{first}_{rest.title()}" if rest else first
    known = messages.known([messages.read(messages.po(folder), folder)])
    asked = {messages.key(msgid, context) for _where, msgid, context, _comments in messages.collect()}

    assert len(asked) > 1500
    assert not asked - known.keys()


def test_every_language_that_is_translated_is_offered_and_the_other_way_round() -> None:
    offered = {code for code, _name in settings.LANGUAGES} - {"en"}
    assert {name.lower().replace("_", "-") for name in [*messages.languages(), messages.PRINTED]} == offered


def test_days_are_said_in_each_script() -> None:
    from datetime import date

    with override("zh-hant"):
        assert words.brief(date(2026, 2, 25)) == "2026年2月25日 週三"
        assert words.day(date(2026, 2, 25)) == "2026年2月25日（星期三）"
        assert words.say({"zh": "转送", "en": "sent on"}) == "轉送"
        assert words.say("请修复路灯") == "请修复路灯"
    assert words.tongue("請修好路燈") == "zh-Hant"
    assert [words.tag(code) for code, _name in settings.LANGUAGES] == ["zh-Hans", "zh-Hant", "en"]


def test_chinese_is_set_with_full_width_signs() -> None:
    half = re.compile(r"[\u4e00-\u9fff](?:[,;:?!]|\.(?!\w)| ?\()|\)[\u4e00-\u9fff]|\.\.\.")
    said = [message.string for message in messages.read(messages.po(messages.MAIN)) if message.id]
    forms = [form for each in said for form in (each if isinstance(each, (list, tuple)) else (each,))]
    law = [text.zh for book in rulebook.all_rulebooks() for text in _texts(book)]

    assert len(forms) > 1500
    assert not [form for form in (*forms, *law) if form and half.search(form)]


def test_sentences_of_one_paragraph_stand_in_chinese_without_a_space() -> None:
    """`{% gap %}` stands between them: a space in languages that have one."""
    ends = re.compile(r"[.?!](?:\" %\}|\{% endblocktranslate %\}) \{% (?:translate|blocktranslate)")
    house = Path(huiyin.site.__file__).parent
    rooms = (house, *(house.parent / "doors" / room for room in ("petitioner", "public")))
    pages = [page for room in rooms for page in room.rglob("*.html")]
    assert pages
    assert not [page.name for page in pages if ends.search(page.read_text(encoding="utf-8"))]
