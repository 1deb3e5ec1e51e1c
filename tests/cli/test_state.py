"""`huiyin state`: the desk's list in the shell, with an exit status that a timer understands."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_a_new_house_is_not_ready_and_says_what_to_do(run: Run, untouched: None) -> None:
    done = run("state")
    assert done.exit_code == 1
    assert "No body takes in what names no body" in done.output
    assert "Start huiyin serve" in done.output
    assert "The holidays of 2026 are entered" not in done.output
    assert "The holidays of 2026 are entered" in run("state", "--all").output


def test_a_monitor_reads_it_as_json(run: Run, untouched: None) -> None:
    done = run("state", "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["ready"]) == (1, False)
    assert {line["state"] for line in told["lines"]} <= {"good", "warn", "bad", "left"}
    assert all(line["todo"] for line in told["lines"] if line["state"] in {"warn", "bad"})
