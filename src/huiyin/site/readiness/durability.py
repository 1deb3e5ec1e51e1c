"""Whether what PostgreSQL acknowledges outlives a power cut, and the death of its machine.

The embedded database is held to this before the start (`site/checks.py`); a server says only when asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from huiyin.core.text import Text
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line
from huiyin.vault.store.router import ALIAS as KEYS

UNSAFE = {"off", "local"}  # of synchronous_commit: the disk, or the standby, is not waited for


def lines() -> Iterator[Line]:
    """A line for the database, and one for the key store where that is on a server too."""
    for alias, name in (
        (DEFAULT_DB_ALIAS, Text("数据库", "The database")),
        (KEYS, Text("密钥库", "The key store")),
    ):
        if connections[alias].vendor == "postgresql":
            yield _line(connections[alias], f"durable-{alias}", name)


def _line(connection: BaseDatabaseWrapper, code: str, name: Text) -> Line:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'), "
            "current_setting('synchronous_standby_names'), "
            "(SELECT count(*) FROM pg_stat_replication) + "
            "(SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical')"
        )
        fsync, commit, waited_for, copies = cursor.fetchone()
    if fsync != "on" or commit == "off":
        return Line(
            code,
            BAD,
            Text("{name}不等落盘就确认", "{name} acknowledges before it has written").format(name=name),
            Text(
                "断电会丢掉已经给了回执的信访件：在 PostgreSQL 里设 fsync = on、synchronous_commit = on",
                "A power cut would lose petitions that have a receipt: set fsync = on and "
                "synchronous_commit = on in PostgreSQL",
            ),
        )
    if waited_for and commit not in UNSAFE:
        says = Text("{name}等备机也有了才确认", "{name} acknowledges only what a standby has too")
        return Line(code, GOOD, says.format(name=name))
    if copies or "," in connection.settings_dict["HOST"]:
        return Line(
            code,
            WARN,
            Text("{name}有备机，但不等备机就确认", "{name} has a standby and acknowledges without it").format(
                name=name
            ),
            Text(
                "主机一坏，最后几秒给了回执的会丢：用 Patroni 的 synchronous_mode 和 "
                "synchronous_mode_strict，或者设 synchronous_standby_names 和 synchronous_commit = on",
                "If its machine dies, what had its receipt in the last seconds is lost: turn on "
                "synchronous_mode and synchronous_mode_strict in Patroni, or set synchronous_standby_names "
                "and synchronous_commit = on",
            ),
        )
    says = Text(
        "{name}写到磁盘才确认；没有备机", "{name} acknowledges what is on its disk; there is no standby"
    )
    return Line(code, GOOD, says.format(name=name))
