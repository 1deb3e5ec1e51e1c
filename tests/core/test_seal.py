"""Sealed boxes: closed by whoever holds the public key, opened only with the private one."""

import pytest

from huiyin.core import seal
from huiyin.core.seal import SealBroken

WORDS = "张三, 13800000000".encode()


def test_what_was_closed_is_read_with_the_private_key():
    private, public = seal.new_key_pair()
    assert (len(private), len(public)) == (32, 32)
    for content in (WORDS, b"", b"\x00" * 10_000):
        assert seal.open_seal(seal.close(content, public), private) == content


def test_the_public_key_does_not_open_what_it_closed():
    _, public = seal.new_key_pair()
    with pytest.raises(SealBroken):
        seal.open_seal(seal.close(WORDS, public), public)


def test_another_key_opens_nothing_and_the_message_tells_nothing():
    _, public = seal.new_key_pair()
    other, _ = seal.new_key_pair()
    with pytest.raises(SealBroken) as caught:
        seal.open_seal(seal.close(WORDS, public), other)
    assert "张三" not in str(caught.value)


def test_a_changed_byte_breaks_the_seal():
    private, public = seal.new_key_pair()
    sealed = bytearray(seal.close(WORDS, public))
    for place in (0, 31, 32, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            seal.open_seal(bytes(changed), private)
    for cut in (b"", bytes(sealed[:-1]), bytes(sealed[:40])):
        with pytest.raises(SealBroken):
            seal.open_seal(cut, private)


def test_the_same_words_are_never_sealed_alike():
    _, public = seal.new_key_pair()
    assert seal.close(WORDS, public) != seal.close(WORDS, public)
