"""A letter on paper: its words in one language, as the template wants them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import segno

from huiyin.core.text import Text, on_paper
from huiyin.papers import press
from huiyin.papers.letter import Letter, Part
from huiyin.papers.press import Printed
from huiyin.registry.facts import Fact
from huiyin.registry.models import DataSet
from huiyin.site.articles import in_chinese

TITLE_FORM = "letter.typ"
SLIP_FORM = "slip.typ"
COVER_FORM = "cover.typ"
COVER = Text("邮寄封面页", "Address sheet")
FOLDED = (
    Text(
        "放在最上面，字朝外：DL 信封（220 × 110）沿短线折三折，C5 信封（229 × 162）沿长线对折。",
        "Lay it on top, its print outside: fold it in three at the short marks for a DL envelope "
        "(220 × 110), once at the long mark for C5 (229 × 162).",
    ),
    Text(
        "按实际大小打印（100%）。开窗信封，窗口距左 25 毫米，距上 30 毫米（DL）或者 40 毫米（C5）。",
        "Print at actual size (100%). Window envelope, its window 25 mm from the left and "
        "30 mm (DL) or 40 mm (C5) from the top.",
    ),
)
SLIP = Text("送达回证", "Proof of service")
BLANK = Text("", "")
SLIP_NOTE = Text(
    "签名只表示收到，不表示同意，也不影响受送达人的任何权利。",
    "A signature says that it was received. It does not say that anybody agrees, and costs no right.",
)
COLON = Text("：", ": ")
UNNUMBERED = Text("（编号在出具时给出）", "(the number is given when it is issued)")
RIGHTS = Text("权利和期限", "Rights and terms")
PLAINLY = Text("通俗说明（帮助阅读，以正文为准）", "In plain words (a help; the letter counts)")
QR_NOTE = Text("扫码查询", "Scan to follow")
QR_ALT = Text("二维码：打开查询页面", "QR code: opens the page where a petition is followed")
MADE_UP = Text("演示 · 不是真实文书", "DEMONSTRATION")


def letter_pdf(letter: Letter, language: str, *, person: Sequence[str] = ()) -> Printed:
    """The letter as PDF/A in the letter form of GB/T 9704. `person`: address and name, merged at print time.

    Raises fonts.NoChineseFont and press.Unprintable.
    """
    return press.press(TITLE_FORM, sheet(letter, language, person=person))


def cover_pdf(organ: Text, lines: Sequence[str], on: date, language: str) -> Printed:
    """The sheet that shows an address in the window of an envelope (GB/T 22585-2008: DL, C5), and no more.

    `lines`: address and name. Raises fonts.NoChineseFont and press.Unprintable.
    """
    language = on_paper(language)
    return press.press(
        COVER_FORM,
        {
            "lang": "zh" if language.startswith("zh") else "en",
            "organ": organ.say(language),
            "title": COVER.say(language),
            "date": [on.year, on.month, on.day],
            "lines": list(lines),
            "folded": [text.say(language) for text in FOLDED],
            "stamp": stamp(language),
        },
    )


def slip_pdf(letter: Letter, language: str) -> Printed:
    """A proof of service (送达回证) for this letter: what is known is printed, the rest is written in."""
    language = on_paper(language)
    said = sheet(letter, language)
    return press.press(
        SLIP_FORM,
        {
            **said,
            "title": SLIP.say(language),
            "slip_note": SLIP_NOTE.say(language),
            "lines": _slip_lines(letter, language),
        },
    )


def _slip_lines(letter: Letter, language: str) -> list[list[str]]:
    document = Text(f"《{letter.title.zh}》{letter.number}", f"{letter.title.en} {letter.number}".strip())
    to = letter.addressee.en.removeprefix("To ").rstrip(":")
    reader = Text(letter.addressee.zh.rstrip("："), to[:1].upper() + to[1:])
    lines = [
        (Text("送达机关", "Served by"), letter.organ),
        (Text("文书名称和文号", "Document and number"), document),
        (Text("受送达人", "Served on"), reader),
        (Text("送达方式", "How"), Text("□ 当面送达    □ 邮寄送达", "□ in person    □ by post")),
        (Text("送达地点", "Where"), BLANK),
        (Text("送达人（签名）", "Handed over by (signature)"), BLANK),
        (Text("收到日期", "Received on"), Text("      年    月    日", "")),
        (Text("受送达人签名", "Signature of whom it was served on"), BLANK),
        (Text("代收人签名及与受送达人关系", "Or signature of who took it, and for what reason"), BLANK),
        (Text("备注", "Remarks"), BLANK),
    ]
    return [[label.say(language), value.say(language)] for label, value in lines]


def sheet(letter: Letter, language: str, *, person: Sequence[str] = ()) -> dict[str, Any]:
    """What the template is given."""
    language = on_paper(language)

    def say(text: Text) -> str:
        return text.say(language)

    chinese = language.lower().startswith("zh")
    many = _is_long(letter.parts)
    return {
        "lang": "zh" if chinese else "en",
        "organ": say(letter.organ),
        "red": letter.red,
        "number": letter.number,
        "unnumbered": say(UNNUMBERED) if not letter.number and letter.numbered else "",
        "title": say(letter.title),
        "to": [*person[:-1], f"{person[-1]}{say(COLON).strip()}"] if person else [say(letter.addressee)],
        "before": [say(text) for text in letter.before],
        "parts": list(_parts(letter.parts, language)),
        "rights": _numbered(len(letter.parts) + 1, say(RIGHTS), chinese=chinese) if many else "",
        "closing": [say(text) for text in letter.closing],
        "contact": [say(text) for text in letter.contact],
        "summary": [say(text) for text in letter.summary] if letter.to == "author" else [],
        "day": say(letter.signed_on),
        "date": [letter.on.year, letter.on.month, letter.on.day],
        "colon": say(COLON),
        "plainly": say(PLAINLY),
        "qr": qr(f"{letter.follow}/follow/"),
        "qr_alt": say(QR_ALT),
        "qr_note": say(QR_NOTE),
        "stamp": stamp(language),
    }


def stamp(language: str) -> str:
    """What is printed across a paper of made-up data: nothing of a demonstration may pass for real."""
    made_up = DataSet.objects.filter(kind="demonstration").exists()
    return MADE_UP.say(language) if made_up else ""


def qr(address: str) -> str:
    """The address as an SVG drawing. It holds no reference and no key."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, border=1, scale=4)
    return drawn.getvalue().decode()


