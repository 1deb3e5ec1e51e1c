"""One message as it was sent: what it says, which files came with it, and by what it is known again.

Nothing of it is believed but the words: who sent it only says where the answer goes.
"""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import PurePath

import html_text
from lxml.etree import LxmlError

from huiyin.registry.by_mail import Known, mark_of

MOST_MARKUP = 2_000_000  # characters of HTML that are read; a letter has fewer
HEAD = ("message-id", "date", "from", "subject")
MADE_BY_PROGRAMS = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"}) | {
    "application/pgp-signature"
}
# A key of a petition, as receipts write it: it must get into no text that officers read.
KEY = re.compile(r"\b[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){3}\b")
KEY_GONE = "[…]"
# Of our own messages: what stands below it was quoted.
CUT = "=== ✂ ==="
FORWARDED = "message.txt"


@dataclass(frozen=True, slots=True, repr=False)
class File:
    """One file as it came. Its name is the sender's."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """What was read out of one message."""

    known: Known
    mark: str
    head: EmailMessage
    subject: str = ""
    text: str = ""
    files: tuple[File, ...] = ()
    name: str = ""
    address: str = ""  # where the answer goes; '' = nowhere
    message_id: str = field(default="", repr=False)
    to: tuple[str, ...] = ()
    is_encrypted: bool = False

    @property
    def language(self) -> str:
        """Chinese where any of it is Chinese."""
        said = self.subject + self.text
        return "zh-hans" if not said.strip() or any("一" <= c <= "鿿" for c in said) else "en"


class Unreadable(Exception):
    """A message that no reader can make sense of."""


def read(raw: bytes) -> Message:
    """Read a whole message. Raises Unreadable."""
    try:
        return _read(raw)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        # The parser of the standard library raises all of these at headers that are broken on purpose.
        raise Unreadable(type(error).__name__) from error


def head_only(raw: bytes) -> Message:
    """What the head of a message says, of one that is too large to be fetched. Raises Unreadable."""
    head, mark = _head(raw)
    try:
        name, address = _sender(head)
        return Message(
            Known(mark.encode()), mark, head, _line(head, "subject"), "", (), name, address, _id(head)
        )
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(type(error).__name__) from error


def known_of(raw: bytes) -> tuple[Known, str]:
    """By what a message is known again, however broken it is, and its mark."""
    _, mark = _head(raw)
    return Known(mark.encode() + b"\n" + _body_of(raw)), mark


def _body_of(raw: bytes) -> bytes:
    """Without what every server on the way writes into the head."""
    found = re.search(rb"\r?\n\r?\n", raw)
    return raw[found.end() :] if found else b""


def _head(raw: bytes) -> tuple[EmailMessage, str]:
    head = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True)
    said = "\n".join(" ".join(str(head.get(name, "")).split()) for name in HEAD)
    mark = mark_of(said.encode("utf-8", "surrogateescape"))
    parsed = BytesParser(policy=policy.default).parsebytes(raw, headersonly=True)
    return parsed, mark


def _read(raw: bytes) -> Message:
    known, mark = known_of(raw)
    whole: EmailMessage = BytesParser(policy=policy.default).parsebytes(raw)
    pieces: list[str] = []
    files: list[File] = []
    for leaf in _leaves(whole):
        if (text := _text_of(leaf)) is not None:
            pieces.append(text)
        elif leaf.get_content_type() not in MADE_BY_PROGRAMS:
            files.append(_file_of(leaf, len(files) + 1))
    name, address = _sender(whole)
    to = tuple(
        str(value)
        for header in ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
        for value in whole.get_all(header, [])
    )
    return Message(
        known,
        mark,
        whole,
        KEY.sub(KEY_GONE, _line(whole, "subject")),
        without_keys(_kept("\n\n".join(piece for piece in pieces if piece.strip()))),
        tuple(files),
        name,
        address,
        _id(whole),
        to,
        whole.get_content_type() == "multipart/encrypted"
        or any(leaf.get_content_type() == "application/pkcs7-mime" for leaf in _leaves(whole)),
    )


def _leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that a reader sees. Of several ways to say the same the plain one, if it says anything."""
    if part.get_content_type() == "multipart/alternative":
        ways = [[*_leaves(way)] for way in part.iter_parts() if isinstance(way, EmailMessage)]
        plain = next((way for way in ways if any(_is_plain(leaf) for leaf in way)), None)
        best = plain or (ways[-1] if ways else [])
        yield from best
        for way in ways:
            # Pictures hang on the way that shows them.
            yield from (leaf for leaf in way if way is not best and leaf.get_content_maintype() != "text")
    elif part.is_multipart() and part.get_content_maintype() == "multipart":
        for inner in part.iter_parts():
            if isinstance(inner, EmailMessage):
                yield from _leaves(inner)
    else:
        yield part


