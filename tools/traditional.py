"""What 繁體 is printed from: OpenCC, and all the Chinese that the house says.

Two things are printed, both by `tools/messages.py`: the messages of zh_Hant, and the table by which
`huiyin.core.traditional` says the law, letters and labels. It holds every letter that has another form, and
each phrase of the house in which a letter becomes something else than it does alone (里程, 干部, 皇后).
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from opencc import OpenCC

HOUSE = Path(__file__).resolve().parent.parent
SOURCE = HOUSE / "src" / "huiyin"
TABLE = SOURCE / "core" / "traditional.txt"
BACK = SOURCE / "core" / "simplified.txt"  # the way back, letter by letter, by which rules read 繁體
KIND = "s2tw"  # the letters of Taiwan's standard; the words stay those of the law
LETTERS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))  # CJK Unified Ideographs and extension A
CHINESE = re.compile(r"[\u3400-\u9fff]+")
LONGEST = 8  # letters of the longest phrase
# Where OpenCC cuts a sentence at the wrong place, found by reading; and our own name, an answer (回音) and no
# echo (迴音).
CORRECTED = {
    "回音": "回音",
    "天后": "天後",
    "不合并": "不合併",
    "是只": "是只",
    "名单只": "名單只",
    "明了": "明了",
    "浏览器里": "瀏覽器裡",
    "采纳": "採納",
    "采用": "採用",
    "回避": "迴避",
    # Quotation marks as they are set in 繁體.
    **dict(zip("“”‘’", "「」『』", strict=True)),
}


@cache
def converter() -> OpenCC:
    return OpenCC(KIND)


@cache
def converted(text: str) -> str:
    """What OpenCC makes of a text, corrected."""
    made: str = converter().convert(text)
    for own, right in CORRECTED.items():
        for found in re.finditer(own, text):
            made = f"{made[: found.start()]}{right}{made[found.end() :]}"
    if len(made) != len(text):
        raise SystemExit(f"not letter by letter: {text} -> {made}")
    return made


def corpus() -> Iterator[str]:
    """Each run of Chinese letters that stands in the code or in the law."""
    for path in sorted(SOURCE.rglob("*.toml")):
        yield from CHINESE.findall(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from CHINESE.findall(node.value)


def table(runs: Iterable[str]) -> dict[str, str]:
    """Letters and phrases by which these runs become what OpenCC makes of them."""
    made = {letter: converted(letter) for block in LETTERS for letter in map(chr, block)}
    made = {letter: other for letter, other in made.items() if letter != other} | CORRECTED
    left = sorted(set(runs))
    while left:
        found = dict(pair for run in left for pair in _lacking(run, made))
        made |= found
        left = [run for run in left if replaced(run, made) != converted(run)] if found else []
    return made


def replaced(text: str, table: dict[str, str]) -> str:
    """The text by the table, the longest phrase first, as the house does it."""
    made, at = [], 0
    while at < len(text):
        size = next((n for n in range(LONGEST, 0, -1) if text[at : at + n] in table), 1)
        made.append(table.get(text[at : at + size], text[at]))
        at += size
    return "".join(made)


def _lacking(run: str, table: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The shortest phrase around each letter that comes out wrong, of those that nothing else needs."""
    wanted, have = converted(run), replaced(run, table)
    for at, (right, wrong) in enumerate(zip(wanted, have, strict=True)):
        if right == wrong:
            continue
        for size in range(2, LONGEST + 1):
            starts = range(max(0, at - size + 1), min(at, len(run) - size) + 1)
            phrases = [(run[s : s + size], wanted[s : s + size]) for s in starts]
            fit = next((p for p in phrases if p[0] not in table and converted(p[0]) == p[1]), None)
            if fit:
                yield fit
                break
        else:
            raise SystemExit(f"no phrase of {LONGEST} letters says how to write {run[at]} in {run}")


def back() -> dict[str, str]:
    """Each letter of 繁體 by itself in 简体. What both scripts have, as 才 and 群, stays as it is."""
    convert = OpenCC("t2s").convert
    made = {letter: convert(letter) for block in LETTERS for letter in map(chr, block)}
    return {letter: own for letter, own in made.items() if letter != own and len(own) == 1}


def as_file(made: dict[str, str]) -> bytes:
    """The table as it is kept: a pair a line, letters before phrases."""
    pairs = sorted(made.items(), key=lambda pair: (len(pair[0]), pair[0]))
    return "".join(f"{own}\t{other}\n" for own, other in pairs).encode()


def printed() -> bytes:
    return as_file(table(corpus()))