def _parts(parts: Sequence[Part], language: str) -> Iterable[dict[str, Any]]:
    """Each under its heading, numbered where there are several: 一、 in Chinese, 1. in English."""
    chinese = language.lower().startswith("zh")
    for i, part in enumerate(parts, start=1):
        label = part.label.say(language)
        yield {
            "heading": _numbered(i, label, chinese=chinese) if _is_long(parts) else label,
            "text": _said(part.value, language),
            "rows": [list(_row(row, n, language)) for n, row in enumerate(part.rows, start=1)],
        }


def _is_long(parts: Sequence[Part]) -> bool:
    """Whether its headings are numbered: several, or one under which several things are answered."""
    return len(parts) > 1 or any(part.rows for part in parts)


def _numbered(n: int, label: str, *, chinese: bool) -> str:
    return f"{in_chinese(n)}、{label}" if chinese else f"{n}. {label}"


def _row(row: Sequence[Fact], n: int, language: str) -> Iterable[dict[str, str]]:
    """One line of a table as paragraphs, the first one with its number."""
    chinese = language.lower().startswith("zh")
    for i, fact in enumerate(row):
        label = fact.label.say(language)
        if i == 0:
            label = f"（{in_chinese(n)}）{label}" if chinese else f"({n}) {label}"
        yield {"label": label, "text": _said(fact.value, language)}


def _said(value: Text | str, language: str) -> str:
    return value.say(language) if isinstance(value, Text) else str(value)
