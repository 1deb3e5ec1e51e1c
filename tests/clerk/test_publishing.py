"""The log as the clerk publishes it: everything is in it, once, and nothing goes back."""

from __future__ import annotations

import contextlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huiyin.clerk import numbering, publishing
from huiyin.core import checkpoint, cohorts, ledger, notes
from huiyin.registry import logfiles
from huiyin.registry.models import Count, Entry, Head, LogSize
from tests.cast import NOW, Walk, lodge
from tests.clerk import logs

pytestmark = pytest.mark.usefixtures("cast")


def names(leaf: bytes) -> list[str]:
    return [line.split(" ")[0] for line in leaf.decode().splitlines()[1:]]


def test_every_entry_stands_in_the_log_and_looks_like_any_other(walk: Walk) -> None:
    walk.to("opinion-served")
    seen = logs.look(walk.now)
    assert seen.size == Entry.objects.count() + Count.objects.count() == LogSize.objects.get().size
    numbers = set(Entry.objects.values_list("number", flat=True))
    assert numbers == set(range(seen.size))
    for leaf in logs.leaves():
        assert set(names(leaf)) == {
            "recorded_at",
            "commitment",
        }
        assert ledger.read_entry(leaf).to_bytes() == leaf


def test_what_is_numbered_together_stands_in_no_order(walk: Walk) -> None:
    walk.to("opinion-served")
    numbering.number()
    by_number = list(Entry.objects.order_by("number").values_list("pk", flat=True))
    assert by_number != sorted(by_number)


def test_a_head_is_signed_by_the_log_with_the_moment_and_for_later_computers(walk: Walk) -> None:
    logs.look(NOW)
    note = (logfiles.read(logfiles.CHECKPOINT) or b"").decode()
    signed = checkpoint.signers(notes.parse(note), [signer.key for signer in publishing.signers()])
    assert [key.kind for key in signed] == [notes.ED25519, notes.COSIGNATURE, notes.SUBTREE]
    assert set(signed.values()) == {None, int(NOW.timestamp())}


def test_a_round_without_anything_new_changes_nothing(walk: Walk) -> None:
    logs.look(NOW)
    before = {path: path.read_bytes() for path in logfiles.folder().rglob("*") if path.is_file()}
    logs.look(NOW + timedelta(minutes=1))
    assert {path: path.read_bytes() for path in logfiles.folder().rglob("*") if path.is_file()} == before
    assert Head.objects.count() == 1


def test_the_log_grows_over_the_edge_of_a_tile(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "AT_ONCE", 100)
    sizes = []
    for _ in range(3):
        logs.count_of(walk, 130)
        sizes.append(logs.look(NOW).size)
    assert sizes == [131, 261, 391]
    assert len(logs.leaves()) == 391
    heads = [json.loads(line) for line in (logfiles.read("heads/2026-03-02") or b"").splitlines()]
    assert [head["size"] for head in heads] == sizes


