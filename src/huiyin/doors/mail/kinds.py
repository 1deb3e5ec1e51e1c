"""What a message is: somebody's words, or what a machine sent, which is never answered (RFC 3834)."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from django.conf import settings

from huiyin.doors.mail.message import Message

BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
SPAM = ("x-spam-flag", "x-spam-status", "x-spam")
MACHINES = ("mailer-daemon", "postmaster")
# What is answered and looked at although it was not filed: somebody waits for it.
ANSWERED = frozenset({"large", "encrypted", "refused", "not-added"})


def of_machine(head: EmailMessage) -> str:
    """Why nobody wrote this by hand, of the reasons in `registry.letterbox`; '' where somebody may have."""
    if _is_own(head):
        return "own"
    if _said(head, "return-path") == "<>" or head.get_content_type() == "multipart/report":
        return "bounce"
    if parseaddr(_said(head, "from"))[1].partition("@")[0].lower() in MACHINES:
        return "bounce"
    if any(name.lower().startswith("list-") for name in head):
        return "list"
    automatic = _said(head, "auto-submitted").lower()
    if (automatic and automatic.partition(";")[0].strip() != "no") or head["x-autoreply"]:
        return "automatic"
    return "automatic" if _said(head, "precedence").lower() in BULK else ""


def why_aside(message: Message, *, junk: bool) -> str:
    """Why this message is not filed by itself; '' where it is."""
    if why := of_machine(message.head):
        return why
    if junk or any(_said(message.head, name).lower().startswith("yes") for name in SPAM):
        return "spam"
    if message.is_encrypted:
        return "encrypted"
    return "" if message.text.strip() or message.files else "empty"


def _is_own(head: EmailMessage) -> bool:
    own = {parseaddr(address)[1].lower() for address in (settings.DEFAULT_FROM_EMAIL, settings.IMAP_ADDRESS)}
    written = getaddresses([str(value) for value in head.get_all("from", [])])
    return any(_bare(address) in own for _, address in written if address)


def _bare(address: str) -> str:
    local, at, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _said(head: EmailMessage, name: str) -> str:
    return str(head.get(name, "")).strip()
