"""A mail server of each kind, both real: the house has a mailbox there, and what it sends is kept.

SMTP by aiosmtpd, in a thread; IMAP by pymap, in a process of its own, ended by its id.
"""

from __future__ import annotations

import email
import imaplib
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

ADDRESS = "petitions@house.test"
USER, PASSWORD = "petitions", "a-mailbox-password"
PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Post:
    """The post office: delivers to the mailbox of the house, and keeps what goes to anybody else."""

    imap_port: int
    sent: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""  # what it answers to the house's messages instead of taking them
    smtp_port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 aiosmtpd's name
        if any(to.partition("@")[2] == "house.test" for to in envelope.rcpt_tos):
            path = (envelope.mail_from or "").strip("<>")
            head = f"Return-Path: <{path}>\r\nDelivered-To: {envelope.rcpt_tos[0]}\r\n"
            self.put(head.encode() + envelope.content)
            return "250 delivered"
        if self.refuses:
            return self.refuses
        self.sent.append(parsed(envelope.content))
        return "250 taken"

    def put(self, raw: bytes, folder: str = "INBOX") -> None:
        with self.mailbox() as box:
            if folder != "INBOX":
                box.create(folder)
            assert box.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)[0] == "OK"

    @contextmanager
    def mailbox(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=PATIENCE) as box:
            box.login(USER, PASSWORD)
            yield box

    def left(self, folder: str = "INBOX") -> int:
        """How many messages lie in a folder."""
        with self.mailbox() as box:
            status, data = box.select(folder, readonly=True)
            return int(data[0] or 0) if status == "OK" else 0

    def empty(self) -> None:
        with self.mailbox() as box:
            for folder in ("INBOX", "Huiyin-aside", "Junk"):
                if box.select(folder)[0] == "OK":
                    box.store("1:*", "+FLAGS", "\\Deleted")
                    box.expunge()
        self.sent.clear()
        self.refuses = ""

    def write(self, message: EmailMessage, *, bounce: bool = False) -> None:
        """Send a message as anybody does."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=PATIENCE) as server:
            server.send_message(message, from_addr="" if bounce else None)


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=policy.default)


@contextmanager
def post_office() -> Iterator[Post]:
    post = Post(free_port())
    command = [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1"]
    command += ["--port", str(post.imap_port), "--no-tls", "dict"]
    command += ["--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    post.smtp_port = free_port()
    controller = Controller(post, hostname="127.0.0.1", port=post.smtp_port, data_size_limit=200_000_000)
    try:
        _wait_for(post.imap_port, process)
        controller.start()
        yield post
    finally:
        if controller.loop.is_running():
            controller.stop()
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "the IMAP server ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < until, "the IMAP server does not answer"
            time.sleep(0.1)
