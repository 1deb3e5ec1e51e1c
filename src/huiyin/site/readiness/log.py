"""Step 7: the public log goes on, and others watch it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from huiyin.core import checkpoint, policy
from huiyin.core.text import Text
from huiyin.registry import law, upkeep
from huiyin.registry.models import Entry, Head
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step

A_YEAR = timedelta(days=365)


def step(known: Known) -> Step:
    return Step(
        "log",
        Text("公开日志", "The public log"),
        Text(
            "回执承诺：多少小时内进入日志；外部见证人证明日志没有改过。",
            "A receipt promises to be in it within hours; witnesses prove that nothing was rewritten.",
        ),
        (_head(known), _witnesses(), _printed(known)),
    )


def _head(known: Known) -> Line:
    head = Head.objects.last()
    if head is None:
        return Line(
            "head",
            BAD,
            Text("还没有签过日志头", "No head was signed yet"),
            Text("启动管家：huiyin clerk", "Start the clerk: huiyin clerk"),
        )
    at = Text.of_day(law.at(head.signed_at)[1])
    overdue = known.now - timedelta(seconds=settings.INCLUDE_WITHIN / 2)
    if Entry.objects.filter(number=None, recorded_at__lt=overdue).exists():
        return Line(
            "head",
            BAD,
            Text(
                "有记录超过承诺时间的一半还没有进入日志，最近的日志头签于{at}",
                "Entries have waited for half the time that receipts promise; the last head is of {at}",
            ).format(at=at),
            Text(
                "看管家的日志：没有运行，或者拒绝接着写（docs/operate/log.md）",
                "Look at the clerk's log: it does not run, or it refuses to go on (docs/operate/log.md)",
            ),
        )
    says = Text(
        "日志有 {n} 条，最近的日志头签于{at}", "The log has {n} entries; the last head was signed on {at}"
    )
    return Line("head", GOOD, says.format(n=head.size, at=at), None, "/log/")


def _witnesses() -> Line:
    if not settings.WITNESSES:
        return Line(
            "witnesses",
            WARN,
            Text("没有外部见证人", "Nobody outside watches the log"),
            Text(
                "请大学、律师协会、媒体等运行 huiyin witness，把它们写进策略文件，"
                "设 HUIYIN_WITNESSES（docs/operate/witness.md）",
                "Ask a university, a bar association or a newspaper to run huiyin witness, name them in a "
                "policy file and set HUIYIN_WITNESSES (docs/operate/witness.md)",
            ),
        )
    try:
        asked = policy.parse(Path(settings.WITNESSES).read_bytes())
    except (OSError, policy.BadPolicy) as error:
        return Line(
            "witnesses",
            BAD,
            Text(f"见证人策略文件读不了：{error}", f"The policy of witnesses cannot be read: {error}"),
            Text(f"改正 {settings.WITNESSES}", f"Mend {settings.WITNESSES}"),
        )
    known = {witness.key: witness.name for witness in asked.witnesses}
    head = Head.objects.last()
    signed: set[str] = set()
    if head is not None:
        _, note = checkpoint.read(head.signed)
        signed = {known[key] for key in checkpoint.signers(note, known)}
    says = Text(
        f"{len(known)} 名见证人中有 {len(signed)} 名签了最近的日志头",
        f"{len(signed)} of {len(known)} witnesses signed the last head",
    )
    if signed and asked.is_enough(signed):
        return Line("witnesses", GOOD, says, None, "/log/")
    missing = ", ".join(sorted(set(known.values()) - signed))
    todo = Text(f"问问 {missing} 为什么没有签", f"Ask {missing} why they did not")
    return Line("witnesses", BAD, says, todo, "/log/")


def _printed(known: Known) -> Line:
    """The house cannot see it: it happens on paper."""
    said = known.stated.get(upkeep.PRINTED)
    if said and known.now - said.at <= A_YEAR:
        says = Text("公钥已经在别处公布：{who}，{day}", "The key is published apart: {who}, {day}")
        return Line(upkeep.PRINTED, GOOD, says.format(who=said.actor or "—", day=Text.of_day(said.at.date())))
    return Line(
        upkeep.PRINTED,
        WARN,
        Text("公钥还没有在别处公布", "The key was not published apart from this site"),
        Text(
            "把 huiyin key 打印的一行登在公报、报纸或者公告栏上，然后在工作台“系统状况”页写明",
            "Put the line that huiyin key prints into a gazette, a newspaper or on a notice board, and say "
            "so on the desk's page “State of the house”",
        ),
        "/receipts/",
    )
