"""What masking is measured with: names and numbers made at random, and half sentences that they stand in."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Plant(NamedTuple):
    """What is put into a text, with the words of ours around it."""

    it: str
    before: str = ""
    after: str = ""


Make = Callable[[random.Random], Plant]

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FREQUENT: str = "".join(_LISTS["frequent"].split())
GIVEN: list[str] = _LISTS["given"].split()
LETTERS = "".join(GIVEN)
TITLES: list[str] = _LISTS["titles"].split()
FIRST, LAST = _LISTS["western_first"].split(), _LISTS["western_last"].split()
PINYIN = _LISTS["pinyin"].strip().replace("\n", "|").split("|")
ENGLISH_TEXTS: list[str] = _LISTS["texts"]


def name(chance: random.Random) -> str:
    """A Chinese name of two to four letters."""
    draw = chance.random()
    surname: str = (
        chance.choice(FREQUENT)
        if draw < 0.75
        else chance.choice(_LISTS["rare"])
        if draw < 0.9
        else chance.choice(_LISTS["compound"].split())
    )
    if chance.random() < 0.6:
        return surname + chance.choice(GIVEN)
    return surname + "".join(chance.choice(LETTERS) for _ in range(chance.choice((1, 2, 2, 2))))


def digits(chance: random.Random, count: int, first: str = "0123456789") -> str:
    return chance.choice(first) + "".join(chance.choice("0123456789") for _ in range(count - 1))


def spaced(chance: random.Random, number: str, *cuts: int) -> str:
    """The number in groups, each after so many digits, with one mark between them."""
    pieces, at = [], 0
    for cut in (*(cut for cut in cuts if cut < len(number)), len(number)):
        pieces.append(number[at:cut])
        at = cut
    return chance.choice((" ", "-", "　")).join(pieces)


WIDE = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
FORMAL = str.maketrans("0123456789", "〇一二三四五六七八九")


def written(chance: random.Random, number: str, *cuts: int) -> str:
    """A number as people write it: plain, in groups, full width."""
    draw = chance.random()
    if draw < 0.5:
        return number
    return spaced(chance, number, *cuts) if draw < 0.85 else number.translate(WIDE)


# ---- names


def bare(chance: random.Random) -> Plant:
    return Plant(
        name(chance),
        "",
        chance.choice(("", "", "说", "去过", "也在", "的意见", "没有签字", "和家人", "不同意", "，")),
    )


def inside(chance: random.Random) -> Plant:
    return _in_half_a_sentence(chance, name(chance), "inside")


def inside_others(chance: random.Random) -> Plant:
    return _in_half_a_sentence(chance, name(chance), "inside_others")


def _in_half_a_sentence(chance: random.Random, it: str, which: str) -> Plant:
    before, after = chance.choice(_LISTS[which].strip().split("\n")).split("|")
    return Plant(it, before, after)


def titled(chance: random.Random) -> Plant:
    title = chance.choice(
        [
            "先生",
            "女士",
            "主任",
            "老师",
            "同志",
            "书记",
            "经理",
            "医生",
            "局长",
            "科长",
            "校长",
            "师傅",
            "警官",
            "律师",
        ]
    )
    return Plant(
        name(chance),
        chance.choice(("", "尊敬的", "找到", "昨天", "向", "由")),
        title + chance.choice(("", "说", "答复", "，")),
    )


def surname_titled(chance: random.Random) -> Plant:
    title = chance.choice(["先生", "女士", "主任", "老师", "书记", "经理", "医生", "局长", "科长", "校长"])
    return Plant(
        chance.choice(FREQUENT[:60]),
        chance.choice(("", "尊敬的", "找")),
        title + chance.choice(("说", "答复", "，")),
    )


def cued(chance: random.Random) -> Plant:
    cue = [
        "我叫",
        "本人",
        "联系人：",
        "投诉人：",
        "姓名：",
        "村民",
        "业主",
        "我是",
        "经办人",
        "我父亲",
        "负责人",
        "法人代表",
        "户主",
        "署名：",
    ]
    return Plant(
        name(chance), chance.choice(cue), chance.choice(["，", "。", "，男，", "，电话见附件，", "（业主）"])
    )


def of_others(chance: random.Random) -> Plant:
    before = chance.choice(("我叫", "", "邻居", "联系人：", "去找"))
    return Plant(
        chance.choice(_LISTS["others"].split()), before, chance.choice(["，", "反映", "说", "。", "先生"])
    )


def latin(chance: random.Random) -> Plant:
    return Plant(
        chance.choice(FIRST) + " " + chance.choice(LAST),
        "外教",
        chance.choice(("，", "没有", " ")),
    )


# ---- numbers in Chinese texts


def mobile(chance: random.Random) -> Plant:
    number = "1" + digits(chance, 10, "3456789")
    draw = chance.random()
    it = (
        written(chance, number, 3, 7)
        if draw < 0.7
        else " ".join(number)
        if draw < 0.75
        else number.translate(chance.choice((SPOKEN, FORMAL)))
        if draw < 0.85
        else chance.choice(("+86", "+86 ", "86-", "0086")) + number
    )
    return Plant(
        it,
        chance.choice(("", "电话", "手机：", "联系方式 ", "请打", "我的号码是")),
        chance.choice(("，", "。", "联系我", " ")),
    )


def landline(chance: random.Random) -> Plant:
    area = chance.choice(("010", "021", "0731", "0755", "028", "0599", "0374"))
    number = digits(chance, chance.choice((7, 8)), "2345678")
    if len(area) == 3:
        number = digits(chance, 8, "2345678")
    draw = chance.random()
    it = (
        f"{area}{chance.choice(('-', '－', '—', ' ', ''))}{number}"
        if draw < 0.6
        else f"（{area}）{number}"
        if draw < 0.75
        else f"{area}-{number[:4]} {number[4:]}"
        if draw < 0.85
        else (area + number).translate(chance.choice((WIDE, FORMAL)))
    )
    return Plant(
        it, chance.choice(("", "电话", "座机：", "办公室电话是", "打")), chance.choice(["，", "。", "没人接"])
    )


def identity(chance: random.Random) -> Plant:
    area = chance.choice(["110105", "310104", "430102", "440305", "510107", "650102", "540102"])
    day = f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    if chance.random() < 0.25:
        it = written(chance, area + f"{chance.randint(30, 85)}" + day + digits(chance, 3), 6, 12)
    else:
        number = (
            area + f"{chance.randint(1935, 2015)}" + day + digits(chance, 3) + chance.choice("0123456789Xx")
        )
        it = written(chance, number, 6, 14)
    return Plant(
        it,
        chance.choice(("", "身份证", "身份证号码：", "证件号 ", "公民身份号码")),
        chance.choice(("，", "。", "）", " ")),
    )


def bank(chance: random.Random) -> Plant:
    number = chance.choice(("6222", "6217", "6228", "6214", "6230", "4367", "5187")) + digits(
        chance, chance.choice((12, 15))
    )
    return Plant(
        written(chance, number, 4, 8, 12, 16),
        chance.choice(("", "卡号", "银行卡：", "账号是", "打到")),
        chance.choice(["，", "。", "户名见附件"]),
    )


def mail(chance: random.Random) -> Plant:
    who, where = (
        chance.choice(("zhang", "li_wei", "w.m")),
        chance.choice(("163.com", "qq.com", "mail.example.cn")),
    )
    it = f"{who}{digits(chance, 4)}@{where}"
    return Plant(it, chance.choice(("", "邮箱", "邮箱：", "发到")), chance.choice(["，", "。", "。"]))


def plate(chance: random.Random) -> Plant:
    it = chance.choice("湘粤京沪浙苏鲁豫川新藏") + chance.choice("ABCDEFGH")
    number = "".join(chance.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4)) + chance.choice(
        "0123456789"
    )
    it += chance.choice(("", "·", " ", "-")) + (chance.choice("DF") if chance.random() < 0.3 else "") + number
    return Plant(it, chance.choice(("", "车牌", "车牌号：", "一辆")), chance.choice(["，", "。", "的车"]))


def house(chance: random.Random) -> Plant:
    one, two, three = (
        chance.randint(1, 60),
        chance.randint(1, 5),
        chance.randint(1, 30) * 100 + chance.randint(1, 8),
    )
    before, it = chance.choice(
        (
            ("我住", f"{one}栋{two}单元{three}室"),
            ("小区", f"{one}栋{three}"),
            ("我家在", f"{one}幢{three}室"),
            ("解放路", f"{one}号"),
            ("家住朝阳街", f"{one * 7}号{two}号楼{three}室"),
            ("东风村三组", f"{one}号"),
            ("门牌号", f"{one}"),
            ("住", f"{one}-{two}-{three}"),
            ("家住", f"{one}号楼{two}单元{three}"),
        )
    )
    return Plant(it, before, chance.choice(["，", "。", "，"]))


def chat(chance: random.Random) -> Plant:
    if chance.random() < 0.5:
        return Plant(
            digits(chance, chance.randint(6, 10), "123456789"),
            chance.choice(("QQ：", "QQ号", "qq", "扣扣")),
            "，",
        )
    it = chance.choice(("wx", "li_", "zhang", "a-b", "k")) + digits(chance, chance.randint(4, 7))
    return Plant(
        it,
        chance.choice(("微信", "微信：", "微信号是", "VX:", "加微信 ", "wechat ")),
        chance.choice(["，", "。"]),
    )


CHINESE: dict[str, Make] = {
    "name alone after a stop": bare,
    "name inside a sentence": inside,
    "name inside other sentences": inside_others,
    "name with a title": titled,
    "surname with a title": surname_titled,
    "name after a cue": cued,
    "name with a dot": of_others,
    "name in Latin letters": latin,
    "number: mobile": mobile,
    "number: landline": landline,
    "number: identity": identity,
    "number: bank": bank,
    "number: e-mail": mail,
    "number: plate": plate,
    "number: house": house,
    "number: chat": chat,
}

# ---- English


def english_name(chance: random.Random) -> Plant:
    it = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return _spaced(_in_half_a_sentence(chance, it, "frames"))


def english_name_bare(chance: random.Random) -> Plant:
    it = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return _spaced(_in_half_a_sentence(chance, it, "frames_others"))


def english_pinyin(chance: random.Random) -> Plant:
    it = chance.choice(PINYIN)
    return _spaced(_in_half_a_sentence(chance, it, chance.choice(("frames", "frames_others"))))


def _spaced(plant: Plant) -> Plant:
    return Plant(plant.it, f" {plant.before}", plant.after)


def english_title(chance: random.Random) -> Plant:
    return Plant(
        chance.choice(LAST),
        f" {chance.choice(['Mr', 'Mrs', 'Ms', 'Dr', 'Cllr'])} ",
        chance.choice((" said so.", " refused.", ", the manager, came.")),
    )


def english_phone(chance: random.Random) -> Plant:
    it = chance.choice(
        (
            f"07{digits(chance, 3)} {digits(chance, 6)}",
            f"+44 7{digits(chance, 3)} {digits(chance, 6)}",
            f"020 7{digits(chance, 3)} {digits(chance, 4)}",
            f"+91 {digits(chance, 5, '6789')} {digits(chance, 5)}",
            f"{digits(chance, 5, '6789')} {digits(chance, 5)}",
            f"0161-{digits(chance, 3, '23456789')}-{digits(chance, 4)}",
            f"+86 {written(chance, '1' + digits(chance, 10, '3456789'), 3, 7)}",
            mobile(chance).it,
            landline(chance).it,
        )
    )
    return Plant(it, chance.choice((" Call me on ", " My number is ", " Tel: ", " ")), ".")


def english_identity(chance: random.Random) -> Plant:
    it = chance.choice(
        (
            f"{digits(chance, 4, '23456789')} {digits(chance, 4)} {digits(chance, 4)}",
            f"AB {digits(chance, 2)} {digits(chance, 2)} {digits(chance, 2)} C",
            identity(chance).it,
            identity(chance).it,
        )
    )
    return Plant(it, chance.choice((" My identity number is ", " ", " Aadhaar ")), ".")


def english_bank(chance: random.Random) -> Plant:
    draw = chance.random()
    if draw < 0.4:
        return Plant(digits(chance, 8), " My account number is ", ".")
    it = (
        written(chance, "4" + digits(chance, 15), 4, 8, 12)
        if draw < 0.55
        else bank(chance).it
        if draw < 0.7
        else f"GB{digits(chance, 2)} NWBK {' '.join(digits(chance, 4) for _ in range(3))} {digits(chance, 2)}"
    )
    return Plant(it, chance.choice((" It was paid to ", " IBAN ", " Card ")), ".")


ENGLISH: dict[str, Make] = {
    "person, in English": english_name,
    "person that nothing marks, in English": english_name_bare,
    "person in pinyin, in English": english_pinyin,
    "person with a title, in English": english_title,
    "digits: telephone, in English": english_phone,
    "digits: identity, in English": english_identity,
    "digits: bank, in English": english_bank,
}
