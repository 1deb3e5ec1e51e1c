"""The clerk looks at the certificate of the public address, now and then, and the guide tells."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huiyin.clerk import web_certificate
from huiyin.registry import pulses
from huiyin.registry.models import Pulse
from huiyin.site.readiness import face
from huiyin.site.readiness.known import Known
from tests.cast import NOW

ENDS = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def outside(settings: Any, db: None) -> None:
    settings.HTTPS, settings.PUBLIC_URL = True, "https://petitions.example.org"


def told(now: datetime = NOW) -> str:
    known = Known(now, now.date(), [], [], pulses.all_of_them(), {}, None, [])
    return next(line.state for line in face._certificate(known))


@pytest.mark.parametrize(("days", "state"), [(13, "warn"), (15, "good")])
def test_a_certificate_that_ends_soon_is_told(outside: None, days: int, state: str) -> None:
    assert told() == "warn"  # not looked at yet
    web_certificate.look(NOW, lambda _host, _port: NOW + timedelta(days=days))
    assert told() == state


def test_what_cannot_be_read_is_told_and_stops_no_round(outside: None) -> None:
    def refused(host: str, port: int) -> datetime:
        assert (host, port) == ("petitions.example.org", 443)
        raise ssl.SSLCertVerificationError("certificate has expired")

    assert web_certificate.look(NOW, refused) == 1
    assert told() == "warn"


def test_it_is_looked_at_a_few_times_a_day(outside: None) -> None:
    asked: list[str] = []

    def read(host: str, _port: int) -> datetime:
        asked.append(host)
        return NOW + timedelta(days=90)

    for hours in (0, 1, 5, 6, 7):
        web_certificate.look(NOW + timedelta(hours=hours), read)
    assert len(asked) == 2


def test_without_https_nothing_is_asked_and_nothing_told(settings: Any, db: None) -> None:
    settings.HTTPS = False
    assert web_certificate.look(NOW) == 0
    assert not Pulse.objects.exists()
    assert not list(face._certificate(Known(NOW, NOW.date(), [], [], {}, {}, None, [])))


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, Path]]:
    """A server on this machine that shows a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(ENDS - timedelta(days=3650)).not_valid_after(ENDS)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = folder / "certificate.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    with create_server(("127.0.0.1", 0)) as listening:

        def shake() -> None:
            for _visit in range(2):
                try:
                    context.wrap_socket(listening.accept()[0], server_side=True).close()
                except OSError:
                    continue

        thread = threading.Thread(target=shake, daemon=True)
        thread.start()
        yield listening.getsockname()[1], certificate
        thread.join(5)


def test_the_end_is_read_from_a_handshake_and_a_stranger_is_not_trusted(tmp_path: Path) -> None:
    with served(tmp_path) as (port, certificate):
        trusted = ssl.create_default_context(cafile=str(certificate))
        assert web_certificate.ends_at("localhost", port, trusted) == ENDS
        with pytest.raises(ssl.SSLError):
            web_certificate.ends_at("localhost", port)
