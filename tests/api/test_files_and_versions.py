"""Files sent by a machine, and moves that are made on what their sender looked at."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from huiyin.registry.attachments import MOST_BYTES
from huiyin.registry.models import Attachment, Petition
from huiyin.site import staging
from tests.api.conftest import PETITION, PETITIONS
from tests.cast import Walk

WORDS = "西墙裂缝，三指宽。".encode()


def sent(content: bytes = WORDS, name: str = "照片说明.txt", **more: Any) -> Any:
    said = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"} if name else {}
    return Client().post(
        "/api/v1/attachments", content, content_type="application/octet-stream", headers=said | more
    )


def follow(ref: str, key: str, tail: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): words for name, words in headers.items()}
    return Client().get(f"{PETITIONS}/{ref}{tail}", headers={"Huiyin-Key": key} | named)


def test_a_file_is_sent_named_by_a_petition_and_read_back(send: Any) -> None:
    waits = sent().json()
    assert (waits["name"], waits["size"]) == ("照片说明.txt", len(WORDS))
    assert WORDS not in b"".join(path.read_bytes() for path in staging.folder().iterdir())
    made = send({**PETITION, "attachments": [waits["file"]]}).json()
    (told,) = follow(made["ref"], made["key"]).json()["attachments"]
    assert (told["name"], told["sha256"], told["media_type"]) == (
        waits["name"],
        waits["sha256"],
        "text/plain",
    )
    answer = follow(made["ref"], made["key"], f"/attachments/{told['number']}")
    assert b"".join(answer.streaming_content) == WORDS
    assert answer["Content-Disposition"].startswith("attachment;")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/plain", "no-store")
    for ref, key, number in (
        (made["ref"], "K7QM2-XWP9A-TD4H8-CZR3N", told["number"]),
        (made["ref"], made["key"], told["number"] + 1),
        (made["ref"], made["key"], 10**30),
    ):
        assert follow(ref, key, f"/attachments/{number}").status_code == 404


def test_the_file_of_another_petition_is_none_of_theirs(send: Any, walk: Walk) -> None:
    made = send({**PETITION, "attachments": [sent().json()["file"]]}).json()
    other = Attachment.objects.get(petition__ref=made["ref"])
    assert follow(walk.ref, walk.key, f"/attachments/{other.pk}").status_code == 404


def test_a_report_s_file_lies_under_seal_and_opens_with_its_key(send: Any) -> None:
    said = {**PETITION, "kind": "report", "against": ["zj"], "attachments": [sent().json()["file"]]}
    made = send(said).json()
    kept = Attachment.objects.get(petition__ref=made["ref"])
    assert kept.data_key is not None
    assert kept.name != "照片说明.txt"
    answer = follow(made["ref"], made["key"], f"/attachments/{kept.pk}")
    assert b"".join(answer.streaming_content) == WORDS


def test_a_file_that_is_gone_or_not_ours_files_nothing(send: Any) -> None:
    waits = sent().json()["file"]
    staging.opened(waits).drop()  # type: ignore[union-attr]
    for files in ([waits], ["none of ours"], [sent().json()["file"], waits]):
        answer = send({**PETITION, "attachments": files})
        assert (answer.status_code, answer.json()["code"]) == (422, "attachment")
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (WORDS, "", 400, "file-name"),
        (WORDS, "a.exe", 422, "attachment"),
        (b"\x00" * 20, "a.pdf", 422, "attachment"),
    ],
)
def test_what_no_petition_can_have_is_refused(
    db: None, content: bytes, name: str, status: int, code: str
) -> None:
    answer = sent(content, name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_one_that_is_too_large_is_refused_before_it_is_read(db: None) -> None:
    answer = Client().generic(
        "POST", "/api/v1/attachments", b"", content_type="application/octet-stream",
        CONTENT_LENGTH=str(MOST_BYTES + 1), headers={"Content-Disposition": 'attachment; filename="a.txt"'},
    )  # fmt: skip
    assert answer.status_code == 413
    answer = Client().generic(
        "POST", "/api/v1/attachments", b"", content_type="application/octet-stream",
        CONTENT_LENGTH="", headers={"Content-Disposition": 'attachment; filename="a.txt"'},
    )  # fmt: skip
    assert answer.status_code == 411


# ---- versions


def test_a_petition_that_has_not_changed_is_not_sent_again(walk: Walk) -> None:
    first = follow(walk.ref, walk.key)
    assert first["ETag"].startswith(f'"v{walk.petition.version}-')
    again = follow(walk.ref, walk.key, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert follow(walk.ref, "K7QM2-XWP9A-TD4H8-CZR3N", If_None_Match=first["ETag"]).status_code == 404
    walk("register", "olga")
    assert follow(walk.ref, walk.key, If_None_Match=first["ETag"]).status_code == 200


def move(walk: Walk, **headers: str) -> Any:
    said = {"move": "add-information", "contents": {"information": "又坏了一盏"}}
    named = {name.replace("_", "-"): words for name, words in headers.items()}
    return Client().post(
        f"{PETITIONS}/{walk.ref}/moves", json.dumps(said), content_type="application/json",
        headers={"Huiyin-Key": walk.key} | named,
    )  # fmt: skip


def test_a_move_is_made_on_the_version_that_was_looked_at(walk: Walk) -> None:
    tag = follow(walk.ref, walk.key)["ETag"]
    walk("register", "olga")
    answer = move(walk, If_Match=tag)
    assert (answer.status_code, answer.json()["code"]) == (412, "moved-meanwhile")
    fresh = follow(walk.ref, walk.key)["ETag"]
    assert move(walk, If_Match=fresh).status_code == 200
    assert move(walk, If_Match="*").status_code == 200
    assert move(walk).status_code == 200
    for wrong in ('"x"', "v1", 'W/"v1-0000000000000000"'):
        answer = move(walk, If_Match=wrong)
        assert (answer.status_code, answer.json()["code"]) == (412, "if-match")
