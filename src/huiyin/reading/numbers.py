"""Finds numbers and addresses that name or reach a person: telephone, identity, bank, plate, account, house.

Texts come as `mask` writes them: half width, one kind of dash and of space. Each pattern runs only where its
text can hold such a thing at all, since most texts hold none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Found(NamedTuple):
    start: int
    end: int
    kind: str


def found(plain: str) -> Iterator[Found]:
    """Everything that was found; where two overlap, the first counts."""
    spoken = _spoken(plain)
    if "@" in plain:
        yield from _all(_EMAIL, plain, "email")
    if _LONG.search(spoken):
        yield from _all(_IDENTITY, spoken, "identity")
        yield from _all(_ABROAD, plain, "identity")
        yield from _all(_IDENTITY_NAMED, spoken, "identity")
        yield from _all(_BANK_NAMED, spoken, "bank")
        yield from _cards(spoken)
        yield from _all(_ACCOUNT, plain, "account")
        yield from _all(_PASSPORT, plain, "passport")
        yield from _all(_MOBILE, spoken, "telephone")
        yield from _all(_LANDLINE, spoken, "telephone")
        yield from _all(_PHONE_NAMED, spoken, "telephone")
    elif _LATIN.search(plain):
        yield from _all(_ACCOUNT, plain, "account")
    if _PLATE_MAYBE.search(plain):
        yield from _all(_PLATE, plain, "plate")
    if _ADDRESS_MAYBE.search(plain):
        yield from _all(_ADDRESS, plain, "address")


def _all(pattern: re.Pattern[str], plain: str, kind: str) -> Iterator[Found]:
    """What a pattern found; its group `it` where a word before it was needed to know."""
    for match in pattern.finditer(plain):
        group = "it" if "it" in pattern.groupindex and match["it"] else 0
        yield Found(match.start(group), match.end(group), kind)


def _cards(spoken: str) -> Iterator[Found]:
    """Numbers of bank cards, and what is as long: a number of a document that says so is none."""
    for match in _CARD.finditer(spoken):
        if _luhn(match[0]) or not _DOCUMENT.search(spoken, max(0, match.start() - 8), match.start()):
            yield Found(match.start(), match.end(), "bank")


def _luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a payment card (ISO/IEC 7812-1)."""
    digits = [int(c) for c in number if c.isdigit()]
    doubled = [d * 2 - 9 * (d > 4) for d in digits[-2::-2]]
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


# ---- digits in words: 一三八…: long runs of them alone are read as a number

