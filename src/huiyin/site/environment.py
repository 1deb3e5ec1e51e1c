"""The settings that an operator gives, read from `HUIYIN_*` and refused when they cannot be right.

Every setting is a line of SETTINGS: `docs/reference/settings.md` is printed from it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from huiyin.core import extending, staff_claims
from huiyin.core.staff_claims import BrokenClaims, Claims

ZONES = ("public", "desk", "all")
SECOND_FACTORS = ("keepers", "everybody")
LOGS = ("plain", "json")
OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("HUIYIN_DATA_DIR", "var", "Folder for the embedded database, keys, attachments and notices."),
    Setting(
        "HUIYIN_DATABASE_URL",
        "",
        "postgresql://user:password@host:5432/name, hosts by comma; empty = SQLite in the data folder.",
    ),
    Setting(
        "HUIYIN_STANDBY_URL",
        "",
        "postgresql://… of a standby that public pages are read from; empty = from the database itself.",
    ),
    Setting(
        "HUIYIN_KEYS_URL",
        "",
        "postgresql://… of the key store, another database; empty = SQLite in keystore/ of the data folder.",
    ),
    Setting(
        "HUIYIN_KEY_BACKUP_DAYS",
        "30",
        "How many days a backup of the key store is kept; then an erasure is complete.",
    ),
    Setting("HUIYIN_ZONE", "all", "Which doors this process opens: public, desk, or all (tests, shell)."),
    Setting("HUIYIN_HOSTS", "127.0.0.1,localhost", "Host names that this site answers to, by comma."),
    Setting("HUIYIN_ORIGIN", "huiyin.local", "Name of this installation: on receipts and as its keys' name."),
    Setting("HUIYIN_PUBLIC_URL", "http://127.0.0.1:8000", "Address that notices and QR codes point to."),
    Setting("HUIYIN_HTTPS", "no", "yes = cookies only over HTTPS, HSTS on. Needed outside this machine."),
    Setting(
        "HUIYIN_MAIL",
        "console",
        "console, smtp://user:password@host:587 (smtps:// for TLS at once), or none: nobody is mailed.",
    ),
    Setting(
        "HUIYIN_TEXTS",
        "",
        "https://… of a gateway that sends short messages, or package.module:Class; empty = none are sent.",
    ),
    Setting("HUIYIN_TEXTS_HEAD", "", "File of the headers for that gateway, one `Name: value` a line."),
    Setting(
        "HUIYIN_TEXTS_BODY",
        "",
        "File of the JSON that it takes, with {to}, {text} and {id} in it; empty = an object of these three.",
    ),
    Setting(
        "HUIYIN_ATTACHMENTS",
        "",
        "package.module:Class that keeps the bytes of attachments; empty = attachments/ in the data folder.",
    ),
    Setting(
        "HUIYIN_KEY_HOLDER",
        "",
        "package.module:Class that opens what is sealed; empty = private keys in keys/ of the data folder.",
    ),
    Setting(
        "HUIYIN_IMPORTERS",
        "",
        "package.module:Class, several by comma, for lists of other kinds in `huiyin load`; empty = none.",
    ),
    Setting("HUIYIN_MAIL_FROM", "no-reply@huiyin.local", "Sender of notices by e-mail."),
    Setting(
        "HUIYIN_IMAP",
        "",
        "imaps://user:password@host:993/INBOX (imap:// for STARTTLS): mailbox of petitions; empty = none.",
    ),
    Setting("HUIYIN_IMAP_ADDRESS", "", "Address of that mailbox, to which people write and reply."),
    Setting("HUIYIN_IMAP_PLUS", "no", "yes = name+token@host reaches that mailbox, and replies go there."),
    Setting(
        "HUIYIN_IMAP_ASIDE", "Huiyin-aside", "Folder of that mailbox for what an officer has to look at."
    ),
    Setting(
        "HUIYIN_IMAP_JUNK", "", "Folder where the mail server puts advertising, read as well; empty = none."
    ),
    Setting(
        "HUIYIN_LETTERS_DIR",
        "",
        "Folder that a scanner writes letters into, a sub-folder for each body by its code; empty = none.",
    ),
    Setting("HUIYIN_JURISDICTION", "cn", "Whose rulebooks apply: the folder name under rulebooks/."),
    Setting(
        "HUIYIN_RULEBOOKS_DIR",
        "",
        "Folder of your own rulebooks, beside ours; empty = rulebooks/ in the data folder.",
    ),
    Setting(
        "HUIYIN_SECOND_FACTOR",
        "everybody",
        "Who must sign in with a second factor: everybody, or keepers (who open seals, audit or administer).",
    ),
    Setting(
        "HUIYIN_FILINGS_A_MINUTE",
        "60",
        "Filings a minute that one address has free in a busy minute; 60 or more. Each web process counts.",
    ),
    Setting(
        "HUIYIN_BUSY_FROM",
        "600",
        "Filings a minute from which a web process counts as busy; 60 or more. Below it nobody waits.",
    ),
    Setting(
        "HUIYIN_REQUESTS_A_MINUTE",
        "600",
        "Requests a minute that one token of a program has free; 60 or more. Each web process counts.",
    ),
    Setting(
        "HUIYIN_LOG_DIR", "", "Folder of the public log, served at /log/; empty = log/ in the data folder."
    ),
    Setting(
        "HUIYIN_LOG_EVERY",
        "60",
        "Seconds between two heads of the public log; 10 or more. A head never comes at once.",
    ),
    Setting(
        "HUIYIN_INCLUDE_WITHIN",
        "86400",
        "Seconds within which a receipt promises to be in the public log; 600 or more.",
    ),
    Setting(
        "HUIYIN_WITNESSES",
        "",
        "Policy file that names the witnesses who cosign heads, and how many are asked for; empty = none.",
    ),
    Setting(
        "HUIYIN_GEOREPORT_KEYS",
        "",
        "File of the keys that a request over Open311 has to bear: SHA-256 in hex and whose; empty = none.",
    ),
    Setting(
        "HUIYIN_METRICS",
        "",
        "Address, as 127.0.0.1:9464, at which numbers for Prometheus are answered; empty = none are kept.",
    ),
    Setting(
        "HUIYIN_WEBHOOKS_INSIDE",
        "",
        "Receivers in the house's own network that webhooks and hand-overs may reach, as host:port by comma; "
        "empty = none.",
    ),
    Setting(
        "HUIYIN_BROKER_LOGIN", "", "File with user:password for message brokers (mqtts://…); empty = none."
    ),
    Setting(
        "HUIYIN_OIDC_ISSUER",
        "",
        "Address of the identity provider (OpenID Connect) that officers may sign in through; empty = none.",
    ),
    Setting("HUIYIN_OIDC_CLIENT", "", "Name under which this installation is known to that provider."),
    Setting("HUIYIN_OIDC_SECRET", "", "File with the secret shared with it; empty = PKCE alone."),
    Setting(
        "HUIYIN_OIDC_CLAIMS",
        "",
        "TOML file: which claims are names, which groups roles, what counts as two factors; empty = usual.",
    ),
    Setting("HUIYIN_LOGS", "plain", "plain or json: how the processes write their logs."),
    Setting("HUIYIN_DEBUG", "no", "yes = Django's error pages. Refused together with HUIYIN_HTTPS=yes."),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def setting(name: str) -> str:
    """The value of a setting, or its default. An unknown `HUIYIN_*` name is a KeyError in the code."""
    return os.environ.get(name, "").strip() or DEFAULTS[name]


def yes(name: str) -> bool:
    """A yes/no setting. Raises ImproperlyConfigured for anything else, so that a slip is not a no."""
    value = setting(name).lower()
    if value not in {"yes", "no"}:
        raise ImproperlyConfigured(f"{name}={value!r}: write yes or no")
    return value == "yes"


def key_hashes(name: str) -> frozenset[str]:
    """The hashes in a file that names the keys of others, one a line, and then whose it is.

    Raises ImproperlyConfigured for a file that cannot be read, and for a line that begins with none.
    """
    if not (where := setting(name)):
        return frozenset()
    try:
        lines = Path(where).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}={where!r} cannot be read: {error}") from error
    said = [line.split()[0].lower() for line in lines if line.strip() and not line.startswith("#")]
    for each in said:
        if len(each) != 64 or not set(each) <= set("0123456789abcdef"):
            raise ImproperlyConfigured(f"{name}={where!r}: a line begins with the SHA-256 of a key, in hex")
    if not said:
        raise ImproperlyConfigured(f"{name}={where!r} names no key: nobody could send a request")
    return frozenset(said)


def named(name: str) -> str:
    """The name of a class, '' where none is given. Raises ImproperlyConfigured for anything else."""
    value = setting(name)
    if value and not extending.is_named(value):
        raise ImproperlyConfigured(f"{name}={value!r}: write a class as package.module:Class")
    return value


def at_least(name: str, least: int) -> int:
    """A whole number. Raises ImproperlyConfigured for anything else, and for less than is promised."""
    value = setting(name)
    if not value.isascii() or not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number, {least} or more")
    return int(value)


def address(name: str) -> tuple[str, int] | None:
    """A host and a port, or None where nothing is given. Raises ImproperlyConfigured for anything else."""
    value = setting(name)
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise ImproperlyConfigured(f"{name}={value!r}: write an address and a port, as 127.0.0.1:9464")
    return host.strip("[]"), int(port)


def logs() -> str:
    value = setting("HUIYIN_LOGS")
    if value not in LOGS:
        raise ImproperlyConfigured(f"HUIYIN_LOGS={value!r}: choose one of {', '.join(LOGS)}")
    return value


def days(name: str) -> int:
    """A number of days from 1 to 3650. Raises ImproperlyConfigured for anything else."""
    value = setting(name)
    if not value.isdecimal() or not 1 <= int(value) <= 3650:
        raise ImproperlyConfigured(f"{name}={value!r}: write a number of days, 1 to 3650")
    return int(value)


def zone() -> str:
    value = setting("HUIYIN_ZONE")
    if value not in ZONES:
        raise ImproperlyConfigured(f"HUIYIN_ZONE={value!r}: choose one of {', '.join(ZONES)}")
    return value


def second_factor() -> str:
    value = setting("HUIYIN_SECOND_FACTOR")
    if value not in SECOND_FACTORS:
        raise ImproperlyConfigured(
            f"HUIYIN_SECOND_FACTOR={value!r}: choose one of {', '.join(SECOND_FACTORS)}"
        )
    return value


def data_dir() -> Path:
    """The data folder, made at need and readable by its owner alone."""
    path = Path(setting("HUIYIN_DATA_DIR")).resolve()
    path.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    return path


def database(folder: Path) -> dict[str, Any]:
    """Django's settings for the database. Raises ImproperlyConfigured for a URL that cannot be used."""
    url = setting("HUIYIN_DATABASE_URL")
    return _postgres(url, "HUIYIN_DATABASE_URL") if url else _sqlite(folder / "huiyin.sqlite3")


