"""The annual report as DOCX: real headings, tables whose heads repeat, pictures with words for them."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from huiyin.papers import annual_pdf, fonts, press
from huiyin.papers.annual import Report
from huiyin.papers.blocks import Block, Heading, Para, Plot, Table
from huiyin.papers.sheet import COLON

LATIN, CHINESE = "Liberation Serif", "仿宋"
HEADING = "黑体"
WIDTH = Cm(16)
RED, SOFT = RGBColor(0xB3, 0x26, 0x1E), RGBColor(0x4D, 0x53, 0x5C)


def docx(report: Report) -> bytes:
    """The whole file."""
    made = Document()
    _set_up(made, report)
    if report.stamp:
        made.add_paragraph(report.stamp).runs[0].bold = True
    made.add_paragraph(report.organ)
    made.add_heading(report.title, level=0)
    for name, value in report.facts:
        line = made.add_paragraph()
        line.add_run(f"{name}{COLON.say(report.language)}").bold = True
        line.add_run(value)
    for block in report.blocks:
        _add(made, report, block)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def _set_up(made: Any, report: Report) -> None:
    """Paper, language and faces; the words that office programs and screen readers tell a file by."""
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin = page.bottom_margin = Mm(26)
    made.core_properties.title = report.title
    made.core_properties.author = report.organ
    made.core_properties.language = "zh-CN" if report.language.startswith("zh") else "en-GB"
    made.core_properties.comments = ""
    for name, size, chinese in (("Normal", 11, CHINESE), ("Title", 22, HEADING), ("Heading 1", 15, HEADING)):
        style = made.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        _faces(style.element.get_or_add_rPr(), chinese, made.core_properties.language)
    for name in ("Title", "Heading 1"):
        made.styles[name].font.color.rgb = RED


def _faces(properties: Any, chinese: str, language: str) -> None:
    found = properties.find(qn("w:rFonts"))
    if found is None:
        found = OxmlElement("w:rFonts")
        properties.append(found)
    for name in [name for name in found.attrib if name.endswith("Theme")]:
        del found.attrib[name]
    for name, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese)):
        found.set(qn(f"w:{name}"), face)
    tongue = properties.find(qn("w:lang"))
    if tongue is None:
        tongue = OxmlElement("w:lang")
        properties.append(tongue)
    tongue.set(qn("w:val"), "en-GB")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    if language == "zh-CN":
        tongue.set(qn("w:val"), "zh-CN")


def _add(made: Any, report: Report, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(block.text, level=1)
    elif isinstance(block, Para):
        _paragraph(made, block)
    elif isinstance(block, Plot):
        _plot(made, report, block)
    else:
        _table(made, block)


def _paragraph(made: Any, block: Para) -> None:
    run = made.add_paragraph().add_run(press.clean(block.text))
    if block.note:
        run.font.size, run.font.color.rgb = Pt(9), SOFT


def _plot(made: Any, report: Report, block: Plot) -> None:
    """The picture with its words; where no font can draw it, the table that follows says the same."""
    _caption(made, block.title)
    try:
        drawn = annual_pdf.picture(report, block)
    except (fonts.NoChineseFont, press.Unprintable):
        return
    shape = made.add_picture(io.BytesIO(drawn), width=WIDTH)
    shape._inline.docPr.set("descr", block.alt)  # noqa: SLF001 - python-docx has no other way


def _caption(made: Any, text: str) -> None:
    line = made.add_paragraph()
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.space_before = Pt(10)
    line.add_run(text).bold = True


def _table(made: Any, block: Table) -> None:
    _caption(made, block.caption)
    table = made.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    parts = block.widths or tuple(1 for _ in block.heads)
    widths = [int(WIDTH * part / sum(parts)) for part in parts]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # of the grid: not every office looks at the cells
    _row(table.rows[0], block, block.heads, widths, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - as above
    for row in block.rows:
        _row(table.add_row(), block, row, widths, bold=False)
    made.add_paragraph().paragraph_format.space_after = Pt(2)


def _row(row: Any, block: Table, cells: tuple[str, ...], widths: list[int], *, bold: bool) -> None:
    whole = OxmlElement("w:cantSplit")  # a row stays on one page
    row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 - as above
    for n, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
        cell.width = widths[n]
        line = cell.paragraphs[0]
        run = line.add_run(press.clean(words))
        run.bold, run.font.size = bold, Pt(9)
        if n in block.numbers:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
