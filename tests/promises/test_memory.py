"""Promise 5, asked of the real public process: what a hundred petitioners said of themselves is nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.api import server
from tests.promises import memory
from tests.promises.memory import Found

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder: Path = tmp_path_factory.mktemp("memory") / "house"
    with server.own_database(os.environ.get("HUIYIN_DATABASE_URL", ""), tables=True) as url:
        return memory.hunt(folder, url)


def test_no_planted_name_lies_in_a_file_an_environment_or_a_command_line(found: Found) -> None:
    assert found.on_disk == set()
    assert found.in_processes == set()


def test_no_private_key_is_in_the_memory_of_the_public_process(found: Found) -> None:
    assert found.looked_at > 10_000_000
    assert found.sure, "else this would look in the wrong place"
    assert found.keys_in_memory == set()


def test_one_of_each_class_is_read_back_by_opening_its_seal(found: Found) -> None:
    report, claim = found.told
    assert report == {"name": memory.name_of(40), "text": memory.text_of(40)}
    assert claim == {"name": memory.name_of(41), "text": memory.text_of(41)}
