"""Finds what names or reaches a person in a text, and puts a plain word in its place.

Telephone, identity, passport, bank and plate numbers, e-mail, chat accounts, house numbers and names. Rules
alone, no model: the same text gives the same answer on every machine. It is no guarantee: a name that nothing
marks as one stays. Who should see a text masked is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from huiyin.reading import names

# What stands in place of what was found, in the language of the text.
WORDS = {
    "telephone": ("〔电话〕", "[telephone]"),
    "identity": ("〔身份证号〕", "[identity number]"),
    "passport": ("〔证件号〕", "[passport number]"),
    "bank": ("〔银行账号〕", "[bank account]"),
    "plate": ("〔车牌号〕", "[number plate]"),
    "email": ("〔电子邮箱〕", "[e-mail]"),
    "account": ("〔网络账号〕", "[chat account]"),
    "address": ("〔门牌〕", "[house number]"),
    "name": ("〔姓名〕", "[name]"),
    "known": ("〔本人信息〕", "[own details]"),
}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one character of a text to before another, and what stands there."""

    start: int
    end: int
    kind: str


def masked(text: str, known: Iterable[str] = ()) -> str:
    """The text with everything that was found replaced. `known`: names and numbers that are certain."""
    return put(text, found(text, known))


def put(text: str, spans: Iterable[Span]) -> str:
    """The text with these spans replaced; they do not overlap."""
    english = not names.is_chinese(text)
    pieces, at, last = [], 0, ""
    for span in sorted(spans):
        if span.start > at or span.kind != last or not at:  # a house and its flat are one address
            pieces += [text[at : span.start], WORDS[span.kind][english]]
        at, last = span.end, span.kind
    return "".join([*pieces, text[at:]])


def found(text: str, known: Iterable[str] = ()) -> tuple[Span, ...]:
    """Everything in a text that names or reaches a person, in its order, without overlap."""
    plain = _plain(text)
    return joined(_known(plain, known), _numbers(plain), _names(plain))


def known(text: str, terms: Iterable[str]) -> tuple[Span, ...]:
    """Where these terms stand in a text, however they are spaced."""
    return joined(_known(_plain(text), terms))


def joined(*several: Iterable[Span]) -> tuple[Span, ...]:
    """All of them in order. Where two overlap the first stays: a number in an e-mail address is no phone."""
    taken: list[Span] = []
    for span in chain.from_iterable(several):
        if span.end > span.start and not any(span.start < t.end and t.start < span.end for t in taken):
            taken.append(span)
    return tuple(sorted(taken))


