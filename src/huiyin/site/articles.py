"""How an article is cited, and where it can be read: the same on every page."""

from __future__ import annotations

import re
from functools import cache

from django.urls import NoReverseMatch, reverse

from huiyin.core import rulebook
from huiyin.core.text import Text

HOUSE = "house"
LOCAL = "local"  # and "local." with a name: what the national law does not say
LOCAL_RULE = Text("地方规定或者通行做法", "local rules or practice")
HOUSE_RULE = Text("回音自己的规则", "Huiyin's own rule")
NO_LAW = Text("本系统的办理规则（法律没有规定这一步）", "Huiyin's own rules (no law provides for this step)")
# Articles whose second number counts items (项) and not paragraphs (款).
ITEMS = {("cn-2022", "31"), ("cn-zj-2022", "31"), ("cn-bj-2022", "31")}
NUMBERED = re.compile(r"(\d+)(?:\.(\d+))?(?:\((\d+)\))?")  # article, paragraph, item
DIGITS = "零一二三四五六七八九十"


def cite(article: str, book: str) -> Text:
    """第二十二条第一款 / art. 22.1; the house's own rules are called that, local law by its name."""
    if article in {"", HOUSE}:
        return HOUSE_RULE
    if article.partition(".")[0] == LOCAL:
        return LOCAL_RULE
    law = rulebook.by_id(book)
    source = law.source_of(article)
    if source is not None:
        number = article.partition("-")[2]
        if not number:
            return source.text  # its articles have no numbers that we know
        there = _numbered(number, book)
        return Text(f"《{source.text.zh}》{there.zh}", f"{source.text.en} {there.en}")
    if not article[0].isdecimal():
        return law.title  # a document whose paragraphs have no numbers that we know
    return _numbered(article, book)


def cite_whole(article: str, book: str) -> Text:
    """The law with the article, as a letter says what it rests on; of what no law says, that it does not."""
    cited, law = cite(article, book), rulebook.by_id(book)
    if article in {"", HOUSE}:
        return NO_LAW
    source = law.source_of(article)
    if source is not None or article.partition(".")[0] == LOCAL:
        zh = f"《{cited.zh}》" if source is not None and cited == source.text else cited.zh
        return Text(f"《{law.title.zh}》，参照{zh}", f"the {law.title.en}, and after the {cited.en}")
    if cited == law.title:
        return Text(f"《{law.title.zh}》", f"the {law.title.en}")
    return Text(f"《{law.title.zh}》{cited.zh}", f"the {law.title.en}, {cited.en}")


def _numbered(article: str, book: str) -> Text:
    parts = NUMBERED.fullmatch(article)
    if not book.startswith("cn-") or parts is None:
        return Text(f"第 {article} 条", f"para. {article}")
    first, second, third = parts.groups()
    unit = "项" if (book, first) in ITEMS else "款"
    zh = f"第{in_chinese(int(first))}条"
    zh += f"第{in_chinese(int(second))}{unit}" if second else ""
    zh += f"第{in_chinese(int(third))}项" if third else ""
    return Text(zh, f"art. {article}")


def in_chinese(number: int) -> str:
    """A number below 100 as the law writes it: 二十二."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def anchor(article: str) -> str:
    """The id of an article on the page of its rulebook."""
    return f"article-{article}"


def href(article: str, book: str) -> str:
    """Where the article can be read."""
    return f"{_page_of(book)}#{anchor(article)}"


@cache
def _page_of(book: str) -> str:
    """The same as long as a process lives. The desk's has no such page, but stands at the same address."""
    try:
        return reverse("public:rule", args=[book])
    except NoReverseMatch:
        return f"/rules/{book}/"


def words_of(article: str, book: str) -> Text:
    """What the article says, in our words; nothing where the rulebook does not tell."""
    return rulebook.by_id(book).articles.get(article, Text("", ""))
