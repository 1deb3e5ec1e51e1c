"""A log under test: its folder, the clerk that writes it, and outsiders that read it."""

from __future__ import annotations

from datetime import datetime

from huiyin.clerk import counting, publishing
from huiyin.core import checkpoint, cohorts, ledger, notes
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.tiles import Tree
from huiyin.registry import logfiles
from huiyin.registry.models import Count
from huiyin.vault import certificate
from tests.cast import Walk


def look(now: datetime) -> Checkpoint:
    """Count, number, publish; answer the head that everybody sees then."""
    counting.count(now)
    publishing.publish(now)
    return head()


def count_of(walk: Walk, many: int) -> None:
    """So many leaves more at once, all of one petition: bytes are all that the log looks at."""
    cohort = cohorts.Cohort("2026-03", "all", "handling")
    made = [
        cohorts.Count(cohort, ("began", "open"), ledger.digest(bytes([i % 251]))).to_bytes()
        for i in range(many)
    ]
    petition = walk.petition
    Count.objects.bulk_create([Count(petition=petition, term=1, public=public, salt=b"") for public in made])


def head() -> Checkpoint:
    """The published head, checked with the log's key."""
    note = (logfiles.read(logfiles.CHECKPOINT) or b"").decode()
    return checkpoint.parse(notes.read_note(note, certificate.log_key()))


def leaves() -> list[bytes]:
    """Every leaf of the published log, checked against its head."""
    seen = head()
    return [leaf for _, leaf in Tree(seen.size, seen.root, logfiles.tile).entries()]
