"""The list of commands. Each is loaded only when it is called: `due` must not wait for Django."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from huiyin.core.text import Text
from huiyin.doors.cli.words import say

COMMANDS: dict[str, tuple[str, Text]] = {
    "due": (
        "huiyin.doors.cli.due:due",
        Text("计算一个期限，不需要数据库", "Reckon one deadline, without a database"),
    ),
    "setup": (
        "huiyin.doors.cli.setup:setup",
        Text("建立数据目录、密钥和数据库", "Make the data folder, its keys and its database"),
    ),
    "administrator": (
        "huiyin.doors.cli.administrator:administrator",
        Text("建立第一个单位和第一名管理员", "Make the first body and the first administrator"),
    ),
    "second-factor": (
        "huiyin.doors.cli.second_factor:second_factor",
        Text("为丢失第二重验证的人员撤销它", "Take away the second factor of an officer who lost it"),
    ),
    "load": (
        "huiyin.doors.cli.load:load",
        Text("录入 CSV、XLSX 或 JSON Lines 里的信访件", "File petitions from CSV, XLSX or JSON Lines"),
    ),
    "takeover": (
        "huiyin.doors.cli.takeover:takeover",
        Text("接入旧系统里没有办结的信访件", "Take over the open cases of an older system"),
    ),
    "move": ("huiyin.doors.cli.move:move", Text("对一个信访件办一步", "Make a move on a petition")),
    "explain": (
        "huiyin.doors.cli.explain:explain",
        Text("说明一个信访件的每个期限", "Explain every clock of a petition"),
    ),
    "serve": ("huiyin.doors.cli.serve:serve", Text("启动网站和后台进程", "Start the web and its helpers")),
    "clerk": (
        "huiyin.doors.cli.clerk:clerk",
        Text("管家：到期、提醒", "The clerk: lapses, breaches, reminders"),
    ),
    "courier": ("huiyin.doors.cli.clerk:courier", Text("信使：发送通知", "The courier: sends notices")),
    "mail": (
        "huiyin.doors.cli.mail:mail",
        Text("信箱：来信登记为信访件", "The mailbox: messages become petitions"),
    ),
    "calendar": (
        "huiyin.doors.cli.clerk:calendar",
        Text("录入放假通知", "Enter official notices of holidays"),
    ),
    "rulebook": (
        "huiyin.doors.cli.rulebook:rulebook",
        Text("编写规则：检查、画图、比较", "Write rulebooks: check, draw and compare them"),
    ),
    "learn": (
        "huiyin.doors.cli.learn:learn",
        Text("从已定主题的信访件学习主题", "Learn topics from messages whose topic was decided"),
    ),
    "propose": (
        "huiyin.doors.cli.propose:propose",
        Text("给一份清单的每一件建议主题", "Propose a topic for each message of a list"),
    ),
    "key": ("huiyin.doors.cli.verify:key", Text("打印检验回执的公钥", "Print the key that checks receipts")),
    "keys": (
        "huiyin.doors.cli.keys:keys",
        Text("更换开启封存内容的密钥；生成见证人的密钥", "Change the keys that open seals; make a witness's"),
    ),
    "witness": (
        "huiyin.doors.cli.witness:witness",
        Text("为公开日志联署", "Cosign the heads of a public log"),
    ),
    "backup": (
        "huiyin.doors.cli.backup:backup",
        Text("备份并检查", "Copy everything, and check the copy"),
    ),
    "restore": (
        "huiyin.doors.cli.backup:restore",
        Text("恢复备份", "Put a copy back"),
    ),
    "backup-identity": (
        "huiyin.doors.cli.backup:identity",
        Text("生成备份用的钥匙", "Make the key of closed backups"),
    ),
    "export": (
        "huiyin.doors.cli.export:export",
        Text("导出为 CSV 和 JSON Lines", "Write what it holds as CSV and JSON Lines"),
    ),
    "partner": (
        "huiyin.doors.cli.partner:partner",
        Text("伙伴系统：移交信访件的另一系统", "Other installations that petitions are handed over to"),
    ),
    "index": (
        "huiyin.doors.cli.index:index",
        Text("建立或者重建查找用的索引", "Make the index of the search, or make it anew"),
    ),
    "boards": (
        "huiyin.doors.cli.boards:boards",
        Text("清点看板上的数字，或者全部重数", "Count what the boards show, or all of it anew"),
    ),
    "open-data": (
        "huiyin.doors.cli.open_data:open_data",
        Text("公开数据：写出或核对", "Write or check the open data of a month"),
    ),
    "report": (
        "huiyin.doors.cli.report:report",
        Text("编制年度报告", "Make the annual report of a year"),
    ),
    "erase": (
        "huiyin.doors.cli.erase:erase",
        Text("删除保管期限已满的内容", "Erase what the law no longer keeps"),
    ),
    "hold": ("huiyin.doors.cli.erase:hold", Text("依法暂缓删除", "Keep a petition beyond its time")),
    "state": (
        "huiyin.doors.cli.state:state",
        Text("系统状况：还缺什么", "How the house stands, and what is to be done"),
    ),
    "check": (
        "huiyin.doors.cli.log:check",
        Text("核对数据库与公开日志", "Check the database against the public log"),
    ),
    "log": ("huiyin.doors.cli.log:log", Text("恢复后接着写公开日志", "Go on with the log after a restore")),
    "verify": ("huiyin.doors.cli.verify:verify", Text("离线检验回执", "Check a receipt offline")),
}


class House(click.Group):
    """The commands by name, in the order of the list."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        place, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(place), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section(say(Text("命令", "Commands"))):
            formatter.write_dl([(name, say(text)) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=House,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=say(
        Text(
            "回音：信访件有登记、有期限、有答复。每个命令加 --help 看用法。",
            "Huiyin: a petition goes in, a reasoned answer comes out in time. Each command has a --help.",
        )
    ),
)
@click.version_option(package_name="huiyin", message="huiyin %(version)s")
def huiyin(**_: Any) -> None:
    """All that a shell can ask of the house."""