_DIGITS = {ord(c): str(n) for n, c in enumerate("〇一二三四五六七八九")} | {ord("零"): "0", ord("○"): "0"}
_DIGITS |= {ord("幺"): "1", ord("两"): "2"}
_DIGITS |= {ord(c): str(n) for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_WORDS = re.compile(
    rf"[{''.join(map(chr, _DIGITS))}\d](?:[ \-,，、.]?[{''.join(map(chr, _DIGITS))}\d]){{6,}}"
)


def _spoken(plain: str) -> str:
    return _WORDS.sub(lambda match: match[0].translate(_DIGITS), plain)


# ---- the patterns

_SEP = r"(?:[ .·_/-]| [ -] ?)?"
_START = r"(?<![\d.])"
_END = r"(?!\d)"
_CUE = r"[^\d\n,，。;；]{0,8}?"
_LONG = re.compile(r"\d(?:\W{0,3}[\d*]){5}")
_LATIN = re.compile(r"[A-Za-z0-9_-]{5}")

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_S = r"[ .-]?"
_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z])[1-9](?:{_S}\d){{5}}{_S}(?:1{_S}[89]|2{_S}0)(?:{_S}\d){{2}}{_S}(?:0{_S}[1-9]|1{_S}[0-2])"
    rf"{_S}(?:0{_S}[1-9]|[12]{_S}\d|3{_S}[01])(?:{_S}\d){{3}}{_S}[\dXx](?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z])(?<!\d[ .-])[1-9](?:{_S}\d){{7}}{_S}(?:0{_S}[1-9]|1{_S}[0-2])"
    rf"{_S}(?:0{_S}[1-9]|[12]{_S}\d|3{_S}[01])(?:{_S}\d){{3}}(?![ .-]?[0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])\d{17}[Xx](?![0-9A-Za-z])"
)
_IDENTITY_NAMED = re.compile(
    r"(?:身份证|公民身份号码|居民证|(?i:identity (?:card|number)|id (?:card|no\.?|number)"
    r"|aadhaar|national insurance))"
    rf"{_CUE}[(（:： ]*(?P<it>\d[\d*Xx -]{{4,24}}[\dXx*])"
)
_ABROAD = re.compile(
    # United Kingdom: National Insurance; India: Aadhaar, PAN; United States: Social Security
    r"(?<![0-9A-Za-z])(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]|[A-Z]{5}\d{4}[A-Z]"
    r"|(?<!\d[ -])[2-9]\d{3} \d{4} \d{4}|\d{3}-\d{2}-\d{4})(?![ -]?[0-9])(?![A-Za-z])"
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|(?i:passport))(?:号码?|证号|(?i: (?:no\.?|number)))?[^A-Za-z0-9\n]{0,6}"
    r"(?P<it>[A-Za-z]{0,2}\d{6,9})"
    r"|(?<![0-9A-Za-z])[EGeg][A-Z]?\d{7,8}(?![0-9A-Za-z])"
)
_BANK_NAMED = re.compile(
    r"(?:银行卡|卡号|账号|帐号|账户|帐户|存折|储蓄卡|信用卡|工资卡|社保卡|(?i:account|card|iban|sort code))"
    r"(?:号码|号|是|为|(?i: (?:no\.?|number|is)))*[^0-9A-Za-z\n]{0,6}"
    r"(?P<it>(?:[A-Z]{2}\d{2}[ ]?)?(?:[A-Z]{4} ?)?\d[\d -]{5,30}\d)(?!\d)"
    r"|(?<![0-9A-Za-z])[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d{2,4}){3,6}(?![0-9A-Za-z])"  # IBAN
)
_CARD = re.compile(rf"{_START}[3-69]\d{{2}}(?:[ .-]{{0,2}}\d){{12,16}}{_END}(?!\.\d| ?[元万亿])")
_DOCUMENT = re.compile(
    r"编号|单号|文号|合同|订单|案号|流水|信访件|回执|条码|批号|受理号|登记号|备案|许可证|执照|信用代码"
)
_MOBILE = re.compile(
    rf"{_START}(?:\(?(?:\+|00)?86\)?[ -]{{0,2}})?1{_SEP}[3-9](?:{_SEP}\d){{9}}{_END}"
    rf"|{_START}1[3-9]\d(?:[ ,，、-]\d{{4}}){{2}}{_END}"
)
_LANDLINE = re.compile(
    rf"{_START}\(?0(?:{_S}\d){{2,4}}\)?[ -]{{0,3}}[1-9](?:{_S}\d){{5,7}}"
    rf"(?:[ -]?(?:转|ext\.?|-) ?\d{{1,5}})?{_END}(?!\.\d| ?[元万亿%])"
    rf"|{_START}\+\d{{1,3}}(?:[ \-()]{{0,2}}\d){{6,12}}{_END}"
    rf"|{_START}\(?(?![48]00)[2-9]\d{{2}}\)?[ -][2-9]\d{{2}}-\d{{4}}{_END}"
    rf"|{_START}[6-9]\d{{4}} \d{{5}}{_END}"
)
_PHONE_NAMED = re.compile(
    r"(?:电话|座机|固话|手机|联系方式|传真|热线|致电|拨打|(?i:\b(?:tel|telephone|phone|mobile|call|ring|fax)\b))"
    rf"{_CUE}[:： ]*(?P<it>[1-9]\d{{2,4}}[ -]?\d{{4,5}}(?:[ -]?\d{{1,2}})?){_END}(?! ?[元万亿年月])"
)
_ACCOUNT = re.compile(
    r"(?:[微薇威]信|(?i:weixin|wechat|whatsapp|vx|wx|telegram|skype)|V信|[Qq]{2}|扣扣|企鹅号|抖音|快手"
    r"|支付宝|微博|钉钉)"
    r"(?:号码|账号|帐号|群|号|昵称|是|为|加|叫|我|[同即]手机"
    r"|(?i: ?(?:id|is|number|no\.?)))*[^0-9A-Za-z\n]{0,3}"
    r"(?P<it>[A-Za-z0-9][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_@])"
)
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_PLATE = re.compile(
    rf"[{_PROVINCE}] ?[A-HJ-NP-Za-hj-np-z][ ·•・.-]?"
    r"(?=[A-Za-z]{0,5}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}(?![0-9A-Za-z])"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{4}[学警港澳挂使领])"
    r"|(?i:(?:plate|registration|reg|vehicle|car|van|lorry)\b[^\n.]{0,20}?)"
    r"(?P<it>\b[A-Z]{2}\d{2} ?[A-Z]{3}\b)"
)
_PLATE_MAYBE = re.compile(rf"[{_PROVINCE}] ?[A-Za-z]|[A-Z]{{2}}\d{{2}} ?[A-Z]{{3}}")