def certain(text: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """What is certain in other texts of the same matter: what is known anyway, each full name marked here."""
    plain = _plain(text)
    marked = (plain[start:end] for start, end in names.marked(plain) if end - start > 1)
    return tuple(dict.fromkeys([*(term for term in own if term.strip()), *marked]))


# ---- the text as rules read it: the same length, one way to write each character

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_SPACES = dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t"), " ")
_DIGITS = {ord(c): str(n) for n, c in enumerate("〇一二三四五六七八九")} | {ord("零"): "0", ord("幺"): "1"}
_DIGITS |= {ord(c): str(n) for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}


_PLAIN: dict[int, int | str] = {**_WIDE, **_DASHES, **_SPACES}
# `translate` asks for every character that it does not know, and in Chinese that is nearly each.
_ODD = re.compile(f"[{''.join(map(re.escape, map(chr, _PLAIN)))}]")


def _plain(text: str) -> str:
    return text.translate(_PLAIN) if _ODD.search(text) else text


# ---- what is certain


def _known(plain: str, known: Iterable[str]) -> Iterator[Span]:
    terms = sorted({_plain(t).strip() for t in known}, key=len, reverse=True)
    if not terms:
        return
    there = _folded(plain)
    for term in terms:
        for pattern, kind in _ways_to_write(term, there):
            yield from (Span(*match.span(), kind) for match in pattern.finditer(plain))


def _ways_to_write(term: str, there: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """How a certain word may stand in a text: with spaces in between; a Western name also word by word.

    `there`: the text, folded. A pattern is made for what stands in it: making one costs more than the rest.
    """
    squeezed = _APART.sub("", term)
    if len(squeezed) < 2:
        return
    kind = "telephone" if re.fullmatch(r"\+?\d{5,}", squeezed) else "known"
    if kind == "known" and not re.search(r"[\d@]", squeezed) and len(squeezed) <= names.LONGEST:
        kind = "name"
    if _folded(squeezed) in there:
        apart = r"[\s-]?".join(map(re.escape, squeezed))
        edge = r"\b" if squeezed.isascii() and squeezed[0].isalnum() and squeezed[-1].isalnum() else ""
        yield re.compile(edge + apart + edge, re.IGNORECASE), kind
    if kind == "name" and squeezed.isascii():
        for word in re.findall(r"[A-Za-z'’]{3,}", term):
            if _folded(word) in there:
                yield re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE), kind


_APART = re.compile(r"[\s-]")


def _folded(words: str) -> str:
    """Without spaces and case. Whatever a pattern that ignores case may find is in it: it takes ı for i."""
    return _APART.sub("", words).casefold().replace("ı", "i").replace("i̇", "i")


# ---- numbers

_SEP = r"[ \-.]?"
_NOT_IN_NUMBER = r"(?<![\d.])"
_END = r"(?!\d)"
_CUE = r"[^\d\n,，。;；]{0,8}?"
_ROOM = r"(?:[0-9A-Za-z]{1,5}|[一二三四五六七八九十百]{1,4})"
_BLOCK = rf"{_ROOM} ?(?:栋|幢|座|号楼|号院|#楼?)"
_STAIR = rf"{_ROOM} ?(?:单元|门洞|梯)"
_DOOR = rf"{_ROOM} ?(?:号?室|号?房|户|号|楼|层)?"

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ -]?"
    r"\d{3}[\dXx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])"
)
_IDENTITY_NAMED = re.compile(
    rf"(?:身份证|公民身份号码|(?i:identity (?:card|number)|id (?:card|no\.?|number)|aadhaar)){_CUE}[(（:： ]*"
    r"(?P<it>\d[\d*Xx -]{4,20}[\dXx*])"
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|(?i:passport))(?:号码?|证号|(?i: (?:no\.?|number)))?[^A-Za-z0-9\n]{0,6}"
    r"(?P<it>[A-Za-z]{1,2}\d{6,9})"
    r"|(?<![0-9A-Za-z])[EG][A-Z]?\d{7,8}(?![0-9A-Za-z])"
)
_BANK_NAMED = re.compile(
    r"(?:银行卡|卡号|账号|帐号|账户|帐户|存折|(?i:account|card|iban|sort code))"
    r"(?:号码|号|是|为|(?i: (?:no\.?|number|is)))*[^0-9A-Za-z\n]{0,6}"
    r"(?P<it>(?:[A-Z]{2}\d{2}[ ]?)?\d[\d -]{6,28}\d)(?!\d)"
)
_BANK = re.compile(rf"{_NOT_IN_NUMBER}[3-6]\d{{3}}(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?{_END}")
_MOBILE = re.compile(rf"{_NOT_IN_NUMBER}(?:\+?86{_SEP})?1[3-9](?:{_SEP}\d){{9}}{_END}")
_LANDLINE = re.compile(
    rf"{_NOT_IN_NUMBER}\(?0\d{{2,4}}\)?[ -]?[1-9]\d{{2,3}}[ -]?\d{{3,4}}"
    rf"(?:[ -]?(?:转|ext\.?|-) ?\d{{1,5}})?{_END}"
    rf"|{_NOT_IN_NUMBER}\+\d{{1,3}}(?:[ \-()]{{0,2}}\d){{6,12}}{_END}"
)
_PHONE_NAMED = re.compile(
    r"(?:电话|座机|固话|手机|联系方式|传真|热线|致电|拨打|(?i:\b(?:tel|telephone|phone|mobile|call|ring|fax)\b))"
    rf"{_CUE}[:： ]*(?P<it>[1-9]\d{{2,4}}[ -]?\d{{4,5}}(?:[ -]?\d{{1,2}})?){_END}(?! ?[元万亿年月])"
)
_ACCOUNT = re.compile(
    r"(?:微信|(?i:weixin|wechat|whatsapp|vx|wx|telegram)|V信|[Qq]{2}|扣扣|企鹅号|抖音|支付宝|微博)"
    r"(?:号码|账号|帐号|群|号|昵称|是|为|加|(?i: ?(?:id|is)))*[^0-9A-Za-z\n]{0,3}"
    r"(?P<it>[A-Za-z0-9][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_@])"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Za-hj-np-z][ ·•・.-]?"
    r"(?=[A-Za-z]{0,5}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}(?![0-9A-Za-z])"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{4}[学警港澳挂使领])"
    r"|(?i:(?:plate|registration|reg|vehicle|car|van|lorry)\b[^\n.]{0,20}?)"
    r"(?P<it>\b[A-Z]{2}\d{2} ?[A-Z]{3}\b)"
)
_ADDRESS = re.compile(
    # a flat: at least two of building, stair and door; a room number that says so stands alone
    rf"{_BLOCK}[ -]?{_STAIR}(?:[ -]?{_DOOR})?|{_STAIR}[ -]?\d{{3,4}} ?(?:号?室|号?房|户|号)?"
    rf"|{_BLOCK}[ -]?\d{{3,4}}(?: ?(?:号?室|号?房|户|号))?(?!\d)"
    r"|(?<![0-9A-Za-z.-])\d{1,2}-\d{1,2}-\d{3,4} ?(?:号?室|号?房|户|号)?(?!\d)|(?<!\d)\d{3,4}(?:号?室|号房)"
    # a house: the number after a street, a lane, a village or its group
    r"|(?<=[路街巷弄村组屯坊寨湾垸庄队社])(?P<it>第? ?(?:附?\d{1,5}|[一二三四五六七八九十百]{1,5})"
    r"(?:[-之]\d{1,4})?"
    rf"号(?!线|文|令|公告|院|楼|铺|站|通知|桥|井|地|车|机|门|坑)"
    rf"(?:[ -]?{_BLOCK})?(?:[ -]?\d{{3,4}}号?[室房])?)"
    r"|(?<=大道)\d{1,5}号(?!线|文|令|公告|楼|桥)"
    # the same in English
    r"|\b(?:[Ff]lat|[Aa]partment|[Aa]pt\.?|[Hh]ouse [Nn]o\.?|[Dd]oor [Nn]o\.?"
    r"|H\.? ?[Nn]o\.?|[Rr]oom) ?\d+[A-Za-z]?\b"
    r"|\b\d{1,4}[A-Za-z]?,? (?:[A-Z][a-z'’]+ ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Way|Place|Gardens"
    r"|Crescent|Terrace|Grove|Row|Square|Nagar|Marg|Colony)\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
)


