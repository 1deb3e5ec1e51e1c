"""A client that others' program makes from openapi.json, tried against the door (openapi-python-client)."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from huiyin.doors.api import openapi as public
from huiyin.doors.officer.api import openapi as desk
from huiyin.registry.models import Officer, Petition
from tests.cast import lodge
from tests.officer.programs import Program

pytestmark = pytest.mark.filterwarnings("default")  # of others' code
Made = Callable[[str, dict[str, Any]], ModuleType]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """`made("name", document)`: the package that the generator makes of a description."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def generate(name: str, document: dict[str, Any]) -> ModuleType:
        described = tmp_path / f"{name}.json"
        described.write_text(json.dumps(document))
        done = subprocess.run(
            [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(described),
             "--output-path", str(tmp_path / name), "--meta", "none"],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        # It says so where it leaves out what it cannot make.
        assert "unsupported" not in done.stdout.lower(), done.stdout
        return importlib.import_module(name)

    return generate


def _of(package: ModuleType, where: str) -> Any:
    return importlib.import_module(f"{package.__name__}.{where}")


def test_a_generated_client_files_follows_and_moves(
    made: Made, transactional_db: None, cast: dict[str, Officer], live_server: Any
) -> None:
    package = made("made_public", public.document())
    models = _of(package, "models")
    client = package.Client(base_url=f"{live_server.url}/api/v1")
    with client:
        said = models.PetitionIn(subject="路灯坏了", text="我们小区的路灯坏了三个月。")
        filed = _of(package, "api.default.file").sync(client=client, body=said)
        assert isinstance(filed, models.FiledOut), filed
        told = _of(package, "api.default.follow").sync(filed.ref, client=client, huiyin_key=filed.key)
        assert (told.subject, told.state.open_) == ("路灯坏了", True)
        move = models.MoveIn(move="add-information")
        move.contents = models.MoveInContents.from_dict({"information": "又坏了一盏"})
        after = _of(package, "api.default.move").sync(
            filed.ref, client=client, huiyin_key=filed.key, body=move
        )
        assert len(after.timeline) == len(told.timeline) + 1
        wrong = _of(package, "api.default.follow").sync(filed.ref, client=client, huiyin_key="no")
        assert (wrong.code, wrong.status) == ("not-found", 404)
        bodies = _of(package, "api.default.bodies").sync(client=client, limit=2)
        assert len(bodies.bodies) == 2
        assert _of(package, "api.default.bodies").sync(client=client, cursor=bodies.next_).bodies


def test_a_generated_client_works_at_the_desk(
    made: Made, transactional_db: None, cast: dict[str, Officer], live_server: Any
) -> None:
    filed = lodge()
    package = made("made_desk", desk.document())
    models = _of(package, "models")
    client = package.AuthenticatedClient(
        base_url=f"{live_server.url}/desk/api/v1", token=Program("olga").token
    )
    with client:
        inbox = _of(package, "api.default.inbox").sync(client=client)
        assert [line.ref for line in inbox.petitions] == [filed.ref]
        answer = _of(package, "api.default.petition").sync_detailed(filed.ref, client=client)
        move = models.DeskMoveIn(move="register")
        done = _of(package, "api.default.move").sync(
            filed.ref, client=client, if_match=answer.headers["ETag"], body=move
        )
        assert (done.move, done.state.code) == ("register", Petition.objects.get(ref=filed.ref).state)
