"""How a hand-over to or from another installation is told and drawn, for officers and for the author."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.core import handover, rulebook
from huiyin.core.text import Text
from huiyin.core.troubles import TROUBLES
from huiyin.registry import partners
from huiyin.registry.models import Crossing, PartnerMessage

STATES: dict[str, Text] = {
    partners.BEGUN: Text("等待公开日志收录，随后发出", "waits for the public log, then it goes"),
    partners.OFFERED: Text("已经发出，等对方收下", "offered; the other side has yet to take it"),
    partners.TAKEN: Text("对方已收下，正在移交封存的身份信息", "taken; the sealed identity follows"),
    partners.SEALED: Text("移交完成", "complete"),
    partners.REFUSED: Text("没有收下", "not taken"),
    partners.CALLED_BACK: Text("发出前已停止", "called back before it left"),
    partners.OBJECTED: Text("对方提出异议，等待核实", "objected to; the sender looks at it"),
    partners.RETURNED: Text("已经收回", "taken back"),
    partners.RECALLED: Text(
        "对方一直没有答复，已经收回；等对方确认没有收下",
        "taken back, for nobody there answered; they have yet to confirm that they do not have it",
    ),
    partners.AT_BOTH: Text(
        "收回以后才知道对方已经受理：两边都在办理，由两个单位商定由谁继续",
        "taken back, but it had been taken up there: both handle it, and the two bodies settle who goes on",
    ),
    partners.ARRIVED: Text("刚刚到达，还在核验", "has arrived and is being verified"),
    partners.ADOPTED: Text("已收下", "taken over"),
}
PARTS: dict[str, Text] = {
    "words": Text("您写的内容", "what you wrote"),
    "steps": Text("到移交为止的步骤，附公开日志的证明", "the steps so far, with their proofs"),
    "terms": Text("期限及其计算", "the terms and how they were reckoned"),
    "receipt": Text("您的回执", "your receipt"),
    "files": Text("附件", "the files"),
    "documents": Text("已经作出的文书", "the documents written so far"),
    "seals": Text("封存的身份和联系方式（没有打开）", "the sealed identity and contact, unopened"),
}
KINDS: dict[str, Text] = {
    handover.OFFER: Text("案卷", "the case"),
    handover.TAKE: Text("收下的回执", "the receipt for it"),
    handover.REFUSE: Text("没有收下的理由", "why it is not taken"),
    handover.SEALS: Text("封存的身份信息", "the sealed identity"),
    handover.SEALED: Text("封存信息已收到", "that the seals came"),
    handover.WORD: Text("进展", "what happened"),
    handover.OBJECT: Text("异议", "the objection"),
    handover.AGREE: Text("同意收回", "that it is taken back"),
    handover.REJECT: Text("异议不成立", "that the objection is rejected"),
    handover.WITHDRAW: Text("已经收回的通知", "that it is taken back"),
    handover.DROP: Text("请在那里终止的通知", "that it went on here and is to end there"),
    handover.KEYS: Text("新的封存公钥", "new keys for the seals"),
}
GOES, TAKES, IDENTITY = Text("发出", "Goes"), Text("收下", "Taken"), Text("身份封存移交", "Identity follows")
ENDED = (partners.REFUSED, partners.CALLED_BACK, partners.RETURNED, partners.RECALLED)


ANSWERED = Text("对方答复：HTTP {code}", "it answered: HTTP {code}")


@dataclass(frozen=True, slots=True)
class Told:
    """One hand-over in words. `waiting`: the first message that is not done; `dead`: nobody tries it."""

    crossing: Crossing
    state: Text
    reason: Text | None
    steps: tuple[dict[str, Any], ...]  # for `_journey`
    parts: tuple[Text, ...]
    waiting: PartnerMessage | None
    kind: Text | None
    dead: bool
    why: Text | None  # the last try did not succeed


def told(crossings: Iterable[Crossing]) -> list[Told]:
    """Each in words; of all together two questions to the database."""
    rows = list(crossings)
    waiting: dict[int, PartnerMessage] = {}
    undone = PartnerMessage.objects.filter(crossing__in=rows, done_at=None).defer("sealed")
    for message in undone.order_by("-seq"):
        waiting[message.crossing_id] = message
    return [_told(row, waiting.get(row.pk)) for row in rows]


def _told(crossing: Crossing, waiting: PartnerMessage | None) -> Told:
    return Told(
        crossing=crossing,
        state=STATES[crossing.state],
        reason=reason_of(crossing.reason) if crossing.reason else None,
        steps=tuple(_steps(crossing)),
        parts=tuple(PARTS[name] for name in (*crossing.what, *(("seals",) if crossing.sealed_at else ()))),
        waiting=waiting,
        kind=KINDS[waiting.kind] if waiting else None,
        dead=waiting is not None and waiting.next_at is None,
        why=_not_sent(waiting.error) if waiting and waiting.error else None,
    )


def _not_sent(error: str) -> Text:
    return ANSWERED.format(code=error) if error.isdigit() else TROUBLES.get(error, Text(error, error))


def reason_of(code: str) -> Text:
    """Why it was not taken, in the words of the law that knows hand-overs."""
    for book in rulebook.all_rulebooks():
        for choice in book.choices.get("partner-refusals", ()):
            if choice.code == code:
                return choice.text
    return Text(code, code)


def _steps(crossing: Crossing) -> Iterable[dict[str, Any]]:
    ended = crossing.state in ENDED and crossing.taken_at is None
    yield _step(GOES, crossing.began_at, "todo")
    yield _step(TAKES, crossing.taken_at, "skipped" if ended else "current")
    yield _step(IDENTITY, crossing.sealed_at, "current" if crossing.taken_at and not ended else "todo")


def _step(name: Text, at: datetime | None, otherwise: str) -> dict[str, Any]:
    return {"name": name, "at": at, "state": "done" if at else otherwise}
