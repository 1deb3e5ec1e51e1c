"""The desk for programs: what its pages show and do, under the same access, the same moves and refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.doors.officer import sifting
from huiyin.doors.officer.api import shapes
from huiyin.doors.officer.api.openapi import OPERATIONS, document
from huiyin.doors.officer.api.openapi import urlpatterns as addresses
from huiyin.reading import labels
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Entry, Export, Officer, Reading
from huiyin.site import typed
from huiyin.site.problem import ProblemOut
from tests.cast import FINDING, REQUESTS, Walk
from tests.officer.programs import API, Program
from tests.officer.test_walls import ARGUMENTS

At = Callable[..., Walk]


def test_every_address_is_described(cast: dict[str, Officer]) -> None:
    described = Program("otto").get("openapi.json").json()
    assert described == json.loads(json.dumps(document()))
    offered = {re.sub(r"<\w+:(\w+)>", r"/{\1}", str(url.pattern)).replace("//", "/") for url in addresses}
    assert {f"api/v1{path}" for path in described["paths"]} == {
        url for url in offered if "openapi" not in url and not url.startswith("^")
    }
    for way in described["paths"].values():
        for told in way.values():
            assert told["security"] == [{"token": []}]
            assert "401" in told["responses"]


def test_its_filters_are_those_of_the_page() -> None:
    kinds = get_type_hints(shapes.InboxIn, include_extras=True)
    for name, choices in (
        ("who", sifting.WHO),
        ("due", sifting.DUE),
        ("news", sifting.NEWS),
        ("sort", sifting.SORTS),
    ):
        assert set(get_args(kinds[name])) == {code for code, _ in choices}
    assert set(get_args(kinds["status"])) == {"", *(code for code, _ in sifting.STATUS)}


# ---- lists


def test_the_inbox_is_that_of_the_page(at: At, desk: Any) -> None:
    refs = [at("accepted", days=day).ref for day in (1, 100, 3)]
    program = Program("otto")
    told = program.told("inbox", "petitions")
    shown = desk("otto").get("/desk/").context["lines"]
    assert [line.ref for line in told.petitions] == [line.petition.ref for line in shown]
    assert {line.ref for line in told.petitions} == set(refs)
    late = program.told("inbox", "petitions", {"due": "late"}).petitions
    assert [line.ref for line in late] == [refs[1]]
    assert (late[0].due.late, late[0].due.clock, late[0].state.code) == (True, "handling", "accepted")
    assert program.told("inbox", "petitions", {"who": "mine"}).petitions == []
    assert program.told("inbox", "petitions", {"body": "zj", "kind": "claim"}).petitions == told.petitions


def test_the_inbox_is_turned_to_its_end(at: At) -> None:
    for day in (1, 2, 3, 4):
        at("accepted", days=day)
    program = Program("otto")
    for sort in ("", "newest", "oldest", "moved"):
        whole = [line.ref for line in program.told("inbox", "petitions", {"sort": sort}).petitions]
        turned: list[str] = []
        cursor = ""
        while cursor or not turned:
            page = program.told("inbox", "petitions", {"sort": sort, "limit": 2, "cursor": cursor})
            turned += [line.ref for line in page.petitions]
            cursor = page.next or ""
        assert turned == whole
        assert len(turned) == 4


@pytest.mark.parametrize(
    "wrong", [{"state": "nowhere"}, {"body": "jt"}, {"kind": "x"}, {"who": "me"}, {"q": "x"}]
)
def test_a_filter_that_means_nothing_here_is_named(cast: Any, wrong: dict[str, str]) -> None:
    answer = Program("otto").get("petitions", wrong)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == set(wrong)


def test_the_inbox_takes_a_constant_number_of_queries(at: At) -> None:
    at("accepted")
    program = Program("otto")
    program.get("petitions")
    with CaptureQueriesContext(connection) as few:
        program.get("petitions")
    for day in (1, 2, 3):
        at("accepted", days=day)
    with CaptureQueriesContext(connection) as many:
        program.get("petitions")
    assert len(many) == len(few)


def test_the_board_is_that_of_the_page(at: At, desk: Any) -> None:
    walk = at("accepted", days=100)
    program = Program("sven")
    told = program.told("board", "board")
    (load,) = [each for each in told.bodies if each.body.code == "zj"]
    shown = [load for load, _ in desk("sven").get("/desk/supervise/").context["loads"]]
    assert [(each.body.code, each.late) for each in told.bodies] == [(s.body.code, s.late) for s in shown]
    assert load.late == 1
    assert [why.count for why in told.reasons] == [1]
    behind = program.told("board_petitions", "board/petitions", {"due": "late", "body": "zj"}).petitions
    assert [line.ref for line in behind] == [walk.ref]
    why = told.reasons[0].why
    assert len(program.told("board_petitions", "board/petitions", {"why": why}).petitions) == 1
    assert program.get("board/petitions", {"why": "nothing"}).status_code == 422
    assert Program("otto").get("board").status_code == 404


# ---- one petition


def test_a_handler_reads_it_as_it_is_and_others_masked(at: At) -> None:
    walk = at("accepted", subject="路灯坏了", text="我叫欧阳娜娜，电话13711112222，路灯坏了。")
    whole = Program("otto").told("petition", f"petitions/{walk.ref}")
    assert (whole.masked, whole.closed, whole.version) == (False, False, walk.petition.version)
    assert "13711112222" in whole.text
    assert {clock.clock for clock in whole.clocks if clock.owed} == {"handling"}
    assert "submit-opinion" in {each.move for each in whole.moves}
    assert whole.timeline[-1].officer == "otto"
    masked = Program("olga").told("petition", f"petitions/{walk.ref}")
    assert masked.masked
    assert "13711112222" not in masked.text
    assert "欧阳娜娜" not in masked.text
    for login in ("tina", "ada", "audrey", "dora", "rolf"):
        known = Program(login).get(f"petitions/{walk.ref}")
        unknown = Program(login).get("petitions/HY-00000-00000")
        assert (known.status_code, known.content) == (404, unknown.content)


def test_nobody_reaches_by_a_program_what_the_page_hides(at: At) -> None:
    """Every address that names a petition, by everybody who may not see it: as if there were none."""
    walk = at("accepted")
    before = Entry.objects.count(), walk.petition.version
    for login in ("tina", "ada", "audrey", "dora", "rolf"):
        program = Program(login)
        for operation in OPERATIONS:
            if "{ref}" not in operation.path:
                continue
            told = []
            for ref in (walk.ref, "HY-00000-00000"):
                path = operation.path.format(**ARGUMENTS | {"ref": ref})
                asked = program.get(path) if operation.method == "GET" else program.move(ref, "accept", "*")
                told.append((asked.status_code, asked.content))
            assert told[0] == told[1], (login, operation.name)
            assert told[0][0] == 404
    assert (Entry.objects.count(), walk.petition.version) == before


def test_a_report_opened_by_a_program_is_on_record_and_closed_to_others(at: At) -> None:
    walk = at("handing-over", kind="report", against=("xf",), text="有人收钱。")
    assert Program("olga").get(f"petitions/{walk.ref}").status_code == 404
    assert Program("otto").get(f"petitions/{walk.ref}").status_code == 404
    reader = Officer.objects.get(login="dora")
    told = Program("dora").told("petition", f"petitions/{walk.ref}")
    assert told.text == "有人收钱。"
    assert [row.officer for row in Reading.objects.all()] == [reader]


def test_an_unchanged_petition_is_not_sent_again(at: At) -> None:
    walk = at("accepted")
    program = Program("otto")
    program.get(f"petitions/{walk.ref}")  # from now on nothing is new to otto
    tag = program.get(f"petitions/{walk.ref}")["ETag"]
    assert program.get(f"petitions/{walk.ref}", If_None_Match=tag).status_code == 304


# ---- moves


def test_a_petition_is_handled_by_a_program_to_its_opinion(at: At) -> None:
    walk = at("lodged")
    register = Program("olga").move(walk.ref, "register")
    made = typed.decode(register.content, shapes.MadeOut)
    assert (made.move, made.seen, made.version) == ("register", True, walk.petition.version)
    # The next move may rest on what the last one answered.
    entrusted = Program("olga").move(walk.ref, "transfer", register["ETag"], body="zj")
    assert entrusted.status_code == 200, entrusted.content
    otto = Program("otto")
    moves: tuple[tuple[str, dict[str, Any]], ...] = (
        ("accept", {}),
        ("set-out-requests", {"requests": REQUESTS}),
        ("submit-opinion", {"answers": [{**FINDING, "outcome": "support"}]}),
    )
    for verb, said in moves:
        answer = otto.move(walk.ref, verb, **said)
        assert answer.status_code in {200, 409}, answer.content
    entry = walk.petition.entries.order_by("-seq")[0]
    assert (entry.event, str(entry.officer and entry.officer.login)) == ("opinion-submitted", "otto")


def test_a_refusal_is_that_of_the_page_with_its_article(at: At) -> None:
    walk = at("accepted")
    answer = Program("otto").move(walk.ref, "accept")
    assert answer.status_code == 409
    problem = typed.decode(answer.content, ProblemOut)
    assert problem.code == "wrong-state"
    answer = Program("otto").move(walk.ref, "extend")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-role")
    answer = Program("otto").move(walk.ref, "set-out-requests")
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {"requests"})


def test_a_move_needs_the_version_that_was_looked_at(at: At) -> None:
    walk = at("accepted")
    program = Program("otto")
    said = {"move": "entrust", "contents": {"officer": "otto"}}
    answer = program.post(f"petitions/{walk.ref}/moves", said)
    assert (answer.status_code, answer.json()["code"]) == (428, "if-match")
    old = program.get(f"petitions/{walk.ref}")["ETag"]
    walk("add-information", "author", information="又坏了一盏")
    answer = program.post(f"petitions/{walk.ref}/moves", said, If_Match=old)
    assert (answer.status_code, answer.json()["code"]) == (412, "moved-meanwhile")
    assert program.post(f"petitions/{walk.ref}/moves", said, If_Match="*").status_code == 200


def test_no_seal_over_a_name_opens_here(at: At) -> None:
    walk = at("accepted")
    program = Program("otto")
    assert "unseal" not in {each.move for each in program.told("petition", f"petitions/{walk.ref}").moves}
    answer = program.move(walk.ref, "unseal", purpose="serve")
    assert (answer.status_code, answer.json()["code"]) == (409, "by-a-person")
    assert not walk.petition.entries.filter(event="identity-opened").exists()


def test_words_that_label_a_person_are_kept_knowingly_or_not_at_all(at: At) -> None:
    walk = at("accepted")
    program, path = Program("otto"), f"petitions/{walk.ref}/moves"
    said = {"move": "add-information", "contents": {"information": "此人是缠访户，多次闹访"}}
    answer = program.post(path, said, If_Match="*")
    problem = typed.decode(answer.content, ProblemOut)
    assert (answer.status_code, problem.code) == (409, "label-words")
    found = labels.found(said["contents"]["information"])  # type: ignore[index]
    assert found
    assert all(word in problem.detail for word in found)
    assert program.post(path, said | {"kept": list(found)}, If_Match="*").status_code == 200


# ---- letters and files


def test_a_file_is_sent_with_a_move_and_taken_on_record(at: At) -> None:
    walk = at("accepted")
    program = Program("otto")
    sent = program.client.post(
        f"{API}/attachments", b"three lamps", content_type="application/octet-stream",
        headers=program.headers({"Content-Disposition": "attachment; filename*=UTF-8''lamps.txt"}),
    )  # fmt: skip
    assert sent.status_code == 201, sent.content
    said = {
        "move": "add-information",
        "contents": {"information": "附照片"},
        "attachments": [sent.json()["file"]],
    }
    answer = program.post(f"petitions/{walk.ref}/moves", said, If_Match="*")
    assert answer.status_code == 200, answer.content
    (file,) = program.told("petition", f"petitions/{walk.ref}").attachments
    path = f"petitions/{walk.ref}/attachments/{file.number}"
    taken = program.get(path)
    assert b"".join(taken.streaming_content) == b"three lamps"
    taken_by = [(each.what, each.officer and each.officer.login) for each in Export.objects.all()]
    assert taken_by == [("file", "otto")]
    assert Program("olga").get(path).status_code == 404


def test_who_does_not_handle_it_cannot_know_a_file_again(at: At) -> None:
    walk = at("accepted", uploads=[Upload("13911112222.txt", b"three lamps")])
    (whole,) = Program("otto").told("petition", f"petitions/{walk.ref}").attachments
    (masked,) = Program("olga").told("petition", f"petitions/{walk.ref}").attachments
    assert len(whole.sha256) == 64
    assert (masked.sha256, masked.size) == ("", whole.size)
    assert "13911112222" not in masked.name


def test_a_letter_is_taken_as_pdf_and_that_is_on_record(at: At) -> None:
    walk = at("accepted")
    program = Program("otto")
    told = program.told("petition", f"petitions/{walk.ref}")
    seq = next(step.seq for step in told.timeline if step.document)
    answer = program.get(f"petitions/{walk.ref}/letters/{seq}")
    assert answer.content.startswith(b"%PDF") or answer.json()["code"] == "no-typeface"
    if answer.status_code == 200:
        assert [each.what for each in Export.objects.all()] == ["letter-pdf"]
    assert program.get(f"petitions/{walk.ref}/letters/1").status_code == 404
