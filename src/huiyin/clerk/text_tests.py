"""A short message to oneself, to see whether the gateway takes it: with what it answered, in words.

The number is kept nowhere: not in what is put on record, not in what is logged, and where the gateway's own
words repeat it, it is taken out of them before anybody reads them. What is put on record has no word of the
gateway at all, only how it went, with a digest of the settings under which it was tried.
"""

from __future__ import annotations

import hashlib
import http
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from huiyin.clerk import texting
from huiyin.core import extending
from huiyin.core.text import Text
from huiyin.core.troubles import TROUBLES
from huiyin.registry import keeping
from huiyin.registry.models import Change, Officer

TRIED = "text-tested"
TEXT = "回音系统的测试短信：短信可以发出。This is a test message of Huiyin."
WORDS = 200  # characters of a gateway's answer that are shown
# A number of seven digits or more, whole, spaced or starred out in part; a gateway's own codes are shorter.
DIGITS = re.compile(r"\+?\d(?:[\s\-.()*xX]{0,4}\d){6,}")
TAKEN = Text(
    "网关已经接收；请看那部手机有没有收到",
    "the gateway took it: look whether it reached the telephone",
)
DENIED = Text("网关没有接收，再发也不会接收", "the gateway refused it, and would again")
LATER = Text(
    "网关现在没有接收，通知会过后重发", "the gateway did not take it now; a notice would be sent again"
)
# By status, where it says what to mend; by kind of trouble, where no answer came.
ADVICE = {
    **dict.fromkeys(
        (401, 403),
        Text("请看 HUIYIN_TEXTS_HEAD 里的凭据", "look at the credentials in HUIYIN_TEXTS_HEAD"),
    ),
    **dict.fromkeys(
        (301, 302, 307, 308, 404, 405),
        Text("请看 HUIYIN_TEXTS 的地址", "look at the address in HUIYIN_TEXTS"),
    ),
    **dict.fromkeys(
        (400, 415, 422),
        Text(
            "请看号码，以及 HUIYIN_TEXTS_BODY 的样子是不是网关所要的",
            "look at the number, and whether HUIYIN_TEXTS_BODY has the shape that the gateway asks for",
        ),
    ),
    402: Text("账户余额不足", "the account there has run out"),
    429: Text("网关说发得太快", "the gateway says that too many were sent"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a trial went. `answer`: the gateway's own words, without numbers; shown once and kept nowhere."""

    went: bool
    says: Text
    answer: str = ""


def send(number: str, *, by: Officer, now: datetime) -> Outcome:
    """Send the test message to a number as `telephone.plain` gives it, and put on record how that went."""
    outcome = _sent(number)
    keeping.write_down(TRIED, by, now, went=outcome.went, says=outcome.says.en, under=fingerprint())
    return outcome


def last() -> Change | None:
    """The last trial under the settings of today."""
    return Change.objects.filter(what__did=TRIED, what__under=fingerprint()).order_by("-id").first()


def fingerprint() -> str:
    """A digest of where short messages go and in which shape: no secret can be found from it."""
    chosen = settings.TEXTS
    titles = [title for title, _ in chosen.head] if chosen else []
    said = f"{chosen.url}\n{chosen.named}\n{titles}\n{chosen.body}" if chosen else ""
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _sent(number: str) -> Outcome:
    name = secrets.token_hex(16)  # a trial is a message of its own each time
    try:
        gateway = texting.channel()
        if isinstance(gateway, texting.HttpGateway):
            status, words = gateway.ask(number, TEXT, name)
            return _answered(status, _quoted(words, number))
        if gateway is not None and gateway.send(number, TEXT, name):
            return Outcome(went=True, says=TAKEN)
    except extending.NoSuchClass:
        says = Text("HUIYIN_TEXTS 所指的类不能用", "the class that HUIYIN_TEXTS names cannot be used")
        return Outcome(went=False, says=says)
    except OSError as error:  # its words may quote what was sent
        return Outcome(went=False, says=_trouble(error))
    return Outcome(went=False, says=DENIED)


def _answered(status: int, answer: str) -> Outcome:
    went = 200 <= status < 300
    said = TAKEN if went else LATER if status >= 500 or status in texting.LATER else DENIED
    named = f"{status} {http.client.responses.get(status, '')}".strip()
    advice = ADVICE.get(status)
    zh = f"{said.zh}（{named}）" + (f"；{advice.zh}" if advice else "")
    en = f"{said.en} ({named})" + (f"; {advice.en}" if advice else "")
    return Outcome(went, Text(zh, en), answer)


def _trouble(error: OSError) -> Text:
    """Only the kind of trouble, and what to do."""
    kind = str(error) if isinstance(error, ConnectionError) and str(error).isalnum() else type(error).__name__
    known = TROUBLES.get(kind)
    zh, en = f"没有连到网关：{kind}", f"the gateway was not reached: {kind}"
    return Text(f"{zh}，{known.zh}", f"{en}, {known.en}") if known else Text(zh, en)


def _quoted(words: bytes, number: str) -> str:
    """The gateway's words in one line, without the number that it got or any as long as one."""
    said = " ".join(words.decode("utf-8", "replace").split())
    return DIGITS.sub("…", said.replace(number, "…").replace(number.lstrip("+"), "…"))[:WORDS]