def _numbers(plain: str) -> Iterator[Span]:
    spoken = plain.translate(_DIGITS)  # 一三八…: long runs of spoken digits alone are read as a number
    yield from _spans(_EMAIL, plain, "email")
    yield from _spans(_IDENTITY, spoken, "identity")
    yield from _spans(_IDENTITY_NAMED, plain, "identity")
    yield from _spans(_PASSPORT, plain, "passport")
    yield from (s for s in _spans(_BANK, plain, "bank") if _luhn(plain[s.start : s.end]))
    yield from _spans(_BANK_NAMED, plain, "bank")
    yield from _spans(_ACCOUNT, plain, "account")
    yield from _spans(_MOBILE, spoken, "telephone")
    yield from _spans(_LANDLINE, plain, "telephone")
    yield from _spans(_PHONE_NAMED, spoken, "telephone")
    yield from _spans(_PLATE, plain, "plate")
    yield from _spans(_ADDRESS, plain, "address")


def _spans(pattern: re.Pattern[str], plain: str, kind: str) -> Iterator[Span]:
    """What a pattern found; its group `it` where a word before it was needed to know."""
    for match in pattern.finditer(plain):
        group = "it" if "it" in pattern.groupindex and match["it"] else 0
        yield Span(match.start(group), match.end(group), kind)


def _luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a payment card (ISO/IEC 7812-1)."""
    digits = [int(c) for c in number if c.isdigit()]
    doubled = [d * 2 - 9 * (d > 4) for d in digits[-2::-2]]
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def _names(plain: str) -> Iterator[Span]:
    marked = list(names.marked(plain))
    yield from (Span(start, end, "name") for start, end in marked)
    # Once something marked it as a name, it is one wherever it stands.
    again = {plain[start:end] for start, end in marked if end - start > 1}
    yield from (span for span in _known(plain, again) if span.kind == "name")
