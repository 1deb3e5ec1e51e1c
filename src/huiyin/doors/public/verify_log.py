"""Check a published log of Huiyin, and recompute its figures, with this one file.

    pip install cryptography
    python verify.py https://petitions.example/log petitions.example+1f2a3b4c+AbCd…

The second word is the log's key: take it from where you trust it, not from the log. A folder will do in place
of the address. `--json` prints the figures for programs. Ends with 0 if all of it holds, with 1 if not.

What is checked: every leaf has a known form; the leaves come to the root of every head that was signed;
heads only grow, in the order of time; each entry is covered by a head within the promised time; sums
balance, and no cohort is smaller than promised; the published figures are those that come out.
What is not: that others are shown the same log (compare the head printed here with theirs), and that a count
is true of a petition (whoever holds its key can tell).

It is written to be read: it shares no line with the program that makes the log.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys
import urllib.request
from collections import Counter
from datetime import datetime, timedelta, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

problems: list[str] = []


def wrong(where, what):
    """Note what is wrong; the first hundred are told."""
    problems.append(f"{where}: {what}")


def read(log, path):
    """A file of the log, from its address or from a folder."""
    if log.startswith(("https://", "http://")):
        with urllib.request.urlopen(f"{log.rstrip('/')}/{path}", timeout=30) as answer:
            return answer.read(1 << 26)
    return (pathlib.Path(log) / path).read_bytes()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# ---- signatures (C2SP signed-note, tlog-cosignature)


def parse_key(line):
    """A key is name+id+base64 of one byte for its type and the key itself: 1 plain, 4 with a time."""
    name, key_id, encoded = line.strip().split("+", 2)
    typed = base64.b64decode(encoded)
    if key_id != sha256(name.encode(), b"\n", typed).hex()[:8]:
        raise ValueError(f"the id of the key {name} does not fit it")
    return name, typed[0], typed[1:]


def open_note(note, key):
    """The text of a signed note, and the seconds that a signature of type 4 tells. Raises ValueError."""
    name, kind, public = key
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    key_id = sha256(name.encode(), b"\n", bytes([kind]), public)[:4]
    for line in lines.splitlines():
        dash, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded)
        if (dash, signer, raw[:4]) != ("—", name, key_id):
            continue  # by somebody else
        seconds = int.from_bytes(raw[4:12], "big") if kind == 4 else 0
        signed = f"cosignature/v1\ntime {seconds}\n{text}" if kind == 4 else text
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(raw[-64:], signed.encode())
        except InvalidSignature:
            raise ValueError(f"the signature by {name} does not hold") from None
        return text, seconds
    raise ValueError(f"{name} has not signed it")


def open_head(note, log_key, time_key):
    """Size, root and moment of a head that both keys signed."""
    text, _ = open_note(note, log_key)
    _, seconds = open_note(note, time_key)
    origin, size, root = text.splitlines()[:3]
    if origin != log_key[0]:
        raise ValueError(f"it is a head of {origin}")
    return int(size), base64.b64decode(root), datetime.fromtimestamp(seconds, timezone.utc)


# ---- the tree (RFC 6962), as the roots of the complete trees that it consists of, the largest first


def add(peaks, leaf, size):
    """Add a leaf to a tree of that size."""
    above = sha256(b"\x00", leaf)
    while size & 1:
        above, size = sha256(b"\x01", peaks.pop(), above), size >> 1
    peaks.append(above)


def root_of(peaks):
    if not peaks:
        return sha256(b"")
    root = peaks[-1]
    for left in reversed(peaks[:-1]):
        root = sha256(b"\x01", left, root)
    return root


def leaves_of(log, size):
    """All leaves in order, one bundle of 256 after the other (C2SP tlog-tiles)."""
    for index in range((size + 255) // 256):
        groups, rest = [f"{index % 1000:03}"], index // 1000
        while rest:
            groups, rest = [f"x{rest % 1000:03}", *groups], rest // 1000
        width = min(256, size - index * 256)
        path = "tile/entries/" + "/".join(groups) + (f".p/{width}" if width < 256 else "")
        bundle, place = read(log, path), 0
        for number in range(index * 256, index * 256 + width):
            length = int.from_bytes(bundle[place : place + 2], "big")
            place += 2 + length
            if place > len(bundle):
                raise ValueError(f"{path} ends before leaf {number}")
            yield number, bundle[place - length : place]
        if place != len(bundle):
            wrong(path, "holds more leaves than it should")


# ---- the leaves: entries, and counts

DIGEST = r"[A-Za-z0-9+/]{43}="
MINUTE = r"\d{4}-\d\d-\d\dT\d\d:\d\dZ"
ENTRY = re.compile(
    rf"huiyin-entry/2\nrecorded_at ({MINUTE})\n(?:claimed_at {MINUTE}\n)?commitment {DIGEST}\n", re.ASCII
)
ANSWERED = ("met", "late-7", "late-30", "late-90", "late-more")
STANDS = rf"(?:open|overdue|extended|lapsed|(?:{'|'.join(ANSWERED)})(?:/(?:uphold|change|quash|redo))?)"
COUNT = re.compile(
    r"huiyin-count/1\nperiod (\d{4}(?:-\d\d)?)\nbodies (all|level [a-z]+|body [a-z0-9_-]+)\n"
    rf"clock ([a-z0-9-]+)\nadds (?:(began|moved-in|moved-out) ({STANDS})|(became) ({STANDS}) ({STANDS}))\n"
    rf"commitment {DIGEST}\n",
    re.ASCII,
)


def count(number, found, cohorts):
    """Add one count to its cohort."""
    period, bodies, clock, verb, stands, became, old, new = found.groups()
    sums = cohorts.setdefault((period, bodies, clock), Counter())
    leaves_, comes = (old, new) if became else (stands, "") if verb == "moved-out" else ("", stands)
    if leaves_ and not sums[leaves_]:
        wrong(f"leaf {number}", f"takes a term out of {period} {bodies} {clock} where none stands {leaves_}")
    elif leaves_:
        sums[leaves_] -= 1
    if comes:
        sums[comes] += 1
    if verb:
        sums[verb.replace("-", "_") + "!"] += 1  # the mark keeps sums apart from ways to stand
    return period, bodies, clock


def figures_of(cohorts):
    """The rows as they are published."""
    return [
        {
            "period": cohort[0],
            "bodies": cohort[1],
            "clock": cohort[2],
            **{name: cohorts[cohort][name + "!"] for name in ("began", "moved_in", "moved_out")},
            "standings": {n: k for n, k in sorted(cohorts[cohort].items()) if k and not n.endswith("!")},
        }
        for cohort in sorted(cohorts)
    ]


# ---- all of it


def heads_of(log, log_key, time_key):
    """Every head that was signed, in order; what does not hold is told and left out."""
    size, at = 0, None
    for day in read(log, "heads/index").decode().split():
        for line, text in enumerate(read(log, f"heads/{day}").decode().splitlines(), 1):
            try:
                head = open_head(json.loads(text)["note"], log_key, time_key)
            except (ValueError, LookupError, ArithmeticError) as error:
                wrong(f"heads/{day}:{line}", f"does not hold: {error}")
                continue
            if head[0] < size or (at and head[2] < at) or f"{head[2]:%Y-%m-%d}" != day:
                wrong(f"heads/{day}:{line}", "is not in order: the log shrank, or its time went back")
                continue
            size, at = head[0], head[2]
            yield (*head, f"heads/{day}:{line}")


def check(log, log_key):
    """Walk the log from its first leaf to its last; answer the figures."""
    published = json.loads(read(log, "figures.json"))  # before the head, so that they are not newer
    certificate = open_note(read(log, "certificate").decode(), log_key)[0]
    named = dict(line.split(" ", 1) for line in certificate.splitlines()[1:])
    time_key, least = parse_key(named["time_key"]), int(named["cohort"])
    promise = timedelta(seconds=60 + int(named["include_within"]))
    size, root, signed = open_head(read(log, "checkpoint").decode(), log_key, time_key)
    print(f"{log_key[0]}: {size} leaves, head signed {signed:%Y-%m-%d %H:%M:%S} UTC")
    print(f"root {base64.b64encode(root).decode()}")

    heads = heads_of(log, log_key, time_key)
    head = next(heads, None)
    peaks, cohorts, touched, late, seen, fits = [], {}, set(), 0, 0, True
    for number, leaf in leaves_of(log, size):
        while head and head[0] <= number:
            fits = compare(head, peaks, cohorts, touched, least, fits)
            head, seen = next(heads, None), seen + 1
        text = leaf.decode("latin-1")
        if found := ENTRY.fullmatch(text):
            recorded = datetime.strptime(found[1], "%Y-%m-%dT%H:%M%z")
            covered = head[2] if head else signed
            if not timedelta() <= covered - recorded <= promise:
                late += 1
                wrong(f"leaf {number}", f"recorded {found[1]}, first covered by the head of {covered}")
        elif found := COUNT.fullmatch(text):
            touched.add(count(number, found, cohorts))
        else:
            wrong(f"leaf {number}", "is of no known form")
        add(peaks, leaf, number)
        if number + 1 == published["size"]:
            if published["root"] != base64.b64encode(root_of(peaks)).decode():
                wrong("figures.json", "names another root")
            if published["cohorts"] != figures_of(cohorts):
                wrong("figures.json", "says something else than the log comes to")
    while head and head[0] <= size:
        fits = compare(head, peaks, cohorts, touched, least, fits)
        head, seen = next(heads, None), seen + 1
    compare((size, root, signed, "checkpoint"), peaks, cohorts, touched, least, fits)
    print(f"{seen} heads compared; {late} entries out of time")
    return figures_of(cohorts)


def compare(head, peaks, cohorts, touched, least, fits):
    """Compare a head with the leaves below it. After the first that does not fit none can: one is told."""
    for cohort in sorted(touched):
        if cohorts[cohort]["began!"] + cohorts[cohort]["moved_in!"] < least:
            wrong(head[3], f"the cohort {' '.join(cohort)} holds fewer than {least} terms")
    touched.clear()
    if fits and root_of(peaks) != head[1]:
        wrong(head[3], f"its root is not that of the first {head[0]} leaves")
        return False
    return fits


def table(rows):
    """On time, by cohort. Terms that are still open are neither."""
    yield "period   bodies                term              began  answered  in time  late  overdue"
    for row in rows:
        stands = Counter()
        for name, number in row["standings"].items():
            stands[name.partition("/")[0]] += number
        answered = sum(stands[name] for name in ANSWERED)
        yield (
            f"{row['period']:<8} {row['bodies']:<21} {row['clock']:<16} {row['began']:>6} {answered:>9} "
            f"{stands['met']:>8} {answered - stands['met']:>5} {stands['overdue']:>8}"
        )


def main(words):
    as_json = "--json" in words
    words = [word for word in words if word != "--json"]
    if len(words) != 2:
        print(__doc__)
        return 2
    try:
        rows = check(words[0], parse_key(words[1]))
    except (OSError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
        wrong("the log", f"cannot be checked to its end: {error}")
        rows = []
    print(json.dumps(rows) if as_json else "\n".join(table(rows)))
    for problem in problems[:100]:
        print(f"WRONG  {problem}")
    print("It does not hold." if problems else "It holds; the published figures are those of the log.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
