"""Reading pages in tests."""

from __future__ import annotations


def tokenless(page: bytes) -> list[bytes]:
    """A page without what differs each time it is drawn."""
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]
