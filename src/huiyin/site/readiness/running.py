"""Step 8: the processes live, the disk has room, the clock is right."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from huiyin.core.text import Text
from huiyin.registry import pulses
from huiyin.registry.models import Head
from huiyin.site.readiness import durability
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step

A_BEAT = timedelta(minutes=1)  # how often each process says that it lives
LATE = 3 * A_BEAT
ASKEW = timedelta(minutes=1)
GB = 1 << 30
LITTLE, HARDLY = 5 * GB, 1 * GB


def step(known: Known) -> Step:
    return Step(
        "running",
        Text("运行", "Running"),
        Text(
            "管家记下逾期、提醒经办人、签日志；信使发通知。都由 huiyin serve 启动。",
            "The clerk records what is late, reminds officers and signs the log; the courier sends notices. "
            "huiyin serve starts both.",
        ),
        (
            _alive(
                known,
                pulses.CLERK,
                Text("管家", "clerk"),
                Text("逾期不会记录，日志不会签", "what is late is not recorded and the log is not signed"),
            ),
            _alive(
                known, pulses.COURIER, Text("信使", "courier"), Text("通知不会发出", "no notice goes out")
            ),
            *_mailbox(known),
            *_letters(known),
            _disk(),
            *durability.lines(),
            _clock(known),
            *_warnings(known),
        ),
    )


def _mailbox(known: Known) -> tuple[Line, ...]:
    """The mail door, where there is a mailbox."""
    if settings.IMAP is None:
        return ()
    otherwise = Text("来信不会登记，也收不到回执", "no message becomes a petition, and nobody gets a receipt")
    line = _alive(known, pulses.MAIL, Text("信箱", "mail door"), otherwise)
    return (replace(line, code="mailbox"),)  # “mail” is how notices go out


def _letters(known: Known) -> tuple[Line, ...]:
    """The folder of scanned letters, where there is one, as the clerk last found it."""
    if settings.LETTERS_DIR is None:
        return ()
    pulse = known.pulses.get(pulses.LETTERS)
    if pulse is None:
        says = Text("来信文件夹还没有看过", "The folder of scanned letters was not looked at yet")
        return (Line("letters", WARN, says, Text("管家运行后就会看", "The clerk looks once it runs")),)
    if not pulse.failed:
        return (Line("letters", GOOD, Text("来信文件夹正常", "The folder of scanned letters is in order")),)
    says = Text("来信文件夹有问题", "Something is wrong with the folder of scanned letters")
    todo = Text("运行 huiyin check，它会说明是什么问题", "Run huiyin check: it says what")
    return (Line("letters", WARN, says, todo),)


def _alive(known: Known, process: str, name: Text, otherwise: Text) -> Line:
    pulse = known.pulses.get(process)
    every = timedelta(seconds=settings.LOG_EVERY) if process == pulses.CLERK else A_BEAT
    todo = Text(
        f"启动 huiyin serve，或者单独启动 huiyin {process}；否则{{why}}",
        f"Start huiyin serve, or huiyin {process} by itself; otherwise {{why}}",
    ).format(why=otherwise)
    if pulse is None:
        says = Text("{name}从来没有运行过", "The {name} never ran").format(name=name)
        return Line(process, BAD, says, todo)
    age = known.now - pulse.at
    if age > LATE + every:
        minutes = int(age.total_seconds() // 60)
        says = Text("{name}已经 {n} 分钟没有动静", "The {name} gave no sign of life for {n} minutes")
        return Line(process, BAD, says.format(name=name, n=minutes), todo)
    if pulse.failed:
        says = Text("{name}在运行，但上一轮出错", "The {name} runs, and its last round ended in an error")
        look = Text(f"看 huiyin {process} 的日志", f"Look at the log of huiyin {process}")
        return Line(process, BAD, says.format(name=name), look)
    return Line(process, GOOD, Text("{name}在运行", "The {name} is at work").format(name=name))


def _disk() -> Line:
    free = shutil.disk_usage(settings.DATA_DIR).free
    n = f"{free / GB:.1f}"
    says = Text(f"磁盘还剩 {n} GB", f"{n} GB are free on the disk")
    if free >= LITTLE:
        return Line("disk", GOOD, says)
    todo = Text(
        f"给 {settings.DATA_DIR} 所在的磁盘腾出空间：满了就收不进信访件",
        f"Make room where {settings.DATA_DIR} lies: on a full disk no petition can be taken in",
    )
    return Line("disk", BAD if free < HARDLY else WARN, says, todo)


def _clock(known: Known) -> Line:
    """Every term hangs on it: against the database's clock, and against what was signed before."""
    moments = [pulse.at for pulse in known.pulses.values()]
    moments += [head.signed_at for head in Head.objects.order_by("-size")[:1]]
    ahead = max((moment - known.now for moment in moments), default=timedelta())
    off = max(ahead, abs(known.now - _of_the_database(known.now)))
    if off <= ASKEW:
        return Line("time", GOOD, Text("时钟一致", "The clocks agree"))
    seconds = int(off.total_seconds())
    return Line(
        "time",
        BAD,
        Text(f"时钟相差 {seconds} 秒", f"The clocks differ by {seconds} seconds"),
        Text(
            "在每台机器上打开时间同步（timedatectl set-ntp true）：期限和回执都以它为准",
            "Turn on time synchronisation on each machine (timedatectl set-ntp true): every term and receipt "
            "hangs on it",
        ),
    )


def _of_the_database(now: datetime) -> datetime:
    if connection.vendor != "postgresql":
        return now  # within this process
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _warnings(known: Known) -> tuple[Line, ...]:
    """Whatever else is looked at before a start."""
    told_elsewhere = ("huiyin.E004", "huiyin.E005", "huiyin.W001", "huiyin.W002")
    return tuple(
        Line(
            message.id or "check",
            BAD if message.is_serious() else WARN,
            Text(message.msg, message.msg),
            Text(message.hint or "", message.hint or ""),
        )
        for message in known.warnings
        if message.id not in told_elsewhere
    )