def test_it_is_finished_after_it_was_killed_at_any_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write is where the plug may be pulled; the next round always comes to one and the same log."""
    write, calls = logfiles.write, 0
    for stop_at in range(1, 9):
        lodge()
        calls = 0

        def failing(files: Any, stop_at: int = stop_at) -> None:
            nonlocal calls
            calls += 1
            if calls == stop_at:
                raise OSError("the plug was pulled")
            write(files)

        monkeypatch.setattr(logfiles, "write", failing)
        with contextlib.suppress(OSError):
            publishing.publish(NOW + timedelta(minutes=stop_at))
        monkeypatch.setattr(logfiles, "write", write)
        publishing.publish(NOW + timedelta(minutes=stop_at, seconds=30))
        assert logs.head().size == stop_at
        assert len(logs.leaves()) == stop_at
    assert list(Head.objects.values_list("size", flat=True)) == list(range(1, 9))


# ---- forks are refused


def test_a_database_older_than_what_was_published_signs_nothing(walk: Walk) -> None:
    logs.look(NOW)
    lodge()
    logs.look(NOW)
    Head.objects.order_by("-size").first().delete()  # type: ignore[union-attr]
    Entry.objects.filter(number=1).update(number=None)
    LogSize.objects.update(size=1)
    lodge()
    with pytest.raises(publishing.Forked, match="it is older"):
        publishing.publish(NOW)
    assert Entry.objects.filter(number=None).count() == 2, "nothing is numbered before that is settled"


def test_a_published_head_with_another_root_is_refused(walk: Walk) -> None:
    logs.look(NOW)
    Head.objects.update(root=bytes(32))
    with pytest.raises(publishing.Forked, match="another root"):
        publishing.publish(NOW)


def test_a_lost_folder_is_refused_and_not_begun_anew(walk: Walk) -> None:
    logs.look(NOW)
    lodge()
    logs.look(NOW)
    shutil.rmtree(logfiles.folder())
    with pytest.raises(publishing.Forked, match="holds no log"):
        publishing.publish(NOW)


def test_a_deleted_row_stops_the_next_head(walk: Walk) -> None:
    numbering.number()
    Entry.objects.filter(number=0).delete()
    with pytest.raises(publishing.Forked, match="leaf 0"):
        publishing.publish(NOW)


def test_a_head_by_another_key_is_refused(walk: Walk) -> None:
    logs.look(NOW)
    other = notes.sign(
        "huiyin.local\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "huiyin.local", bytes(32)
    )
    logfiles.write([(logfiles.CHECKPOINT, other.encode())])
    with pytest.raises(publishing.Forked, match="not signed by the key"):
        publishing.publish(NOW)


# ---- figures


def test_the_published_figures_are_the_sums_of_the_counts(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(24):
        lodge()
    assert logs.look(NOW).size == 24, "the month is not over"
    told = json.loads(logfiles.read(logfiles.FIGURES) or b"")
    assert told["cohorts"] == []
    april = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    seen = logs.look(april)
    told = json.loads(logfiles.read(logfiles.FIGURES) or b"")
    sums = cohorts.Figures()
    for leaf in logs.leaves():
        if cohorts.is_count(leaf):
            sums.add(cohorts.read(leaf))
    assert told["size"] == seen.size
    assert told["cohorts"] == sums.as_json()
    assert {row["bodies"] for row in told["cohorts"]} == {"body xf"}
    assert all(row["began"] == 24 for row in told["cohorts"])
    assert (logfiles.read(logfiles.FIGURES_CSV) or b"").decode() == cohorts.as_csv(told["cohorts"])


def test_lost_figures_are_summed_again(walk: Walk) -> None:
    for _ in range(24):
        lodge()
    logs.look(datetime(2026, 4, 1, 2, 0, tzinfo=UTC))
    before = logfiles.read(logfiles.FIGURES)
    (logfiles.folder() / logfiles.FIGURES).unlink()
    lodge(datetime(2026, 4, 1, 2, 0, tzinfo=UTC))
    logs.look(datetime(2026, 4, 1, 2, 5, tzinfo=UTC))
    said = [json.loads(each or b"")["cohorts"] for each in (before, logfiles.read(logfiles.FIGURES))]
    assert said[0] == said[1] != []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_head_that_a_crash_left_behind_is_shown_by_a_commit_alone(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be on one machine only; a commit of now waits until the standby has all that was before."""
    from django.db import connection

    def crash(_head: Head) -> None:
        raise SystemExit

    def transactions() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return int(cursor.fetchone()[0])

    lodge()
    with monkeypatch.context() as killed:
        killed.setattr(publishing, "_show", crash)
        with pytest.raises(SystemExit):
            publishing.publish(NOW)
    assert logfiles.read(logfiles.CHECKPOINT) is None
    before = transactions()
    assert publishing.publish(NOW) == 0
    assert logfiles.read(logfiles.CHECKPOINT) is not None
    assert transactions() > before
