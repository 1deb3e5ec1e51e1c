"""One post office for all tests of a process, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from huiyin.site.environment import Imap
from tests.mail import servers
from tests.mail.servers import Post


@pytest.fixture(scope="session")
def office() -> Iterator[Post]:
    with servers.post_office() as post:
        yield post


@pytest.fixture
def post(office: Post, settings: Any, cast: Any) -> Post:
    """The house reads its mailbox there, and sends by it."""
    office.empty()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.smtp_port
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
    settings.DEFAULT_FROM_EMAIL = "no-reply@mailer.test"
    settings.MAILS = True
    settings.IMAP = Imap("127.0.0.1", office.imap_port, servers.USER, servers.PASSWORD, "INBOX", "plain")
    settings.IMAP_ADDRESS, settings.IMAP_PLUS = servers.ADDRESS, True
    settings.IMAP_ASIDE, settings.IMAP_JUNK = "Huiyin-aside", "Junk"
    return office
