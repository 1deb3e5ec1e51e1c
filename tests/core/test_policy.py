"""The policy file: read as its specification says, and followed."""

import pytest

from huiyin.core import checkpoint, notes, policy
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.notes import COSIGNATURE, ED25519, SUBTREE, BadNote
from huiyin.core.policy import BadPolicy, NotTrusted

HEAD = Checkpoint("petitions.example/log", 7, bytes(32))
LOG = Signer(HEAD.origin, ED25519, bytes([9]) * 32)
KINDS = (COSIGNATURE, COSIGNATURE, SUBTREE, COSIGNATURE, SUBTREE, COSIGNATURE)
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
WITNESS = {
    name: Signer(f"{name.lower()}.example/w", kind, bytes([n]) * 32)
    for n, (name, kind) in enumerate(zip(NAMES, KINDS, strict=True))
}
LINES = [f"log {LOG.key}", *(f"witness {name} {WITNESS[name].key}" for name in NAMES)]

# The example of the specification, with keys.
TWO_LEVELS = [
    *LINES,
    "group X-witnesses 2 X1 X2 X3",
    "group Y-witnesses any Y1 Y2 Y3",
    "group X-and-Y all X-witnesses Y-witnesses",
    "quorum X-and-Y",
]


def read(*lines: str) -> policy.Policy:
    return policy.parse("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))


def head(*names: str, log: Signer | None = LOG, at: int = 1_700_000_000) -> str:
    return checkpoint.sign(HEAD, [*([log] if log else []), *(WITNESS[name] for name in names)], at)


# ---- followed


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        ("X1 X2 Y1", True),
        ("X2 X3 Y3", True),
        ("X1 X2 X3 Y1 Y2 Y3", True),
        ("X1 X2", False),
        ("X1 Y1", False),
        ("Y1 Y2 Y3", False),
        ("X3 Y1 Y2 Y3", False),
        ("", False),
    ],
)
def test_two_levels_of_groups(names, enough):
    followed = read(*TWO_LEVELS)
    if enough:
        trusted = followed.check(head(*names.split()))
        assert (trusted.head, trusted.log) == (HEAD, LOG.key)
        assert trusted.witnesses == dict.fromkeys(names.split(), 1_700_000_000)
    else:
        with pytest.raises(NotTrusted, match="X-and-Y"):
            followed.check(head(*names.split()))


def test_one_witness_or_none_can_be_the_quorum():
    assert read(*LINES, "quorum Y2").check(head("Y2")).witnesses == {"Y2": 1_700_000_000}
    with pytest.raises(NotTrusted, match="of its 6 witnesses, X1 signed"):
        read(*LINES, "quorum Y2").check(head("X1"))
    assert read(*LINES, "quorum none").check(head()).witnesses == {}
    assert read(*LINES, "quorum none").check(head("X1")).witnesses == {"X1": 1_700_000_000}


def test_a_head_that_its_log_did_not_sign_is_not_trusted_whoever_cosigned():
    followed = read(*TWO_LEVELS)
    with pytest.raises(NotTrusted, match="not signed by a key of the log"):
        followed.check(head("X1", "X2", "Y1", log=None))
    stranger = Signer(HEAD.origin, ED25519, bytes(32))
    with pytest.raises(NotTrusted, match="not signed by a key of the log"):
        followed.check(head("X1", "X2", "Y1", log=stranger))


def test_the_key_of_one_log_signs_for_no_other():
    other = checkpoint.sign(Checkpoint("other.example/log", 7, bytes(32)), [LOG], 1)
    with pytest.raises(NotTrusted, match=r"log other\.example/log, whose key was not given"):
        read(*LINES, "quorum none").check(other)


def test_a_log_that_is_known_from_elsewhere_can_be_given():
    followed = read(LINES[1], "quorum X1")
    assert followed.check(head("X1"), LOG.key).log == LOG.key
    with pytest.raises(NotTrusted, match="key was not given"):
        followed.check(head("X1"))


def test_a_cosignature_that_does_not_hold_spoils_the_head():
    signed = head("X1", "X2", "Y1")
    line = str(checkpoint.read(signed)[1].by(WITNESS["X2"].key)[0])
    other = checkpoint.cosign(Checkpoint(HEAD.origin, 8, bytes(32)), WITNESS["X2"], 1)
    with pytest.raises(BadNote, match=r"by x2\.example/w does not hold"):
        read(*TWO_LEVELS).check(signed.replace(line, str(other)))


