"""Step 5: whether notices go out, by what was tried and by what became of the last ones."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max

from huiyin.clerk import text_tests
from huiyin.core.text import Text
from huiyin.registry import mail_tests
from huiyin.registry.models import Change, Outbox
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step

STUCK = timedelta(hours=1)


def step(known: Known) -> Step:
    return Step(
        "mail",
        Text("邮件和邮寄", "Mail and letters"),
        Text(
            "通知只说有新进展，不说是什么事；没有邮箱的，登在本人页面，文书邮寄。",
            "A message says that there is news and never of what; without an address it stands on the "
            "author's page, and papers go by post.",
        ),
        (
            _way(),
            *((_mail_tried(), _waiting(known)) if settings.MAILS else ()),
            *((_text_tried(),) if settings.TEXTS is not None else ()),
        ),
    )


def shown() -> str:
    """Where mail goes, without the password."""
    if not settings.MAILS:
        return "none"
    if settings.EMAIL_BACKEND == mail_tests.CONSOLE:
        return "console"
    user = getattr(settings, "EMAIL_HOST_USER", "")
    scheme = "smtps" if getattr(settings, "EMAIL_USE_SSL", False) else "smtp"
    account = f"{user}:…@" if user else ""
    host, port = getattr(settings, "EMAIL_HOST", ""), getattr(settings, "EMAIL_PORT", "")
    return f"{scheme}://{account}{host}:{port}"


def shown_texts() -> str:
    """Where short messages go, without the rest of its address, which may hold a secret."""
    chosen = settings.TEXTS
    if chosen is None:
        return "none"
    parts = urlsplit(chosen.url)
    return chosen.named or f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"


def _way() -> Line:
    if not settings.MAILS:
        return Line(
            "mail",
            GOOD,
            Text(
                "不发邮件（HUIYIN_MAIL=none），只登页面和邮寄", "No mail: HUIYIN_MAIL=none, by page and post"
            ),
        )
    if shown() == "console":
        return Line(
            "mail",
            BAD,
            Text(
                "邮件只打印在服务器的窗口里，连同地址，没有发出",
                "Messages are printed where the server runs, addresses and all, and sent to nobody",
            ),
            Text(
                "设 HUIYIN_MAIL=smtp://用户:密码@主机:587 和 HUIYIN_MAIL_FROM 后重新启动；"
                "不发邮件的，设 HUIYIN_MAIL=none",
                "Set HUIYIN_MAIL=smtp://user:password@host:587 and HUIYIN_MAIL_FROM and start again; to send "
                "no mail at all, set HUIYIN_MAIL=none",
            ),
        )
    says = Text(
        f"邮件经 {shown()}，发件人 {settings.DEFAULT_FROM_EMAIL}",
        f"Mail goes by {shown()}, from {settings.DEFAULT_FROM_EMAIL}",
    )
    return Line("mail", GOOD, says)


def _mail_tried() -> Line:
    todo = Text(
        "在工作台“系统状况”页给自己发一封测试邮件",
        "Send yourself a test message on the desk's page “State of the house”",
    )
    went = Text("{day}试发成功", "A test message went out on {day}")
    failed = Text("{day}试发不成功：{said}", "On {day} a test message did not go out: {said}")
    none = Text("现在的设置还没有试过", "These settings were not tried yet")
    return _tried("mail-tested", mail_tests.last(), (none, went, failed), todo)


def _text_tried() -> Line:
    todo = Text(
        "在工作台“系统状况”页给自己发一条测试短信",
        "Send yourself a test short message on the desk's page “State of the house”",
    )
    went = Text("{day}试发短信成功", "A test short message went out on {day}")
    failed = Text("{day}试发短信不成功：{said}", "On {day} a test short message did not go out: {said}")
    none = Text("现在的短信设置还没有试过", "These settings of short messages were not tried yet")
    return _tried("text-tested", text_tests.last(), (none, went, failed), todo)


def _tried(code: str, test: Change | None, words: tuple[Text, Text, Text], todo: Text) -> Line:
    """How the last trial went; `words`: of none, of one that went, of one that did not."""
    none, went, failed = words
    if test is None:
        return Line(code, WARN, none, todo)
    day = Text.of_day(test.at.date())
    if test.what["went"]:
        return Line(code, GOOD, went.format(day=day))
    return Line(code, BAD, failed.format(day=day, said=str(test.what["says"])), todo)


def _waiting(known: Known) -> Line:
    """Notices that were tried and did not go out; which petitions they are of, this list does not know."""
    stuck = Outbox.objects.filter(sent_at=None, attempts__gt=0).exclude(error="")
    found = stuck.aggregate(n=Count("pk"), last=Max("claimed_at"))
    if found["n"]:
        error = stuck.order_by("-claimed_at").values_list("error", flat=True)[0]
        return Line(
            "outbox",
            BAD,
            Text(
                f"{found['n']} 件通知没有发出，最近的故障：{error}",
                f"{found['n']} notices did not go out; the last trouble: {error}",
            ),
            Text(
                "看信使的日志，发一封测试邮件；修好后会自动补发，两天内发不出的登在本人页面",
                "Look at the courier's log and send a test message. Once it is mended they go out by "
                "themselves; after two days they stand on the author's page",
            ),
        )
    waiting = Outbox.objects.filter(sent_at=None, attempts=0, created_at__lt=known.now - STUCK).count()
    if waiting:
        return Line(
            "outbox",
            BAD,
            Text(f"{waiting} 件通知等了一小时以上", f"{waiting} notices have waited for more than an hour"),
            Text("信使没有运行：启动 huiyin courier", "The courier does not run: start huiyin courier"),
        )
    return Line("outbox", GOOD, Text("没有发不出去的通知", "No notice is stuck"))
