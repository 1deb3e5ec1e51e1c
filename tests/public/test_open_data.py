"""The page of open data and its files: what the log says, in three forms that agree."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pyarrow import parquet

from huiyin.core import open_data
from huiyin.site import open_data as made
from tests.public.test_pages import page
from tests.verifying.made_log import MadeLog, honest


@pytest.fixture
def published(settings, tmp_path: Path) -> MadeLog:
    log = honest()
    settings.LOG_DIR = log.write(tmp_path / "log")
    return log


def get(name: str, period: str = "2026-01") -> bytes:
    answer = Client().get(f"/figures/open/{period}/{name}")
    assert answer.status_code == 200, name
    return bytes(answer.content)


def test_the_page_lists_each_month_with_its_files(bodies: Any, published: MadeLog) -> None:
    html = page("/figures/open/", "en")
    for name in ("terms.csv", "terms.json", "terms.parquet", "datapackage.json"):
        assert f'href="/figures/open/2026-01/{name}"' in html
    assert "/figures/open/2026-01/huiyin-open-data-2026-01.zip" in html
    assert "January 2026" in html
    assert "in_time_low" in html
    assert "2026年1月" in page("/figures/open/")


def test_before_anything_is_counted_the_page_says_so(bodies: Any, settings: Any, tmp_path: Path) -> None:
    settings.LOG_DIR = tmp_path / "nothing"
    assert "Nothing is counted yet" in page("/figures/open/", "en")
    assert Client().get("/figures/open/2026-01/terms.csv").status_code == 404


def test_the_three_forms_say_what_the_log_says(bodies: Any, published: MadeLog) -> None:
    lines = list(csv.DictReader(io.StringIO(get("terms.csv").decode())))
    told = json.loads(get("terms.json"))
    table = parquet.read_table(io.BytesIO(get("terms.parquet"))).to_pylist()
    assert told == table
    assert [{name: "" if v is None else str(v) for name, v in row.items()} for row in told] == lines
    found = made.source()
    assert found
    for row in told:
        cohort = next(
            c
            for c in found.figures.cohorts
            if (c.bodies, c.clock) == (f"{row['group']} {row['code']}".strip(), row["clock"])
        )
        assert row["began"] == found.figures.cohorts[cohort].began


def test_the_dictionary_describes_every_file_and_column(bodies: Any, published: MadeLog) -> None:
    package = json.loads(get("datapackage.json"))
    for resource in package["resources"]:
        content = get(resource["path"])
        assert (resource["bytes"], resource["hash"]) == (
            len(content),
            f"sha256:{hashlib.sha256(content).hexdigest()}",
        )
        if resource["path"].endswith(".csv"):
            names = [field["name"] for field in resource["schema"]["fields"]]
            assert content.decode().splitlines()[0].split(",") == names
            assert all(field["description"] for field in resource["schema"]["fields"])
    assert package["log"]["size"] == len(published.leaves)
    assert "县住建局" in get("bodies.csv").decode()


def test_the_zip_holds_them_all_and_is_the_same_each_time(bodies: Any, published: MadeLog) -> None:
    name = "huiyin-open-data-2026-01.zip"
    first = get(name)
    assert first == get(name)
    packed = zipfile.ZipFile(io.BytesIO(first))
    package = json.loads(packed.read("datapackage.json"))
    assert {each["path"] for each in package["resources"]} | {"datapackage.json"} == set(packed.namelist())


def test_what_is_no_file_of_it_is_not_found(bodies: Any, published: MadeLog) -> None:
    for address in ("2026-01/passwd", "2026-13/terms.csv", "2027-01/terms.csv", "2026-01/..%2Fkey"):
        assert Client().get(f"/figures/open/{address}").status_code == 404, address


def test_without_parquet_the_rest_is_there(
    bodies: Any, published: MadeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "has_parquet", lambda: False)
    assert "terms.parquet" not in page("/figures/open/")
    known = made.source()
    assert known
    assert {"terms.csv", "terms.json", "datapackage.json"} <= set(made.files(known, "2026-01"))


def test_made_anew_from_the_leaves_it_is_the_same(bodies: Any, published: MadeLog) -> None:
    known = made.source()
    assert known
    anew = made.reckoned(known.size, known.root)
    assert open_data.rows(anew, "2026-01", 20) == open_data.rows(known.figures, "2026-01", 20)