def standby() -> dict[str, dict[str, Any]]:
    """The standby that public pages are read from, or nothing. Raises ImproperlyConfigured."""
    url = setting("HUIYIN_STANDBY_URL")
    if not url:
        return {}
    if not setting("HUIYIN_DATABASE_URL"):
        raise ImproperlyConfigured(
            "HUIYIN_STANDBY_URL names a standby of what? Name the server in HUIYIN_DATABASE_URL"
        )
    made = _postgres(url, "HUIYIN_STANDBY_URL")
    # Whichever of several answers, and sooner than a reader would wait for one that does not.
    made["OPTIONS"] |= {"target_session_attrs": "any", "connect_timeout": "2"}
    return {"standby": made}


def key_store(folder: Path) -> dict[str, Any]:
    """Django's settings for the key store. Raises ImproperlyConfigured where it is the database itself."""
    url = setting("HUIYIN_KEYS_URL")
    if url and url == setting("HUIYIN_DATABASE_URL"):
        raise ImproperlyConfigured(
            "HUIYIN_KEYS_URL names the database itself: a key kept beside what it locks erases nothing in a "
            "backup; give the key store a database of its own"
        )
    if url:
        return _postgres(url, "HUIYIN_KEYS_URL")
    place = folder / "keystore"
    place.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    # Written to seldom, and within a filing's turn at the database: it has no line of its own to stand in.
    made = _sqlite(place / "keystore.sqlite3") | {"ENGINE": "django.db.backends.sqlite3"}
    # A key that was destroyed must not lie on in a freed page.
    made["OPTIONS"]["init_command"] += "PRAGMA secure_delete=ON;"
    return made


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "huiyin.registry.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads first and writes later would be refused ("database is locked")
            # under a second writer; IMMEDIATE makes it wait its turn instead.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: what was acknowledged survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
    }


