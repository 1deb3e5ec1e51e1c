"""Open data as files: the table in three forms, the lists of its codes, the dictionary, the log's head."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from huiyin.core import cohorts, notes, open_data, rulebook, tiles
from huiyin.core.cohorts import Figures
from huiyin.core.text import Text
from huiyin.registry import logfiles
from huiyin.registry.models import Body

ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the same data make the same file
BODIES = (
    ("code", "string", Text("单位代码", "Code of the body")),
    ("name_zh", "string", Text("中文名称", "Name in Chinese")),
    ("name_en", "string", Text("英文名称", "Name in English")),
    ("level", "string", Text("层级", "Level")),
)
CLOCKS = (
    ("name", "string", Text("期限的名称", "Name of the term")),
    ("zh", "string", Text("中文", "In Chinese")),
    ("en", "string", Text("英文", "In English")),
    ("rulebook", "string", Text("出自哪部法", "Under which law")),
    ("article", "string", Text("条款", "Article")),
)
RULE = Text(
    "每一行至少代表 {least} 个期限；各行互不重叠，没有任何合计可以相减。检举控告不按单位列出。"
    "来信渠道、层级、是否联名、是否再次提出都不在其中。用 huiyin verify 检验公开日志，"
    "用 huiyin open-data {period} --check 核对本数据有没有遗漏。",
    "Each row stands for at least {least} terms; no term is in two rows, and there is no total to "
    "subtract from. Reports against persons are by no body. By which channel, at which level, whether "
    "together or again is not in it. Check the public log with huiyin verify, and that nothing is left "
    "out with huiyin open-data {period} --check.",
)


@dataclass(frozen=True, slots=True)
class Source:
    """The published figures: of so many leaves under that root, and the least size of a cohort."""

    origin: str
    size: int
    root: str
    smallest: int
    figures: Figures
    checkpoint: str


def source() -> Source | None:
    """None where the log has no figures yet."""
    read = logfiles.read(logfiles.FIGURES)
    if read is None:
        return None
    told = json.loads(read)
    head = (logfiles.read(logfiles.CHECKPOINT) or b"").decode()
    figures = Figures.from_json(told["cohorts"])
    return Source(told["origin"], told["size"], told["root"], told["cohort"], figures, head)


def has_parquet() -> bool:
    """Whether the extra `parquet` is installed."""
    return find_spec("pyarrow") is not None


def files(known: Source, period: str) -> dict[str, bytes]:
    """Every file of the package by its name; the same data make the same bytes."""
    table = open_data.rows(known.figures, period, known.smallest)
    made = {
        "terms.csv": open_data.as_csv(table).encode(),
        "terms.json": json.dumps(table, ensure_ascii=False, indent=1).encode(),
        "bodies.csv": open_data.as_csv(_bodies(table), [name for name, *_ in BODIES]).encode(),
        "clocks.csv": open_data.as_csv(_clocks(table), [name for name, *_ in CLOCKS]).encode(),
        "checkpoint.txt": known.checkpoint.encode(),
    }
    if has_parquet():
        made["terms.parquet"] = _parquet(table)
    made["datapackage.json"] = json.dumps(
        _package(known, period, made), ensure_ascii=False, indent=1
    ).encode()
    return made


def packed(made: dict[str, bytes]) -> bytes:
    """All files as one ZIP."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(made.items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_DAY), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _bodies(table: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    codes = {row["code"] for row in table if row["group"] == "body"}
    for body in Body.objects.filter(code__in=codes).order_by("code"):
        yield {"code": body.code, "name_zh": body.name.zh, "name_en": body.name.en, "level": body.level}


def _clocks(table: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """What the law calls each term: of the law of this house first, then of any that knows it."""
    books = sorted(rulebook.all_rulebooks(), key=lambda b: (b.jurisdiction != settings.JURISDICTION, b.id))
    for name in sorted({row["clock"] for row in table}):
        book = next((each for each in reversed(books) if name in each.clocks), None)
        if book is not None:
            clock = book.clocks[name]
            said = {"zh": clock.text.zh, "en": clock.text.en}
            yield {"name": name, **said, "rulebook": book.id, "article": clock.article}


def _parquet(table: list[dict[str, Any]]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    kinds = {"string": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64()}
    shape = pyarrow.schema([(name, kinds[kind]) for name, kind, _ in open_data.FIELDS])
    written = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(table, schema=shape), written, compression="zstd")
    return written.getvalue()


def _package(known: Source, period: str, made: dict[str, bytes]) -> dict[str, Any]:
    """The dictionary: a Frictionless data package, in both languages, with the head it was reckoned from."""
    rule = RULE.format(least=known.smallest, period=period)
    dictionary = {
        "terms": (open_data.FIELDS, open_data.NAMES[:4]),
        "bodies": (BODIES, ("code",)),
        "clocks": (CLOCKS, ("name",)),
    }
    listed = []
    for name in sorted(made):
        table, _, form = name.partition(".")
        resource: dict[str, Any] = {"name": name.replace(".", "-"), "path": name}
        resource |= {"bytes": len(made[name]), "hash": f"sha256:{hashlib.sha256(made[name]).hexdigest()}"}
        if table in dictionary:
            fields, key = dictionary[table]
            both = [(each, kind, Text(text.zh, f"{text.en} · {text.zh}")) for each, kind, text in fields]
            resource |= {"format": form, "schema": open_data.schema(both, "en", key)}
        if form == "csv":
            resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "mediatype": "text/csv"}
        listed.append(resource)
    return {
        "profile": "data-package",
        "name": f"huiyin-terms-{period}",
        "title": f"How bodies kept their terms, {period} · 各单位期限办理情况 {period}",
        "description": f"{rule.en} · {rule.zh}",
        "version": str(known.size),
        "homepage": f"{settings.PUBLIC_URL}/figures/open/",
        "log": {"origin": known.origin, "size": known.size, "root": known.root, "least": known.smallest},
        "resources": listed,
    }


def reckoned(size: int, root: str) -> Figures:
    """The figures made anew from the first `size` leaves of the log, each believed under that root alone.

    Raises tiles.BadTile for leaves that are not those of the root.
    """
    sums = Figures()
    for _, leaf in tiles.Tree(size, notes.unbase64(root), logfiles.tile).entries(0, size):
        if cohorts.is_count(leaf):
            sums.add(cohorts.read(leaf))
    return sums
