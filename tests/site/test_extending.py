"""The four places for a class of the operator's own: the package of docs/operate/extending.md, installed."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from huiyin.clerk.courier import deliver
from huiyin.core import extending
from huiyin.core.extending import NoSuchClass
from huiyin.doors.cli import columns
from huiyin.doors.cli.words import Problem
from huiyin.reading import tables
from huiyin.registry import attachments, stores
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Attachment
from huiyin.site import environment
from huiyin.site.checks import TAG
from huiyin.site.environment import Texts
from huiyin.vault import holders, keys, unseal
from huiyin.vault.keys import KeyRefused
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, Walk, lodge

PAGE = Path(__file__).resolve().parents[2] / "docs/operate/extending.md"
PICTURE = Upload("灯.txt", "三盏路灯不亮".encode())


def wheel(folder: Path) -> Path:
    """The package of the page, packed as any other."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("```python\n")
    source = rest.partition("```")[0]
    path = folder / "county-1.0-py3-none-any.whl"
    about = "county-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("county.py", source)
        packed.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: county\nVersion: 1.0\n")
        packed.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has put it."""
    folder = tmp_path_factory.mktemp("packages")
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target"]
    subprocess.run([*words, str(folder), str(wheel(folder))], check=True)
    return folder


@pytest.fixture
def county(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(installed))
    monkeypatch.setenv("COUNTY", str(tmp_path))
    stores._named.cache_clear()
    holders._named.cache_clear()
    yield importlib.import_module("county")
    stores._named.cache_clear()
    holders._named.cache_clear()
    sys.modules.pop("county", None)


def test_a_notice_goes_out_by_a_channel_of_ones_own(
    cast: Any, county: ModuleType, tmp_path: Path, settings: Any
) -> None:
    settings.TEXTS = Texts("", "county:Gateway")
    lodge(author=Person(name="张三", phone="13800138000", texts=True))
    assert deliver(NOW) == {"text": 1}
    (message,) = tmp_path.glob("*.json")
    number, text = json.loads(message.read_text())
    assert number == "13800138000"
    assert "有新进展" in text


def test_attachments_lie_in_a_store_of_ones_own(
    cast: Any, county: ModuleType, tmp_path: Path, settings: Any
) -> None:
    settings.ATTACHMENTS_STORE = "county:Store"
    settings.ATTACHMENTS_DIR = tmp_path / "nowhere"
    walk = Walk(lodge(uploads=[PICTURE]))
    row = Attachment.objects.get(petition=walk.petition)
    assert (tmp_path / row.sha256).read_bytes() == PICTURE.content
    assert attachments.read(row) == PICTURE.content
    assert not settings.ATTACHMENTS_DIR.exists()
    with stores.laid_out([row.sha256, "0" * 64]) as place:
        assert [path.name for path in place.rglob("*") if path.is_file()] == [row.sha256]
    assert not place.exists()
    row.delete()
    attachments.drop_unused(row.sha256)
    assert not stores.store().has(row.sha256)
    with pytest.raises(FileNotFoundError):
        attachments.read(row)


def test_seals_open_by_keys_that_lie_elsewhere(
    cast: Any, county: ModuleType, tmp_path: Path, settings: Any
) -> None:
    filed = Walk(lodge()).petition
    own = [keys.folder() / f"{name}.key" for name in (keys.IDENTITY, keys.CONTACT)]
    try:
        for path in own:
            path.rename(tmp_path / path.name)
        with pytest.raises(KeyRefused):
            unseal.open_identity(filed.pk)
        settings.KEY_HOLDER = "county:Holder"
        assert unseal.open_identity(filed.pk).name == "张三"
        assert deliver(NOW) == {"e-mail": 1}
        assert keys.make_missing() == []  # it makes none in the place of those that lie elsewhere
        settings.ZONE = "public"
        with pytest.raises(KeyRefused):
            unseal.open_identity(filed.pk)
    finally:
        for path in own:
            (tmp_path / path.name).rename(path)


def test_a_list_of_another_kind_is_read_and_still_judged(
    county: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_IMPORTERS", "county:Importer")
    path = tmp_path / "old.bars"
    path.write_text(
        "标题|内容|留言时间|身份证号\n路灯|不亮|2026-03-02|110101199001011234\n", encoding="utf-8"
    )
    table = columns.opened(path)
    assert [line.cells["标题"] for line in table.lines()] == ["路灯"]
    assert "身份证号" not in columns.choose(table.headings).values()
    plain = tmp_path / "old.csv"
    plain.write_text("标题,内容\n路灯,不亮\n", encoding="utf-8")
    assert columns.opened(plain).headings == ("标题", "内容")
    assert tables.Lists().reads("anything", b"")


# ---- what is built in keeps to the same protocols


@pytest.mark.django_db
def test_the_built_in_ones_are_examples_of_them(tmp_path: Path, settings: Any) -> None:
    folder = stores.Folder(tmp_path)
    for _ in range(2):
        folder.put("ab" * 32, b"x")
    assert folder.get("ab" * 32) == b"x"
    assert folder.has("ab" * 32)
    for _ in range(2):
        folder.drop("ab" * 32)
    assert not folder.has("ab" * 32)
    with pytest.raises(FileNotFoundError):
        folder.get("ab" * 32)
    assert isinstance(stores.store(), stores.Folder)
    assert isinstance(holders.holder(), holders.Files)


# ---- what cannot be used


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("nowhere_at_all:Store", "cannot be loaded"),
        ("county:Nothing", "cannot be loaded"),
        ("county:Gateway", "has no put, get, has, drop"),
        ("county.Store", "package.module:Class"),
        ("huiyin.registry.stores:Folder", "without arguments"),
    ],
)
def test_a_class_that_cannot_be_used_says_why(county: ModuleType, named: str, says: str) -> None:
    with pytest.raises(NoSuchClass, match=says):
        extending.made(stores.SETTING, named, stores.DOES)


def test_it_is_refused_at_the_start(county: ModuleType, settings: Any) -> None:
    def found() -> set[str]:
        messages = run_checks(tags=[TAG], include_deployment_checks=True)
        return {str(each.msg) for each in messages if each.id == "huiyin.E012"}

    settings.ATTACHMENTS_STORE = "county:Store"
    settings.KEY_HOLDER = "county:Holder"
    settings.TEXTS = Texts("", "county:Gateway")
    assert found() == set()
    settings.ATTACHMENTS_STORE = settings.KEY_HOLDER = "county:Nothing"
    settings.TEXTS = Texts("", "county:Nothing")
    assert {text.partition("=")[0] for text in found()} == {
        "HUIYIN_ATTACHMENTS",
        "HUIYIN_KEY_HOLDER",
        "HUIYIN_TEXTS",
    }


def test_a_setting_names_a_class_or_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_ATTACHMENTS", "s3://bucket")
    with pytest.raises(ImproperlyConfigured, match=r"package\.module:Class"):
        environment.named("HUIYIN_ATTACHMENTS")
    monkeypatch.setenv("HUIYIN_IMPORTERS", "nowhere_at_all:Importer")
    path = tmp_path / "list.csv"
    path.write_text("a\n")
    with pytest.raises(Problem):
        columns.opened(path)