_ROOM = r"(?:[0-9A-Za-z]{1,5}|[〇零一二三四五六七八九十百]{1,4})"
_BLOCK = rf"{_ROOM} ?(?:栋|幢|座|号楼|号院|#楼?)"
_STAIR = rf"{_ROOM} ?(?:单元|门洞|梯)"
_FLAT = r"(?:号?室|号?房(?![产屋价子间地源款租型贷])|户|号)"
_DOOR = rf"{_ROOM} ?(?:{_FLAT}|楼|层)?"
_ADDRESS = re.compile(
    r"(?=[0-9A-Za-z〇零一二三四五六七八九十百第附# ])(?:"
    # a flat: at least two of building, stair and door; a room number that says so stands alone
    rf"{_BLOCK}[ -]?{_STAIR}(?:[ -]?{_DOOR})?"
    rf"|{_STAIR}[ -]?(?:\d{{3,4}}|[〇零一二三四五六七八九十]{{3,4}}) ?{_FLAT}?"
    rf"|{_BLOCK}[ -]?(?:\d{{3,4}}(?!\d)|[〇零一二三四五六七八九]{{3,4}}){_FLAT}?"
    rf"|(?<![0-9A-Za-z.-])\d{{1,2}}-\d{{1,2}}-\d{{3,4}} ?{_FLAT}?(?!\d)"
    r"|(?<!\d)\d{3,4}(?:号?室|号?房(?![产屋价子间地源款租型贷]))"
    # a house: the number after a street, a lane, a village or its group
    r"|(?:(?<=[路街巷弄村组屯坊寨湾垸庄队社园苑寓里庭府邸同])|(?<=小区))第? ?"
    r"(?:附?\d{1,5}|[〇零一二三四五六七八九十百]{1,5})"
    r"(?:[-之]\d{1,4})?"
    r" ?号(?!线|文|令|公告|院|楼|铺|站|通知|桥|井"
    r"|地|车|机|门|坑|召|称|码|角|[上下前]|左右|晚|早|中午|那|当|凌)"
    rf"(?:[ -]?{_BLOCK})?(?:[ -]?\d{{3,4}}{_FLAT}?(?!\d))?"
    r"|(?<=大道) ?\d{1,5} ?号(?!线|文|令|公告|楼|桥)|(?<=门牌号)码?[是为:： ]{0,2}\d{1,5}(?!\d)"
    r"|(?<=[路街巷]) ?\d{1,4}弄(?:\d{1,4}号)?(?:\d{2,4}室)?"
    # the same in English
    r"|\b(?i:flat|apartment|apt\.?|unit|suite|room|(?:plot|house|door|h\.?) ?no\.?) ?#?\d+[A-Za-z]?\b"
    r"|\b\d{1,4}[A-Za-z]?,? (?:[A-Z][a-z'’]+ ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Way|Place|Gardens"
    r"|Crescent|Terrace|Grove|Row|Square|Nagar|Marg|Colony)\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
    r")"
)
_ADDRESS_MAYBE = re.compile(
    r"[号栋幢座弄]|单元|门洞|\d室|\d房|\d-\d{1,2}-\d|[A-Z]\d[A-Z\d]? \d[A-Z]|\d[A-Za-z]?,? [A-Z][a-z]"
    r"|(?i:flat|apartment|apt|unit|suite|plot|house|door|room|h\.? ?no)\b"
)