# How long a server may be silent before it counts as gone: without these a dead machine is waited for, a
# quarter of an hour long. Whatever stands after the question mark of the address goes before.
PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "15000",
}


def _postgres(url: str, name: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        host, port = _servers(parts.netloc)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/name")
    options: dict[str, Any] = PATIENCE | dict(parse_qsl(parts.query))
    host = options.pop("host", None) or host
    if "," in host:
        # One of them takes writes; which one changes when it dies.
        options.setdefault("target_session_attrs", "read-write")
    prepares, cursors = options.pop("prepare", "yes") == "yes", options.pop("cursors", "yes") == "yes"
    # A statement is planned once a connection instead of every time. A pooler that shares connections between
    # transactions and is older than PgBouncer 1.21 cannot have that: `?prepare=no`.
    if prepares:
        options |= {"server_side_binding": True, "prepare_threshold": 3}
    return {
        "ENGINE": "huiyin.registry.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        # Connecting anew for each request costs more than the request itself.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A cursor outlives its transaction, which no pooler of transactions can have: `?cursors=no`.
        "DISABLE_SERVER_SIDE_CURSORS": not (prepares and cursors),
        "OPTIONS": options,
    }


def _servers(netloc: str) -> tuple[str, str]:
    """Hosts and ports as libpq takes them, several by comma. Raises ValueError for a port that is none."""
    servers = [urlsplit(f"//{each}") for each in netloc.rpartition("@")[2].split(",")]
    ports = [str(each.port or "") for each in servers]
    return ",".join(unquote(each.hostname or "") for each in servers), ",".join(ports) if any(ports) else ""


def secret_file(folder: Path, name: str) -> str:
    """A secret of this installation, made once and kept readable by its owner alone."""
    path = folder / "keys" / name
    path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    if not path.exists():
        # Written whole under another name and then linked: of two processes that start at once the second
        # finds a finished secret, never an empty one.
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def mail(url: str) -> dict[str, Any]:
    """Django's e-mail settings. Raises ImproperlyConfigured for a URL that cannot be used."""
    if url == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url == "none":
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("HUIYIN_MAIL must be console, none or smtp://user:password@host:587")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
    }


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Oidc:
    """The identity provider of the staff, how we are known there, and how what it says is read."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    claims: Claims


def oidc(roles: Collection[str]) -> Oidc | None:
    """The identity provider, None where there is none. Raises ImproperlyConfigured. `roles`: all of them."""
    issuer = setting("HUIYIN_OIDC_ISSUER")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    inside = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or parts.query or parts.fragment or not (parts.scheme == "https" or inside):
        raise ImproperlyConfigured(
            "HUIYIN_OIDC_ISSUER must be https://… as the provider writes it, without ? and # (http:// on "
            "this machine alone)"
        )
    client = setting("HUIYIN_OIDC_CLIENT")
    if not client:
        raise ImproperlyConfigured("HUIYIN_OIDC_CLIENT: say under which name HUIYIN_OIDC_ISSUER knows us")
    secret = content_of("HUIYIN_OIDC_SECRET").strip()
    try:
        claims = staff_claims.read(content_of("HUIYIN_OIDC_CLAIMS"), roles)
    except BrokenClaims as error:
        where = setting("HUIYIN_OIDC_CLAIMS")
        raise ImproperlyConfigured(f"HUIYIN_OIDC_CLAIMS={where!r}: {error}") from error
    return Oidc(issuer, client, secret, claims)


@dataclass(frozen=True, slots=True)
class Texts:
    """Where short messages go: to a gateway, with what headers and in which shape; or by a class."""

    url: str
    named: str
    head: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: Any = field(default_factory=lambda: {"to": "{to}", "text": "{text}", "id": "{id}"})


def texts(*, sends: bool) -> Texts | None:
    """The way of short messages, None where none are sent. Raises ImproperlyConfigured.

    `sends`: whether this process sends them; the others know only that they are sent.
    """
    value = setting("HUIYIN_TEXTS")
    if not value:
        return None
    if extending.is_named(value):
        return Texts("", value)
    parts = urlsplit(value)
    inside = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or inside):
        raise ImproperlyConfigured(
            "HUIYIN_TEXTS must be https://… (http:// on this machine alone) or package.module:Class"
        )
    if not sends:
        return Texts(value, "")
    return Texts(value, "", _headers("HUIYIN_TEXTS_HEAD"), **_shape("HUIYIN_TEXTS_BODY"))


def _headers(name: str) -> tuple[tuple[str, str], ...]:
    found = []
    for line in content_of(name).splitlines():
        if not line.strip():
            continue
        title, colon, value = line.partition(":")
        if not colon or not title.strip() or not title.isascii() or not value.strip():
            raise ImproperlyConfigured(f"{name}: write one header a line, as Name: value")
        found.append((title.strip(), value.strip()))
    return tuple(found)


def _shape(name: str) -> dict[str, Any]:
    text = content_of(name)
    if not text.strip():
        return {}
    try:
        shape = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: this is no JSON: {error}") from error
    for place in ("{to}", "{text}"):
        if place not in json.dumps(shape):
            raise ImproperlyConfigured(f"{name}: {place} stands nowhere in it")
    return {"body": shape}


def content_of(name: str) -> str:
    """What stands in the file that a setting names, '' where it names none. Raises ImproperlyConfigured."""
    where = setting(name)
    if not where:
        return ""
    try:
        return Path(where).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}={where!r} cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Imap:
    """Where the mailbox is. `secure`: tls, starttls, or plain (this machine alone)."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    secure: str


def imap(url: str) -> Imap | None:
    """The mailbox, None where there is none. Raises ImproperlyConfigured for a URL that cannot be used."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ImproperlyConfigured("HUIYIN_IMAP must look like imaps://user:password@host:993/INBOX")
    plain = "plain" if parts.hostname in LOOPBACK else "starttls"
    return Imap(
        parts.hostname,
        parts.port or (993 if parts.scheme == "imaps" else 143),
        unquote(parts.username),
        unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or "INBOX",
        "tls" if parts.scheme == "imaps" else plain,
    )


def imap_address(url: str) -> str:
    """The address of the mailbox. Raises ImproperlyConfigured where there is a mailbox and no address."""
    value = setting("HUIYIN_IMAP_ADDRESS")
    if url and value.count("@") != 1:
        raise ImproperlyConfigured("HUIYIN_IMAP_ADDRESS must be the address of the mailbox of HUIYIN_IMAP")
    return value
