"""The annual report as one HTML file: it loads nothing, prints well, and is read aloud in order."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from huiyin.papers.annual import Report
from huiyin.papers.blocks import Block, Heading, Para, Plot, Table
from huiyin.papers.sheet import COLON

STYLE = """
:root { color-scheme: light dark; --ink: #1a1c20; --soft: #4d535c; --line: #b9bfc7; --paper: #fff;
  --bar: #1d5fa8; --red: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --soft: #b6bcc6; --line: #4a515b;
  --paper: #16181c; --bar: #7fb2ee; --red: #f0968f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.65 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.3; margin: .25rem 0 1rem; color: var(--red); }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; padding-bottom: .3rem;
  border-bottom: 2px solid var(--red); }
.organ, .made-up { margin: 0; font-weight: 600; }
.made-up { padding: .4rem .75rem; border: 2px solid var(--red); }
.note { color: var(--soft); font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; } p { overflow-wrap: anywhere; }
a { color: inherit; }
.frame { overflow-x: auto; margin: 1.25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
caption { text-align: start; font-weight: 600; padding-bottom: .35rem; }
th, td { text-align: start; vertical-align: top; padding: .4rem .5rem; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); } tbody th { font-weight: 400; }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1.5rem 0; } figcaption { font-weight: 600; margin-bottom: .5rem; }
.bars { display: grid; grid-template-columns: minmax(7rem, 2fr) 3fr 3.2rem; gap: .3rem .75rem;
  align-items: center; }
.bars svg { width: 100%; height: 1.1rem; }
.bars .said { text-align: end; font-variant-numeric: tabular-nums; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; }
  tr, figure { break-inside: avoid; } }
"""


def html(report: Report) -> str:
    """The whole file."""
    lang = "zh-Hans" if report.language.startswith("zh") else "en"
    colon = COLON.say(report.language)
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.facts)
    made_up = f'<p class="made-up">{escape(report.stamp)}</p>' if report.stamp else ""
    heads = [block for block in report.blocks if isinstance(block, Heading)]
    index = "".join(
        f'<li><a href="#s{n}">{escape(each.text)}</a></li>' for n, each in enumerate(heads, start=1)
    )
    contents = escape(report.words["contents"])
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}{colon}{escape(report.organ)}</title>"
        f"<style>{STYLE}</style></head>\n<body><main>"
        f'{made_up}<p class="organ">{escape(report.organ)}</p>'
        f"<h1>{escape(report.title)}</h1><dl>{facts}</dl>"
        f'<nav aria-label="{contents}"><p class="note">{contents}</p><ul>{index}</ul></nav>\n'
        + "\n".join(_blocks(report))
        + "\n</main></body></html>\n"
    )


def _blocks(report: Report) -> Iterator[str]:
    sections = 0
    for block in report.blocks:
        sections += isinstance(block, Heading)
        yield _block(block, sections)


def _block(block: Block, section: int) -> str:
    if isinstance(block, Heading):
        return f'<h2 id="s{section}">{escape(block.text)}</h2>'
    if isinstance(block, Para):
        return f'<p class="note">{escape(block.text)}</p>' if block.note else f"<p>{escape(block.text)}</p>"
    return _plot(block) if isinstance(block, Plot) else _table(block)


def _table(table: Table) -> str:
    def which(n: int) -> str:
        return ' class="number"' if n in table.numbers else ""

    heads = "".join(f'<th scope="col"{which(n)}>{escape(head)}</th>' for n, head in enumerate(table.heads))
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{which(n)}>{escape(cell)}</td>" for n, cell in enumerate(row[1:], start=1))
        + "</tr>"
        for row in table.rows
    )
    caption = escape(table.caption)
    return (
        f'<div class="frame" role="region" tabindex="0" aria-label="{caption}">'
        f"<table><caption>{caption}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _plot(plot: Plot) -> str:
    bars = "".join(
        f"<span>{escape(bar.name)}</span>"
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none">'
        '<rect width="100" height="10" fill="currentColor" fill-opacity=".1"/>'
        f'<rect width="{bar.value:.1f}" height="10" fill="var(--bar)"/>'
        f'<rect x="{bar.low:.1f}" y="4" width="{max(bar.high - bar.low, 0.5):.1f}" height="2" '
        'fill="currentColor"/></svg>'
        f'<span class="said">{bar.value:.0f}%</span>'
        for bar in plot.bars
    )
    return (
        f"<figure><figcaption>{escape(plot.title)}</figcaption>"
        f'<div class="bars" role="img" aria-label="{escape(plot.alt)}">{bars}</div></figure>'
    )