# ---- read


def test_a_policy_is_read():
    told = read(
        "# whom we trust",
        f"\tlog\t{LOG.key}  https://petitions.example/log ",
        "",
        f" witness  北京 {WITNESS['X1'].key} https://w.example/",
        "   # a witness",
        "group g 1 北京",
        "quorum g",
    )
    assert told.logs == (policy.Log(LOG.key, "https://petitions.example/log"),)
    assert told.witnesses == (policy.Witness("北京", WITNESS["X1"].key, "https://w.example/"),)
    assert told.groups == {"g": policy.Group(1, ("北京",))}
    assert told.quorum == "g"


def test_names_are_bytes_whatever_they_spell():
    kelvin = "\u212a"  # looks like K
    told = read(f"witness K {WITNESS['X1'].key}", f"witness {kelvin} {WITNESS['X2'].key}", f"quorum {kelvin}")
    assert told.is_enough([kelvin])
    assert not told.is_enough(["K"])
    raw = b"witness \xff\xfe " + str(WITNESS["X1"].key).encode() + b"\nquorum \xff\xfe"
    assert policy.parse(raw).is_enough(["\udcff\udcfe"])


W = LINES[1:]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no line that names the quorum"),
        ([*W], "no line that names the quorum"),
        (["quorum none", "quorum none"], "line 2: there is a second line"),
        (["quorum X1", *W], "line 1: no witness or group X1 stands above"),
        (["quorum"], "line 1: this is not a line"),
        (["quorum a b"], "line 1: this is not a line"),
        (["quorums none"], "line 1: this is not a line"),
        (["log"], "line 1: this is not a line"),
        ([f"log {LOG.key} https://a b"], "line 1: this is not a line"),
        (["log x"], "line 1: the key"),
        (
            [LINES[0], f"log {notes.Key('other', ED25519, LOG.key.public)}"],
            "line 2: the same key stands above",
        ),
        (
            [W[0], f"witness Z {notes.Key('o', COSIGNATURE, WITNESS['X1'].key.public)}"],
            "line 2: the same key",
        ),
        ([W[0], W[1].replace("X2", "X1")], "line 2: the name X1 is taken"),
        ([f"witness none {WITNESS['X1'].key}"], "line 1: the name none is taken"),
        ([f"witness L {LOG.key}"], "line 1: this is the key of a log"),
        ([*W, "group g"], "line 7: this is not a line"),
        ([*W, "group g 1"], "line 7: the group g has no members"),
        ([*W, "group g any g"], "line 7: no witness or group g stands above"),
        ([*W, "group g any none"], "line 7: no witness or group none stands above"),
        ([*W, "group g any Z"], "line 7: no witness or group Z stands above"),
        ([*W, "group g any X1 X1"], "line 7: X1 is a member already"),
        ([*W, "group g any X1", "group h any X1"], "line 8: X1 is a member already"),
        ([*W, "group g any X1", "group g any X2"], "line 8: the name g is taken"),
        ([*W, "group X1 any X2"], "line 7: the name X1 is taken"),
        *(
            ([*W, f"group g {k} X1 X2"], "line 7: of 2 members")
            for k in ("0", "3", "-1", "01", "x", "ALL", "٢")
        ),
        (["quorum none # a comment"], "line 1: this is not a line"),
        (["quorum\u00a0none"], "line 1: this is not a line"),
        (["quorum none\r"], "line 1: a policy holds no control character"),
        (["\x00"], "line 1: a policy holds no control character"),
        (["\x7f"], "line 1: a policy holds no control character"),
        (["#"] * 1001, "1000"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(lines, said):
    with pytest.raises(BadPolicy, match=said):
        read(*lines)


def test_thirty_two_of_each_are_read():
    signers = [Signer(f"w{n}", COSIGNATURE, bytes([n, 1]) * 16) for n in range(32)]
    lines = [f"log {notes.Key(f'l{n}', ED25519, bytes([n, 2]) * 16)}" for n in range(32)]
    lines += [f"witness w{n} {signer.key}" for n, signer in enumerate(signers)]
    lines += [f"group g{n} all w{n}" for n in range(31)]
    told = read(*lines, f"group q 31 {' '.join(f'g{n}' for n in range(31))}", "quorum q")
    assert told.is_enough([f"w{n}" for n in range(31)])
    assert not told.is_enough([f"w{n}" for n in range(30)])
