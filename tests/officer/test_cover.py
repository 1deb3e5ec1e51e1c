"""The address sheet: however it slips, the window of an envelope shows the address and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from huiyin.core.text import Text
from huiyin.papers import sheet
from huiyin.reading import pages
from tests.cast import Walk

real = pytest.mark.skipif(not pages.available(), reason="what reads letters is not installed: make letters")
ADDRESS = "青山县城关镇解放路一百二十三号阳光花园小区十七号楼三单元五〇二室"
# GB/T 22585-2008 and GB/T 1416, in mm: width, height, left and top of the window, height of the folded sheet.
ENVELOPES = {"DL": (220, 110, 25, 30, 99), "C5": (229, 162, 25, 40, 148.5)}
WIDE, HIGH = 100, 40


def boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each character, in mm from the upper left corner of the first page."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    text, mm, high = page.get_textpage(), 25.4 / 72, page.get_height()
    found = [text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
    return [(x * mm, (high - top) * mm, right * mm, (high - y) * mm) for x, y, right, top in found]


@real
@pytest.mark.django_db
@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("lines", [["Main St 1", "Petra Jones"], [ADDRESS * 2, "266000", "欧阳小明"]])
def test_a_window_shows_the_address_and_nothing_else(envelope: str, lines: list[str]) -> None:
    made = sheet.cover_pdf(Text("县信访局", "County Petition Office"), lines, date(2026, 11, 27), "zh-hans")
    width, height, left, top, folded = ENVELOPES[envelope]
    letters = boxes(made.pdf)
    address = letters[: len("".join(lines).replace(" ", ""))]
    for dx in (0, width - 210):
        for dy in (0, height - folded):
            for off in (-1, 1):
                x, y = left + 2 * off - dx, top + 1.5 * off - dy
                for a, b, c, d in address:
                    assert x <= a, "cut at the left"
                    assert c <= x + WIDE
                    assert y <= b, "cut above"
                    assert d <= y + HIGH, "cut below"
                rest = [each for each in letters[len(address) :] if each[1] < y + 50 and each[3] > y]
                assert rest == [], "something else shows"


def test_it_comes_with_an_opening_to_serve_and_with_no_other(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")

    def opened(purpose: str) -> str:
        walk.petition.refresh_from_db()
        said = {"seen": walk.petition.version, "purpose": purpose, "words": "To post the receipt"}
        answer = desk("otto").post(f"/desk/p/{walk.ref}/move/unseal/", said)
        assert "一号院" in answer.content.decode()
        return str(answer.content.decode())

    assert "Address sheet for a window envelope" in opened("serve")
    assert walk.petition.entries.filter(event="seal-opened").count() == 1
    assert "Address sheet" not in opened("contact")
