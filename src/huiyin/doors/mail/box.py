"""The mailbox over IMAP: what waits, one message at a time, setting aside and letting go."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from huiyin.site.environment import Imap

TIMEOUT = 30.0
A_LOOK = 200  # messages that one look takes from a folder
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Trouble(OSError):
    """The mail server did not do what it was asked. An OSError, as what the sockets raise is one."""


@dataclass(frozen=True, slots=True)
class Box:
    """An open mailbox. What is fetched stays unread and unchanged."""

    box: BaseMailBox

    def uids(self, folder: str, most: int | None = A_LOOK) -> list[str]:
        """The messages of a folder, the oldest first. A folder that is not there holds none."""
        if not self.box.folder.exists(folder):
            return []
        self.box.folder.set(folder)
        return self.box.uids()[:most]

    def size(self, uid: str) -> int:
        """Bytes of a message of the folder that `uids` looked at last; 0 when it is gone."""
        found = _SIZE.search(b" ".join(_bytes_of(self._fetched(uid, "(RFC822.SIZE)"))))
        return int(found[1]) if found else 0

    def whole(self, uid: str) -> bytes:
        return self._literal(uid, "(BODY.PEEK[])")

    def head(self, uid: str) -> bytes:
        return self._literal(uid, "(BODY.PEEK[HEADER])")

    def set_aside(self, uid: str) -> None:
        """Into the folder that an officer decides about."""
        if not self.box.folder.exists(settings.IMAP_ASIDE):
            self.box.folder.create(settings.IMAP_ASIDE)
        self.box.move(uid, settings.IMAP_ASIDE)

    def let_go(self, uid: str) -> None:
        self.box.delete(uid)

    def _fetched(self, uid: str, what: str) -> list[object]:
        status, data = self.box.client.uid("fetch", uid, what)
        if status != "OK":
            raise Trouble("FETCH")
        return list(data)

    def _literal(self, uid: str, what: str) -> bytes:
        for each in self._fetched(uid, what):
            if isinstance(each, tuple):
                return bytes(each[1])
        return b""


def _bytes_of(data: list[object]) -> Iterator[bytes]:
    for each in data:
        if isinstance(each, bytes):
            yield each
        elif isinstance(each, tuple):
            yield from (piece for piece in each if isinstance(piece, bytes))


@contextmanager
def opened(imap: Imap) -> Iterator[Box]:
    """Sign in, and out again. Raises OSError when the server cannot be reached or refuses."""
    try:
        with _connected(imap).login(imap.user, imap.password, initial_folder=None) as box:
            yield Box(box)
    except ImapToolsError as error:
        # Only the kind: the words of a mail server may quote whom a message is from.
        raise Trouble(type(error).__name__) from None


def _connected(imap: Imap) -> BaseMailBox:
    if imap.secure == "plain":
        return MailBoxUnencrypted(imap.host, imap.port, timeout=TIMEOUT)
    kind = MailBox if imap.secure == "tls" else MailBoxStartTls
    return kind(imap.host, imap.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
