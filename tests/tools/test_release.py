"""What a release is made of: the wheel carries all that runs; what starts it names commands that exist."""

from __future__ import annotations

import configparser
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
import yaml

from huiyin.doors.cli.commands import huiyin

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
OF_OURS = {name: kept for name, kept in COMPOSE["services"].items() if kept["image"] == "huiyin"}


def can_be_typed(words: list[str]) -> None:
    name, *rest = words
    context = click.Context(huiyin, info_name="huiyin")
    command = huiyin.get_command(context, name)
    assert command is not None, f"there is no huiyin {name}"
    inside = click.Context(command, parent=context, info_name=name)
    values, left, _ = command.make_parser(inside).parse_args(args=rest)
    missing = [p.name for p in command.params if p.required and not values.get(p.name or "")]
    assert (left, missing) == ([], [])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "build", "--quiet", "--wheel", "--offline", "--out-dir", made, ROOT], check=True)
    (found,) = made.glob("*.whl")
    with zipfile.ZipFile(found) as packed:
        packed.extractall(made / "in")
    return made / "in"


def test_the_wheel_carries_every_file_of_the_source(wheel: Path) -> None:
    said = subprocess.run(
        ["git", "ls-files", "src/huiyin"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    ours = {line.removeprefix("src/") for line in said.splitlines() if (ROOT / line).exists()}
    packed = {path.relative_to(wheel).as_posix() for path in wheel.glob("huiyin/**/*") if path.is_file()}
    assert ours - packed == set()
    assert any(wheel.glob("huiyin-*.dist-info/licenses/LICENSE"))


def test_what_it_carries_runs_without_the_source(wheel: Path, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    kept |= {"PYTHONPATH": str(wheel), "HUIYIN_DATA_DIR": str(tmp_path / "data"), "LANG": "C.UTF-8"}

    def typed(*words: str) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "huiyin.doors.cli", *words],
            env=kept,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    assert "Spring Festival" in typed("due", "cn-2022", "objection", "2026-02-11")
    typed("setup")
    typed("administrator", "ada", "--body", "shi", "--named", "某市人民政府", "--above", "某省人民政府")
    where = "import huiyin, sys; sys.stdout.write(huiyin.__file__)"
    told = subprocess.run([sys.executable, "-c", where], env=kept, capture_output=True, text=True, check=True)
    assert told.stdout.startswith(str(wheel))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_each_unit_starts_a_command_that_exists_and_lets_it_do_little(unit: Path) -> None:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(unit.read_text(encoding="utf-8"))
    service = dict(read["Service"])
    line = service["ExecStart"]
    words = shlex.split(shlex.split(line)[2] if line.startswith("/bin/sh") else line)
    can_be_typed(words[words.index("/opt/huiyin/bin/huiyin") + 1 :])
    assert service["User"] == "huiyin"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["LimitCORE"] == "0"  # no core dump holds what was opened


def test_the_containers_write_nothing_but_their_volume_and_run_what_exists() -> None:
    assert set(OF_OURS) == {"setup", "public", "desk", "clerk", "courier"}
    for kept in OF_OURS.values():
        can_be_typed(kept["command"])
        assert kept["read_only"] is True
        assert kept["cap_drop"] == ["ALL"]
    assert "USER 10001" in (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
