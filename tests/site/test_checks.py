"""Unsafe settings refuse to start, each under its own id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from huiyin.site.checks import TAG, embedded

SQLITE = {"ENGINE": "django.db.backends.sqlite3"}
KEYS = (
    "identity.key",
    "identity.pub",
    "courier.key",
    "courier.pub",
    "relief.key",
    "relief.pub",
    "receipt.key",
    "receipt.certificate",
    "log.vkey",
)


@pytest.fixture
def sound(settings: Any, tmp_path: Path) -> Path:
    """Settings with nothing against them; answers the folder of the keys."""
    settings.DEBUG = settings.HTTPS = False
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    settings.DATA_DIR = tmp_path / "data"
    kept = settings.DATA_DIR / "keys"
    kept.mkdir(parents=True)
    settings.DATA_DIR.chmod(0o700)
    for name in KEYS:
        (kept / name).touch(mode=0o600)
    return Path(kept)


def found() -> set[str]:
    return {str(message.id) for message in run_checks(tags=[TAG], include_deployment_checks=True)}


def outside(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["petitions.example"]
    settings.HTTPS, settings.PUBLIC_URL, settings.ORIGIN = True, "https://petitions.example", "example"


def test_sound_settings_pass(sound: Path):
    assert found() == set()


# id -> the settings that bring it about
UNSAFE: dict[str, dict[str, Any]] = {
    "huiyin.E001": {"HTTPS": True, "DEBUG": True},
    "huiyin.E002": {"ALLOWED_HOSTS": ["petitions.example"]},
    "huiyin.E006": {"PUBLIC_URL": "http://192.0.2.7", "DEBUG": True},
    "huiyin.E007": {"ALLOWED_HOSTS": ["*"]},
    "huiyin.E008": {"HTTPS": True},
    "huiyin.W001": {"ALLOWED_HOSTS": ["petitions.example"]},
}


@pytest.mark.parametrize("number", UNSAFE)
def test_each_unsafe_setting_is_named(number: str, sound: Path, settings: Any):
    for name, value in UNSAFE[number].items():
        setattr(settings, name, value)
    assert number in found()


@pytest.mark.parametrize(
    ("number", "options"),
    [
        ("huiyin.E003", {"init_command": "PRAGMA synchronous=FULL;"}),
        ("huiyin.E009", {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=NORMAL;"}),
    ],
)
def test_an_embedded_database_that_loses_petitions_is_named(number: str, options: dict[str, str]):
    assert [str(message.id) for message in embedded({**SQLITE, "OPTIONS": options})] == [number]
    assert not list(embedded({"ENGINE": "django.db.backends.postgresql"}))


def test_a_key_that_others_can_read_is_named(sound: Path):
    (sound / "identity.key").chmod(0o640)
    assert found() == {"huiyin.E004"}


def test_a_missing_key_is_named(sound: Path):
    (sound / "courier.pub").unlink()
    assert found() == {"huiyin.E005"}


def test_a_folder_that_others_can_enter_is_warned_of(sound: Path):
    sound.parent.chmod(0o755)
    assert found() == {"huiyin.W002"}


def test_a_named_installation_behind_https_may_be_reached_from_outside(sound: Path, settings: Any):
    outside(settings)
    assert found() == set()


def test_the_public_zone_needs_no_key_that_opens_anything(sound: Path, settings: Any):
    settings.ZONE = "public"
    (sound / "identity.key").unlink()
    (sound / "relief.key").unlink()
    assert found() == set()
    settings.ZONE = "desk"
    assert found() == {"huiyin.E005"}
