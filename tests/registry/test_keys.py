"""References and keys as letters: what a slip looks like, and what is left to guess."""

from __future__ import annotations

import math
import secrets

from huiyin.registry import keys


def pairs(count: int = 40):
    for _ in range(count):
        ref = keys.new_ref()
        yield ref, keys.new_key(ref)


def test_a_fresh_key_goes_with_its_reference():
    assert not any(keys.is_mistyped(ref, key) for ref, key in pairs(200))


def test_any_one_wrong_letter_of_reference_or_key_is_told():
    for ref, key in pairs(5):
        both = ref + key
        for place, letter in enumerate(both):
            if letter == "-" or place < 3:
                continue
            for other in keys.ALPHABET.replace(letter, ""):
                wrong = both[:place] + other + both[place + 1 :]
                assert keys.is_mistyped(wrong[: len(ref)], wrong[len(ref) :])


def test_any_two_letters_that_changed_places_are_told():
    for ref, key in pairs(5):
        places = [place for place, letter in enumerate(key) if letter != "-"]
        for one in places:
            for two in places:
                if key[one] == key[two]:
                    continue
                swapped = list(key)
                swapped[one], swapped[two] = swapped[two], swapped[one]
                assert keys.is_mistyped(ref, "".join(swapped))


def test_a_missing_letter_is_told_and_a_key_of_another_petition_mostly():
    for ref, key in pairs(5):
        assert keys.is_mistyped(ref, key[:-1])
        assert keys.is_mistyped(ref[:-1], key)
    others = sum(keys.is_mistyped(keys.new_ref(), key) for _, key in pairs(200))
    assert others > 170  # 31 of 32


def test_a_slip_never_closes_a_key_that_fits():
    # A key of before there was a letter that checks.
    ref, key = keys.new_ref(), keys._grouped(keys.draw(keys.KEY_LETTERS))
    assert keys.key_fits(ref, key, keys.key_hash(ref, key))


def test_there_are_95_bits_to_guess(monkeypatch):
    asked = []

    def counted(count):
        asked.append(count)
        return bytes(count)

    monkeypatch.setattr(secrets, "token_bytes", counted)
    keys.new_key("HY-7K3M9-Q2X4T")
    assert sum(asked) * math.log2(len(keys.ALPHABET)) == 95


def test_no_letter_looks_like_another_and_what_is_read_wrongly_is_understood():
    assert not set("ILOU") & set(keys.ALPHABET)
    assert keys.read_ref("hy-oiL00-00000") == "HY-01100-00000"
    assert keys.read_ref("ＨＹ－７Ｋ３Ｍ９　Ｑ２Ｘ４Ｔ") == "HY-7K3M9-Q2X4T"
