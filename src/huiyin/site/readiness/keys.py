"""Step 4: the keys are there, nobody else reads them, and a copy of everything exists that was tried."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.core.text import Text
from huiyin.registry import pulses, upkeep
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step
from huiyin.vault import certificate, keys

OF_KEYS = ("huiyin.E004", "huiyin.E005", "huiyin.W002")
SOON = timedelta(days=2)  # a copy is made every day
LATE = timedelta(days=7)
A_YEAR = timedelta(days=365)
ENDS_SOON = timedelta(days=14)  # the clerk renews it thirty days before


def step(known: Known) -> Step:
    return Step(
        "keys",
        Text("密钥和备份", "Keys and copies"),
        Text(
            "丢了密钥，封存的身份谁也打不开；密钥和数据库的备份要放在两处。",
            "Without the keys nobody opens a seal ever again; copies of keys and database lie in two places.",
        ),
        (_there(known), _log_key(), _certificate(known), *_copies(known), _restored(known)),
    )


def _there(known: Known) -> Line:
    wrong = [message for message in known.warnings if message.id in OF_KEYS]
    if not wrong:
        return Line(
            "keys",
            GOOD,
            Text(
                "密钥齐全，只有系统自己能读",
                "All keys are there, and no other user of the machine reads them",
            ),
        )
    first = wrong[0]
    state = WARN if first.id == "huiyin.W002" else BAD
    hint = first.hint or ""
    return Line("keys", state, Text(first.msg, first.msg), Text(hint, hint))


def _log_key() -> Line:
    here = (keys.folder() / f"{keys.LOG}.key").exists()
    if here:
        says = Text(
            "日志密钥在数据目录的 keys/log.key", "The log key lies in keys/log.key of the data folder"
        )
        return Line("log-key", GOOD, says, None, "/receipts/")
    return Line(
        "log-key",
        GOOD,
        Text(
            "日志密钥不在这台机器上，在管家所在的机器上", "The log key is not here but where the clerk runs"
        ),
    )


def _certificate(known: Known) -> Line:
    said = certificate.known()
    if said is None:
        return Line(
            "certificate",
            BAD,
            Text("没有回执密钥的证书", "The receipt key has no certificate"),
            Text("在管家所在的机器上运行 huiyin setup", "Run huiyin setup where the clerk runs"),
        )
    until = Text.of_day(said.until.date())
    if said.until - known.now > ENDS_SOON:
        says = Text("回执密钥的证书有效到{until}", "The certificate of the receipt key holds until {until}")
        return Line("certificate", GOOD, says.format(until=until))
    return Line(
        "certificate",
        BAD if said.until <= known.now else WARN,
        Text("回执密钥的证书{until}到期", "The certificate of the receipt key ends on {until}").format(
            until=until
        ),
        Text(
            "管家到期前三十天自动续；没有续，说明管家没有运行，或者证书没有拷到这里（docs/operate/log.md）",
            "The clerk renews it thirty days ahead; that it did not means that the clerk sleeps, or that the "
            "file was not copied here (docs/operate/log.md)",
        ),
    )


def _copies(known: Known) -> tuple[Line, Line]:
    return (
        _copy(
            known,
            "backup",
            pulses.BACKUP,
            Text("数据库和附件", "database and files"),
            "huiyin backup /backup/$(date +%F) --keys /safe/huiyin",
        ),
        _copy(
            known,
            "key-backup",
            pulses.KEY_BACKUP,
            Text("密钥和密钥库", "keys and key store"),
            "huiyin backup … --keys /safe/huiyin",
        ),
    )


def _copy(known: Known, code: str, pulse: str, what: Text, command: str) -> Line:
    made = known.pulses.get(pulse)
    todo = Text(
        f"在服务器上每天运行 {command}（docs/operate/backup.md）",
        f"Run every day on the server: {command} (docs/operate/backup.md)",
    )
    if made is None:
        says = Text("{what}还没有备份过", "No copy of {what} was ever made").format(what=what)
        return Line(code, BAD, says, todo)
    age = known.now - made.at
    says = Text("{what}：最近一次备份并检查是在{day}", "{what}: last copied and checked on {day}").format(
        what=what, day=_day(made.at)
    )
    if age <= SOON:
        return Line(code, GOOD, says)
    return Line(code, WARN if age <= LATE else BAD, says, todo)


def _restored(known: Known) -> Line:
    """The house cannot see it: it happens in another installation."""
    said = known.stated.get(upkeep.RESTORED)
    if said and known.now - said.at <= A_YEAR:
        says = Text("恢复演练过：{who}，{day}", "Restoring was tried: {who}, {day}")
        return Line(upkeep.RESTORED, GOOD, says.format(who=said.actor or "—", day=_day(said.at)))
    return Line(
        upkeep.RESTORED,
        WARN,
        Text("一年内没有演练过恢复", "Restoring was not tried within a year"),
        Text(
            "在另一个空目录里运行 huiyin restore，看看能不能打开，然后在工作台“系统状况”页写明",
            "Run huiyin restore into another, empty folder, look whether it opens, and say so on the desk's "
            "page “State of the house”",
        ),
    )


def _day(moment: datetime) -> Text:
    return Text.of_day(moment.date())
