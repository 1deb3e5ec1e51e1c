"""A backup that only its owner can read: every file closed in the format of age (age-encryption.org/v1).

The machine that makes it needs the public half alone, so whoever takes the machine or the place where backups
lie reads nothing of older ones. The secret half belongs elsewhere: without it nothing comes back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyrage
from django.conf import settings
from pyrage import x25519

SUFFIX = ".age"
IN_THE_WORKS = ".backup-in-the-works"  # of the data folder, where the same things lie open anyway
OWNER_ONLY = 0o600


class WrongKey(ValueError):
    """What was given is no key, or not the one that opens this."""


def recipients(named: Sequence[str]) -> list[x25519.Recipient]:
    """Public halves, as they are written: age1…. Raises WrongKey."""
    try:
        return [x25519.Recipient.from_str(each.strip()) for each in named]
    except pyrage.RecipientError as error:
        raise WrongKey(
            f"{', '.join(named)}: not an age recipient, which begins with age1: {error}"
        ) from error


def identity(file: Path) -> x25519.Identity:
    """The secret half from its file; lines that begin with # are remarks. Raises WrongKey, OSError."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    secrets = [line for line in lines if line and not line.startswith("#")]
    try:
        return x25519.Identity.from_str(secrets[0])
    except (IndexError, pyrage.IdentityError) as error:
        raise WrongKey(f"{file} holds no line with AGE-SECRET-KEY-1…") from error


def new_identity(file: Path) -> str:
    """Make a key, keep its secret half in a new file for its owner alone, and answer the public half."""
    made = x25519.Identity.generate()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="ascii") as kept:
        kept.write(f"# public: {made.to_public()}\n{made}\n")
    return str(made.to_public())


@contextmanager
def in_the_works() -> Iterator[Path]:
    """A folder for what is open for a moment; what a run that was killed left there goes first."""
    folder = settings.DATA_DIR / IN_THE_WORKS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def close(source: Path, place: Path, to: Sequence[x25519.Recipient]) -> None:
    """Each file of a folder under its name and `.age` in another; no more than a piece of it in memory."""
    for path in _files(source):
        target = place / path.relative_to(source)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        pyrage.encrypt_file(str(path), f"{target}{SUFFIX}", list(to))
        Path(f"{target}{SUFFIX}").chmod(OWNER_ONLY)


def open_(source: Path, place: Path, key: x25519.Identity) -> None:
    """The other way; files that are not closed are taken as they are. Raises WrongKey."""
    for path in _files(source):
        target = place / path.relative_to(source)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.suffix != SUFFIX:
            shutil.copy2(path, target)
            continue
        try:
            pyrage.decrypt_file(str(path), str(target.with_suffix("")), [key])
        except pyrage.DecryptError as error:
            raise WrongKey(f"{path.name} is not opened by this key, or was changed: {error}") from error


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]
