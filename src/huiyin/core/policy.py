"""Whom one trusts: logs, witnesses, how many of them must have cosigned a head (C2SP tlog-policy, a draft).

log petitions.example/log+1f2a3b4c+AbCd… https://petitions.example/log
witness north north.example/w+5d6e7f80+BEfg… https://north.example
witness south south.example/w+90a1b2c3+BHij…
witness press press.example/w+d4e5f607+Bklm…
group outsiders 2 north south press
quorum outsiders
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from huiyin.core import checkpoint, notes
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.notes import BadNote, Key

NOBODY = "none"
MOST_LINES = 1000
_SPACE = re.compile(r"[ \t]+")
_ALLOWED = re.compile(rb"[\x09\x0a\x20-\x7e\x80-\xff]*")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


class BadPolicy(ValueError):
    """A policy file that cannot be followed; the message says which line and why."""


class NotTrusted(ValueError):
    """A head that the policy does not accept; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Log:
    key: Key
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness as the policy calls it. url: where it answers, the submission prefix of tlog-witness."""

    name: str
    key: Key
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or groups of them, of which at least `needed` must have cosigned."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trusted:
    """A head that a policy accepts. log: the key that signed it; witnesses: name to seconds since 1970."""

    head: Checkpoint
    log: Key
    witnesses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """logs may be empty where one knows from elsewhere which log it is; quorum: a name, or `none`."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NOBODY

    def check(self, note: str, log: Key | None = None) -> Trusted:
        """Accept a signed checkpoint, or raise NotTrusted. `log` is accepted as well as the logs named here.

        Raises BadNote for a note that is malformed, and for a signature by a known key that does not hold.
        """
        head, parsed = checkpoint.read(note)
        keys = [*(each.key for each in self.logs), *([log] if log else [])]
        signed = checkpoint.signers(parsed, [key for key in keys if key.name == head.origin])
        if not signed:
            known = head.origin in {key.name for key in keys}
            raise NotTrusted(
                f"the head is not signed by a key of the log {head.origin}"
                if known
                else f"the head is of the log {head.origin}, whose key was not given"
            )
        stamps = checkpoint.signers(parsed, [witness.key for witness in self.witnesses])
        by = {each.name: stamps[each.key] or 0 for each in self.witnesses if each.key in stamps}
        if not self.is_enough(by):
            raise NotTrusted(
                f"the head has not the cosignatures that the policy asks for ({self.quorum}): "
                f"of its {len(self.witnesses)} witnesses, {', '.join(by) or 'none'} signed"
            )
        return Trusted(head, next(iter(signed)), by)

    def is_enough(self, cosigned: Iterable[str]) -> bool:
        """Whether these witnesses, by their names in the policy, are enough of them."""
        have = set(cosigned)
        for name, group in self.groups.items():  # each names only what stands before it
            if sum(member in have for member in group.members) >= group.needed:
                have.add(name)
        return self.quorum == NOBODY or self.quorum in have


def parse(content: bytes) -> Policy:
    """Read a policy file. Names are taken as bytes, whatever they spell. Raises BadPolicy."""
    reading = _Reading()
    lines = content.split(b"\n")
    if len(lines) > MOST_LINES:
        raise BadPolicy(f"a policy of more than {MOST_LINES} lines is not read")
    for number, line in enumerate(lines, 1):
        try:
            reading.line(line)
        except (BadPolicy, BadNote) as error:
            raise BadPolicy(f"line {number}: {error}") from error
    if reading.quorum is None:
        raise BadPolicy("there is no line that names the quorum; write “quorum none” to ask for no witness")
    return Policy(tuple(reading.logs), tuple(reading.witnesses), reading.groups, reading.quorum)


@dataclass(slots=True)
class _Reading:
    """A policy, read so far."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    in_a_group: set[str] = field(default_factory=set)

    def line(self, line: bytes) -> None:
        if not _ALLOWED.fullmatch(line):
            raise BadPolicy("a policy holds no control character but tabs and newlines")
        words = [w for w in _SPACE.split(line.decode("utf-8", "surrogateescape")) if w]
        match words:
            case []:
                return
            case [first, *_] if first.startswith("#"):
                return
            case ["log", key, *url] if len(url) < 2:
                self.logs.append(Log(self._new_log(key), *url))
            case ["witness", name, key, *url] if len(url) < 2:
                self.witnesses.append(Witness(self._new(name), self._new_witness(key), *url))
            case ["group", name, needed, *members]:
                self.groups[self._new(name)] = self._group(name, needed, members)
            case ["quorum", name]:
                self._quorum(name)
            case [first, *_]:
                raise BadPolicy(f"this is not a line of a policy that begins with {first!r}")

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise BadPolicy("there is a second line that names the quorum")
        if name != NOBODY and not self._is_known(name):
            raise BadPolicy(f"no witness or group {name} stands above")
        self.quorum = name

    def _group(self, name: str, needed: str, members: list[str]) -> Group:
        if not members:
            raise BadPolicy(f"the group {name} has no members")
        for member in members:
            if not self._is_known(member) or member == name:
                raise BadPolicy(f"no witness or group {member} stands above")
            if member in self.in_a_group:
                raise BadPolicy(f"{member} is a member already, of this group or another")
            self.in_a_group.add(member)
        count = {"any": 1, "all": len(members)}.get(needed)
        if count is None:
            count = int(needed) if _COUNT.fullmatch(needed) else 0
        if not 0 < count <= len(members):
            raise BadPolicy(f"of {len(members)} members, “{needed}” cannot be asked for")
        return Group(count, tuple(members))

    def _is_known(self, name: str) -> bool:
        return name in self.groups or any(each.name == name for each in self.witnesses)

    def _new(self, name: str) -> str:
        if name == NOBODY or self._is_known(name):
            raise BadPolicy(f"the name {name} is taken")
        return name

    def _new_log(self, line: str) -> Key:
        return _unlike(notes.parse_key(line), [each.key for each in self.logs])

    def _new_witness(self, line: str) -> Key:
        key = notes.parse_key(line)
        if key.kind == notes.ED25519:
            raise BadPolicy("this is the key of a log: a witness has a key for cosignatures")
        return _unlike(key, [each.key for each in self.witnesses])


def _unlike(key: Key, others: Iterable[Key]) -> Key:
    if any(key.public == other.public for other in others):
        raise BadPolicy("the same key stands above")
    return key
