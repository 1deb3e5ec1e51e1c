"""An authenticator made of software: makes passkeys and signs with them, as WebAuthn level 2 says."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Authenticator:
    """One passkey, of one site."""

    origin: str = "http://testserver"
    host: str = "testserver"
    count: int = 0
    name: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """What a browser answers when it is asked for a new passkey."""
        public = self.key.public_key().public_numbers()
        coordinates = {-2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        encoded = cbor2.dumps({1: 2, 3: -7, -1: 1, **coordinates})
        known = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + encoded
        data = self._data(PRESENT | VERIFIED | ATTESTED) + known
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {"clientDataJSON": text(self._client("webauthn.create", options))}
        return self._answer(said | {"attestationObject": text(attestation)})

    def get(self, options: dict[str, Any]) -> str:
        """What a browser answers when it is asked to prove one."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(PRESENT | VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": text(client), "authenticatorData": text(data)}
        return self._answer(said | {"signature": text(signature)})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        named = text(self.name)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
