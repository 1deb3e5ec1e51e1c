"""What is wrong with a published log: each finding says which, where, and in plain words what that means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from huiyin.core.text import Text

MOST_OF_A_KIND = 20  # told one by one; of the rest only how many there are

# Codes are permanent: `--json` prints them.
WORDS: dict[str, Text] = {
    # files
    "missing": Text("缺少文件 {path}", "{path} is missing"),
    "bundle-missing": Text(
        "缺少第 {first} 条起的 {width} 条记录", "{width} leaves from number {first} on are missing"
    ),
    "bad-tile": Text("文件格式不对：{error}", "it is not what it must be: {error}"),
    "cut-short": Text("文件在一条记录中间断了", "it ends in the middle of a leaf"),
    "wrong-tile": Text("树的文件与记录不符", "it does not hold what the leaves come to"),
    # leaves
    "changed": Text("{path}：这一条被改动过", "{path}: this leaf was changed, the tree holds another"),
    "dropped": Text("{path}：树里的这一条被抽掉了", "{path}: the leaf that the tree holds here was dropped"),
    "inserted": Text(
        "{path}：这里多插了一条树里没有的", "{path}: a leaf was inserted here that the tree does not hold"
    ),
    "reordered": Text(
        "{path}：从这一条起次序变了", "{path}: from here on the order of the leaves was changed"
    ),
    "form": Text("不是本程序认识的格式：{error}", "it is of no known form: {error}"),
    "late": Text(
        "称记录于 {said}，到 {signed} 的日志头才第一次收录：超过了承诺的时间，或者时间是倒填的",
        "it says that it was recorded at {said}, and the first head that holds it was signed at {signed}: "
        "included later than promised, or dated back",
    ),
    "ahead": Text(
        "称记录于 {said}，却已在 {signed} 签署的日志头之中",
        "it says that it was recorded at {said}, and the head that holds it was signed before, at {signed}",
    ),
    "balance": Text("统计不平衡：{error}", "the sums do not balance: {error}"),
    "small": Text(
        "统计组“{cohort}”只有 {terms} 项，少于 {least}",
        "the cohort “{cohort}” holds {terms} terms, fewer than {least}",
    ),
    # heads
    "head": Text("日志头不成立：{error}", "this head does not hold: {error}"),
    "no-day": Text("{day} 不是日期", "{day} is no day"),
    "days-order": Text("日期的次序不对", "its days are not in order"),
    "wrong-day": Text("日志头签署于 {day}，却列在另一天", "signed on {day}, and listed under another day"),
    "backwards": Text("签署时间早于前一个日志头（{where}）", "signed before the head it follows ({where})"),
    "shrank": Text(
        "签署过 {old} 条的日志头（{where}），后来只有 {new} 条：记录被抽掉了",
        "a head over {old} leaves was signed ({where}), and then the log shows {new}: leaves were taken away",
    ),
    "split": Text(
        "同一把钥匙签署了两个不同的 {size} 条的日志头（另一个：{where}）：日志分叉了，两份签名就是证据",
        "there are two different heads over {size} leaves by the same key, the other one at {where}: the log "
        "was split, and the two signatures prove it",
    ),
    "root": Text(
        "{size} 条的日志头与记录不符：签署之后，第 {first} 至 {last} 条之中有被改动、抽掉或者插入的，"
        "或者日志头被改写了",
        "the head over {size} leaves has another root than the leaves: after it was signed, one of leaves "
        "{first} to {last} was changed, dropped or inserted; or the head was rewritten",
    ),
    "unlisted": Text(
        "最新的日志头（{size} 条）不在历次日志头之中",
        "the head over {size} leaves is not among the heads that are listed",
    ),
    "witnesses": Text("见证人的签名不够或者不成立：{error}", "{error}"),
    # certificate and figures
    "certificate": Text("证书不成立：{error}", "the certificate does not hold: {error}"),
    "certificate-term": Text(
        "证书从 {since} 到 {until} 有效，最新的日志头签署于 {signed}，不在其内",
        "the certificate holds from {since} until {until}; the last head was signed at {signed}",
    ),
    "bad-figures": Text("公布的数字格式不对：{error}", "the published figures are not written so: {error}"),
    "figures-of": Text("其中的 {what} 与日志不符", "its {what} is not that of the log at this size"),
    "figures-csv": Text("与 figures.json 不同", "it does not say the same as figures.json"),
    "figures": Text(
        "公布的是 {said}，按日志算出来是 {comes}", "published is {said}; the log comes to {comes}"
    ),
    # receipts
    "not-there": Text(
        "信访件 {ref} 的回执承诺在 {promised} 之前收录，{signed} 签署的日志头仍然没有："
        "承诺没有兑现，回执就是证据",
        "the receipt of petition {ref} promises inclusion by {promised}, and the head signed at {signed} "
        "does not hold it: the promise was broken, and this receipt with that head proves it",
    ),
    "too-late": Text(
        "信访件 {ref} 的回执承诺在 {promised} 之前收录，到 {signed} 才收录：承诺没有按时兑现",
        "the receipt of petition {ref} promises inclusion by {promised}; the first head that holds it was "
        "signed at {signed}: the promise was broken",
    ),
    "bad-receipt": Text("回执不成立：{error}", "the receipt does not hold: {error}"),
    "bad-evidence": Text("证明不了日志有两套说法：{error}", "it proves no two stories of a log: {error}"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """what: a permanent code. where: a leaf, a head, a file. text: what is wrong there."""

    what: str
    where: str
    text: Text


@dataclass(slots=True)
class Findings:
    """All findings, of which no more than the first few of a kind are kept: memory stays flat."""

    kept: list[Finding] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, where: str, /, **values: object) -> None:
        """Note one. Raises KeyError for a code that has no words."""
        self.counted[what] += 1
        if self.counted[what] <= MOST_OF_A_KIND:
            self.kept.append(Finding(what, where, WORDS[what].format(**values)))

    def __iter__(self) -> Iterator[Finding]:
        yield from self.kept
        for what, number in self.counted.items():
            more = number - MOST_OF_A_KIND
            if more > 0:
                yield Finding(what, "", Text(f"另有 {more} 处同样的问题", f"{more} more of the same kind"))

    def __bool__(self) -> bool:
        return bool(self.kept)