def _is_plain(leaf: EmailMessage) -> bool:
    return leaf.get_content_type() == "text/plain" and bool((_text_of(leaf) or "").strip())


def _text_of(leaf: EmailMessage) -> str | None:
    """The words of a part that is no file; None of one that is."""
    if leaf.get_content_disposition() == "attachment" or leaf.get_filename():
        return None
    kind = leaf.get_content_type()
    if kind == "text/plain":
        return _decoded(leaf)
    return _of_markup(_decoded(leaf)) if kind == "text/html" else None


def _decoded(leaf: EmailMessage) -> str:
    raw = leaf.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    named = (leaf.get_content_charset() or "").lower()
    # 中文 that calls itself GB2312 holds letters of its successor.
    known = {"gb2312": "gb18030", "gbk": "gb18030", "us-ascii": "utf-8"}.get(named, named)
    for charset in (known, "utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def _of_markup(markup: str) -> str:
    if not markup.strip():
        return ""
    try:
        return str(html_text.extract_text(markup[:MOST_MARKUP]))
    except (LxmlError, ValueError, RecursionError):
        return re.sub(r"<[^>]*>", " ", markup[:MOST_MARKUP])


def _file_of(leaf: EmailMessage, number: int) -> File:
    if leaf.get_content_type() == "message/rfc822":
        return _forwarded(leaf)
    raw = leaf.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    ending = mimetypes.guess_extension(leaf.get_content_type()) or ""
    return File(leaf.get_filename() or f"{number}{ending}", content)


def _forwarded(leaf: EmailMessage) -> File:
    """A message inside a message, as the text that it is."""
    inner = leaf.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else None
    if not isinstance(message, EmailMessage):
        return File(FORWARDED, b"")
    text = "\n\n".join(filter(None, (_text_of(each) for each in _leaves(message))))
    said = f"{_line(message, 'subject')}\n\n{without_keys(_kept(text))}"
    return File(FORWARDED, said.encode())


def _sender(head: EmailMessage) -> tuple[str, str]:
    """The name that it bears, and where an answer goes."""
    written = [*getaddresses([str(value) for value in head.get_all("from", [])])]
    replies = [*getaddresses([str(value) for value in head.get_all("reply-to", [])])]
    name = written[0][0] if written else ""
    usable = [each for _, each in (*replies[:1], *written[:1]) if each.count("@") == 1 and each.isprintable()]
    return _kept(name)[:200].strip(), usable[0][:254] if usable else ""


def _id(head: EmailMessage) -> str:
    return " ".join(str(head.get("message-id", "")).split())[:500]


def _line(head: EmailMessage, name: str) -> str:
    return _kept(" ".join(str(head.get(name, "")).split()))


def _kept(words: str) -> str:
    """Without what no database holds, and with one way to end a line."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def without_keys(text: str) -> str:
    """A quoted receipt holds the key of a petition: it must not reach those who read the text."""
    return KEY.sub(KEY_GONE, text)


def above_quote(text: str) -> str:
    """A reply without what it quotes of our own message."""
    return text.partition(CUT)[0].rstrip("> \n\t")


def ending_of(name: str) -> str:
    return PurePath(name.replace("\\", "/")).suffix[:9].lower()
