"""A message to oneself, to see whether mail goes out: with what the mail server said, in words.

What it led to is written down with a digest of the settings under which it was tried: a change of the
settings makes an older test worth nothing.
"""

from __future__ import annotations

import hashlib
import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from huiyin.core.text import Text
from huiyin.registry import keeping
from huiyin.registry.models import Change, Officer

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SUBJECT = "Huiyin 回音 · test message 测试邮件"
BODY = """这是回音系统的测试邮件：邮件可以发出。
This is a test message of Huiyin: mail goes out.

{url}
"""
WENT = Text(
    "邮件服务器已经接收；请到收件箱看看，也看看垃圾邮件",
    "the mail server took it: look into your inbox, and among what was filtered out",
)
PRINTED = Text(
    "HUIYIN_MAIL=console：只打印在服务器的窗口里，没有发出",
    "HUIYIN_MAIL=console: it was printed where the server runs, and sent to nobody",
)
# The first that fits says what is wrong and what to do.
TROUBLES: tuple[tuple[type[Exception], Text], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        Text(
            "用户名或者密码不对；请改 HUIYIN_MAIL，特殊字符写成 %40 之类",
            "the user name or the password is wrong; mend HUIYIN_MAIL, special letters as %40 and so on",
        ),
    ),
    (
        smtplib.SMTPSenderRefused,
        Text(
            "服务器不让 {sender} 发信；请改 HUIYIN_MAIL_FROM",
            "the server does not let {sender} send; mend HUIYIN_MAIL_FROM",
        ),
    ),
    (
        smtplib.SMTPNotSupportedError,
        Text(
            "{where} 不提供 STARTTLS 或者登录；465 端口用 smtps://",
            "{where} offers no STARTTLS or no sign-in; for port 465 write smtps://",
        ),
    ),
    (
        smtplib.SMTPServerDisconnected,
        Text(
            "{where} 断开了连接；465 端口用 smtps://，587 用 smtp://",
            "{where} hung up; smtps:// belongs to port 465, smtp:// to 587",
        ),
    ),
    (smtplib.SMTPException, Text("{where} 没有接收", "{where} did not take it")),
    (
        ssl.SSLError,
        Text(
            "与 {where} 的加密没有建立；465 端口用 smtps://，587 用 smtp://",
            "no TLS with {where}; smtps:// belongs to port 465, smtp:// to 587",
        ),
    ),
    (
        socket.gaierror,
        Text(
            "找不到邮件服务器 {where}；请看 HUIYIN_MAIL 的主机名",
            "there is no mail server {where}; look at the host name in HUIYIN_MAIL",
        ),
    ),
    (
        TimeoutError,
        Text("{where} 没有应答；端口或者防火墙不对", "{where} does not answer; a firewall, or another port"),
    ),
    (
        ConnectionRefusedError,
        Text(
            "{where} 拒绝连接；那里没有邮件服务器，或者端口不对",
            "{where} refuses the connection; no mail server is there, or its port is another",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    went: bool
    says: Text


def send(to: str, *, by: Officer, now: datetime) -> Outcome:
    """Send the test message, put on record how that went, and answer it."""
    outcome = _sent(to)
    keeping.write_down("mail-tested", by, now, went=outcome.went, says=outcome.says.en, under=fingerprint())
    return outcome


def last() -> Change | None:
    """The last test under the settings of today."""
    tests = Change.objects.filter(what__did="mail-tested", what__under=fingerprint())
    return tests.order_by("-id").first()


def fingerprint() -> str:
    """A digest of where mail goes and as whom: no secret can be found from it."""
    named = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "DEFAULT_FROM_EMAIL")
    said = "\n".join(str(getattr(settings, name, "")) for name in named)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _sent(to: str) -> Outcome:
    message = EmailMessage(SUBJECT, BODY.format(url=settings.PUBLIC_URL), to=[to])
    try:
        message.send()
    except (OSError, ValueError) as error:  # what smtplib raises is an OSError too
        return Outcome(went=False, says=_in_words(error))
    return (
        Outcome(went=False, says=PRINTED)
        if settings.EMAIL_BACKEND == CONSOLE
        else Outcome(went=True, says=WENT)
    )


def _in_words(error: Exception) -> Text:
    """What went wrong and what to do: the server's own words where it said any."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), ("", b""))
        answer = f"{code} {_text(words)}"
        return Text(f"服务器不收这个地址：{answer}", f"the server refuses this address: {answer}")
    said = next((said for kind, said in TROUBLES if isinstance(error, kind)), None)
    if said is None:
        return Text(f"{type(error).__name__}：{error}", f"{type(error).__name__}: {error}")
    where = f"{getattr(settings, 'EMAIL_HOST', '')}:{getattr(settings, 'EMAIL_PORT', '')}"
    filled = said.format(where=where, sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    answer = f"{getattr(error, 'smtp_code', '')} {_text(getattr(error, 'smtp_error', b''))}".strip()
    return Text(f"{filled.zh}（{answer}）", f"{filled.en} ({answer})") if answer else filled


def _text(words: object) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(said.split())[:200]
