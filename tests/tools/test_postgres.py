"""The cluster for tests comes up empty and goes away."""

import psycopg
import pytest

from tests import postgres


@pytest.mark.postgres
def test_a_cluster_is_empty_and_leaves_nothing_behind():
    with postgres.cluster() as server:
        with psycopg.connect(server.url) as connection:
            tables = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone()
        assert tables == (0,)
        assert server.url not in repr(server)
    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url, connect_timeout=2)


def test_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    with pytest.raises(postgres.NoPostgres, match="15 or newer"):
        postgres.find()
