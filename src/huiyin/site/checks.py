"""Refuses to start with settings that would endanger petitioners: Django system checks, each with an id."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name for it

from huiyin.core import extending, rulebook
from huiyin.core.rulebook import BrokenRulebook
from huiyin.registry import stores
from huiyin.site.environment import DEFAULTS
from huiyin.vault import holders

TAG = "huiyin"
OTHERS = 0o077
NEEDED = ("identity.pub", "courier.pub", "relief.pub", "receipt.key", "receipt.certificate", "log.vkey")
DESK_NEEDS = ("identity.key", "relief.key")  # and the log's keys, where the clerk runs


@register(TAG)
def web(**_: Any) -> list[CheckMessage]:
    """Who may reach this installation, and whether what they send can be read on the way."""
    return list(_web())


@register(TAG)
def database(**_: Any) -> list[CheckMessage]:
    """Whether the embedded database keeps what it acknowledged, under several writers."""
    return list(embedded(settings.DATABASES["default"]))


@register(TAG)
def law(**_: Any) -> list[CheckMessage]:
    """Whether every rulebook can be believed, and there is one for this installation."""
    return list(_law())


@register(TAG, deploy=True)  # asked before anything is served; a tool that writes migrations needs no keys
def keys(**_: Any) -> list[CheckMessage]:
    """Whether the keys are there, and nobody else can read them."""
    return list(_keys(settings.DATA_DIR))


@register(TAG, deploy=True)
def classes(**_: Any) -> list[CheckMessage]:
    """Whether the classes of the operator's own are there, and can do what they are for."""
    return list(_classes())


def _classes() -> Iterator[CheckMessage]:
    places: list[tuple[str, str, tuple[str, ...]]] = [
        (stores.SETTING, settings.ATTACHMENTS_STORE, stores.DOES)
    ]
    if settings.ZONE != "public":  # it neither opens a seal nor sends a message
        places.append((holders.SETTING, settings.KEY_HOLDER, ("opened",)))
        places.append(("HUIYIN_TEXTS", settings.TEXTS.named if settings.TEXTS else "", ("send",)))
    for setting, named, does in places:
        try:
            if named:
                extending.made(setting, named, does)
        except extending.NoSuchClass as error:
            yield Error(
                f"{error}.",
                hint="Install the package beside huiyin, or empty the setting: docs/operate/extending.md.",
                id="huiyin.E012",
            )


def _web() -> Iterator[CheckMessage]:
    if settings.DEBUG and settings.HTTPS:
        yield Error(
            "HUIYIN_DEBUG=yes together with HUIYIN_HTTPS=yes: error pages would show what people wrote.",
            hint="Set HUIYIN_DEBUG=no.",
            id="huiyin.E001",
        )
    outside = sorted({*_beyond_loopback(settings.ALLOWED_HOSTS), *_beyond_loopback([_public_host()])})
    if outside and not settings.HTTPS:
        yield Error(
            f"{', '.join(outside)}: reached from outside this machine without HTTPS.",
            hint="Put a proxy with HTTPS in front and set HUIYIN_HTTPS=yes.",
            id="huiyin.E002",
        )
    if outside and settings.DEBUG and not settings.HTTPS:
        yield Error(
            "HUIYIN_DEBUG=yes on an address that others can reach.",
            hint="Set HUIYIN_DEBUG=no.",
            id="huiyin.E006",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "HUIYIN_HOSTS=*: links in notices could be made to point anywhere.",
            hint="Name the hosts, by comma.",
            id="huiyin.E007",
        )
    if settings.HTTPS and not settings.PUBLIC_URL.startswith("https://"):
        yield Error(
            f"HUIYIN_PUBLIC_URL={settings.PUBLIC_URL} is not https although HUIYIN_HTTPS=yes.",
            hint="Notices and QR codes point there: write it with https://.",
            id="huiyin.E008",
        )
    if outside and DEFAULTS["HUIYIN_ORIGIN"] == settings.ORIGIN:
        yield Warning(
            f"HUIYIN_ORIGIN is still {settings.ORIGIN}: receipts would not say whose they are.",
            hint="Set it to this installation's name, once and for good: it is part of the key's name.",
            id="huiyin.W001",
        )


def _law() -> Iterator[CheckMessage]:
    try:
        known = sorted({book.jurisdiction for book in rulebook.all_rulebooks()})
    except BrokenRulebook as error:
        yield Error(
            f"{error.file}: {error.key}: {error.what}.",
            hint=f"Correct the file or remove it, then: huiyin rulebook check {settings.RULEBOOKS_DIR}",
            id="huiyin.E010",
        )
        return
    if settings.JURISDICTION not in known:
        yield Error(
            f"HUIYIN_JURISDICTION={settings.JURISDICTION}: there is no rulebook for it.",
            hint=f"Choose one of {', '.join(known)}, or put one into {settings.RULEBOOKS_DIR}.",
            id="huiyin.E011",
        )


def _public_host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or ""


def _beyond_loopback(hosts: Sequence[str]) -> Iterator[str]:
    for host in hosts:
        name = host.strip("[].")
        if name and name != "localhost" and not _is_loopback(name):
            yield host


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name.endswith(".localhost")


def embedded(options: dict[str, Any]) -> Iterator[CheckMessage]:
    """What is wrong with the settings of the embedded database; nothing is asked of another one."""
    if not options["ENGINE"].endswith("sqlite3"):
        return
    chosen = options.get("OPTIONS", {})
    if chosen.get("transaction_mode") != "IMMEDIATE":
        yield Error(
            "SQLite without transaction_mode IMMEDIATE: two officers who act at once would get an error.",
            hint="Leave the embedded database's settings as they are.",
            id="huiyin.E003",
        )
    if "synchronous=full" not in chosen.get("init_command", "").lower().replace(" ", ""):
        yield Error(
            "SQLite without synchronous=FULL: a petition with a receipt could be lost in a power cut.",
            hint="Leave the embedded database's settings as they are.",
            id="huiyin.E009",
        )


def _keys(folder: Path) -> Iterator[CheckMessage]:
    kept = folder / "keys"
    for path in sorted(kept.glob("*")) if kept.is_dir() else ():
        if stat.S_IMODE(path.stat().st_mode) & OTHERS:
            yield Error(
                f"{path} can be read by others on this machine.",
                hint=f"chmod 600 {path}; if others may have read it, make new keys.",
                id="huiyin.E004",
            )
    private = () if settings.KEY_HOLDER else DESK_NEEDS
    for name in NEEDED if settings.ZONE == "public" else NEEDED + private:
        if not (kept / name).exists():
            yield Error(
                f"{kept / name} is missing.",
                hint="Restore it from your backup: without it, what was sealed cannot be opened. "
                "Only where nothing was ever sealed: huiyin setup makes new keys.",
                id="huiyin.E005",
            )
    if stat.S_IMODE(folder.stat().st_mode) & OTHERS:
        yield Warning(
            f"{folder} can be entered by others on this machine.",
            hint=f"chmod 700 {folder}",
            id="huiyin.W002",
        )
