"""What stays hidden: sealed boxes (libsodium) that a process can close without being able to open.

The process that files holds only public keys; whoever opens holds the private one. Who may open, and for
what, is decided elsewhere (`vault/`).

What is kept is locked under a data key of its own, and that key is closed in a box: to change the pair, only
the boxes are made anew, and to destroy one box is to erase what its key locked, wherever copies of it lie.
"""

from __future__ import annotations

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead


class SealBroken(ValueError):
    """A seal that this key does not open, or that was changed."""


def new_key_pair() -> tuple[bytes, bytes]:
    """A new (private, public) pair, 32 bytes each (X25519)."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def public_of(private_key: bytes) -> bytes:
    """The public half that belongs to a private key."""
    return bytes(PrivateKey(private_key).public_key)


def close(content: bytes, public_key: bytes) -> bytes:
    """Seal bytes so that only the holder of the private key reads them (crypto_box_seal)."""
    return SealedBox(PublicKey(public_key)).encrypt(content)


def open_seal(sealed: bytes, private_key: bytes) -> bytes:
    """Read what was sealed. Raises SealBroken for the wrong key or changed bytes."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(sealed)
    except CryptoError as error:
        # The library's message names no content; neither may ours.
        raise SealBroken("this key does not open this seal, or the seal was changed") from error


# ---- data keys: 32 random bytes each, made by whoever keeps them

DATA_KEY_BYTES = Aead.KEY_SIZE


def lock(content: bytes, data_key: bytes, what: str) -> bytes:
    """Lock bytes under a data key (XChaCha20-Poly1305). `what` names what they are: it must fit to unlock."""
    return bytes(Aead(data_key).encrypt(content, what.encode()))


def unlock(locked: bytes, data_key: bytes, what: str) -> bytes:
    """Read what was locked. Raises SealBroken for another key, another `what`, or changed bytes."""
    try:
        return Aead(data_key).decrypt(locked, what.encode())
    except (CryptoError, ValueError) as error:
        raise SealBroken("this key does not open this seal, or the seal was changed") from error
