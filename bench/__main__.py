"""Measures, each against a named floor in the same run: `python -m bench [WHAT …] [--rounds N]`,
or of reading alone: `python -m bench reading SUBJECT`; or a search for faults: `python -m bench api`;
or the published figures reckoned a second time: `python -m bench figures`; or what was measured last, drawn:
`python -m bench draw`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

from bench import (
    api,
    board,
    copies,
    figures,
    filing,
    footprint,
    growth,
    inbox,
    log,
    peer,
    pictures,
    reading,
    report,
    scale,
    slow_phone,
    sweep,
)
from tests import postgres
from tests.api import server

EVERY = ["file", "inbox", "log", "scale", "slow-phone", "footprint"]
LARGE = ["growth", "board", "sweep", "peer", "backup"]
OWN = {"reading": reading.main, "api": api.main, "figures": figures.main, "draw": pictures.main}


def main() -> None:
    if own := OWN.get("".join(sys.argv[1:2])):
        sys.exit(own(sys.argv[2:]))  # with words of their own
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument(
        "what",
        nargs="*",
        choices=[*EVERY, *LARGE, []],
        help="nothing = all but growth, board, sweep, peer and backup, which fill many rows first",
    )
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--seconds", type=float, default=4.0)
    words.add_argument("--keyed", action="store_true", help="file with an Idempotency-Key")
    words.add_argument("--on", choices=["sqlite", "postgres"], help="nothing = both")
    words.add_argument("--entries", type=int, default=log.ENTRIES, help="how large the log is")
    words.add_argument("--people", type=int, nargs="+", default=scale.PEOPLE, help="of the arithmetic")
    words.add_argument("--per-thousand", type=float, default=scale.PER_THOUSAND, help="petitions a year")
    words.add_argument("--machine", type=float, default=scale.MACHINE, help="euros a month for two cores")
    words.add_argument("--gigabyte", type=float, default=scale.GIGABYTE, help="euros a month for one of disk")
    words.add_argument("--sizes", type=int, nargs="+", help="of growth and board: petitions")
    words.add_argument("--stored", type=int, help="of the peer and the backup: petitions there are")
    words.add_argument("--clocks", type=int, default=sweep.CLOCKS, help="of sweep: open terms")
    words.add_argument("--due", type=int, default=sweep.DUE, help="of sweep: those that ran out")
    said = words.parse_args()
    wanted = said.what or EVERY
    print(f"measured on: {report.machine()}", flush=True)
    if "log" in wanted:
        _log(rounds=said.rounds, entries=said.entries)
    if "scale" in wanted:
        _scale(said.people, per_thousand=said.per_thousand, prices=(said.machine, said.gigabyte))
    if "slow-phone" in wanted:
        _slow_phone(rounds=said.rounds)
    if "footprint" in wanted:
        _footprint(rounds=said.rounds)
    if _large(wanted, said):
        sys.exit(1)
    if {"file", "inbox"}.isdisjoint(wanted):
        return
    with postgres.cluster(durable=True) if said.on != "sqlite" else nullcontext() as cluster:
        databases = {"SQLite": ""} if said.on != "postgres" else {}
        databases |= {"PostgreSQL": cluster.url} if cluster else {}
        if "file" in wanted:
            _file(databases, rounds=said.rounds, seconds=said.seconds, keyed=said.keyed)
        if "inbox" in wanted:
            _inbox(databases)


def _file(databases: dict[str, str], *, rounds: int, seconds: float, keyed: bool) -> None:
    made: list[dict[str, Any]] = []
    for name, url in databases.items():
        with server.own_database(url) as own:
            made.append(filing.measure(name, own, rounds=rounds, seconds=seconds, keyed=keyed))
    print("\n".join(line for one in made for line in filing.statements(one)))
    print()
    report.table(filing.HEAD, [filing.row(one) for one in made])
    print(f"kept in {report.keep('filing', {'machine': report.machine(), 'filing': made})}")


def _inbox(databases: dict[str, str]) -> None:
    made: list[dict[str, Any]] = []
    for name, url in databases.items():
        with server.own_database(url) as own:
            made += inbox.measure(name, own, asked=200)
    print()
    report.table(inbox.HEAD, [inbox.row(one) for one in made])
    print(f"kept in {report.keep('inbox', {'machine': report.machine(), 'inbox': made})}")


def _large(wanted: Sequence[str], said: argparse.Namespace) -> bool:
    """What fills many rows first; whether a limit was missed."""
    if "peer" in wanted:
        _peer(rounds=said.rounds, seconds=said.seconds, stored=said.stored or peer.STORED)
    if "backup" in wanted and _backup(said.stored or copies.STORED):
        return True
    missed = _growth(said.sizes or growth.SIZES, rounds=said.rounds) if "growth" in wanted else False
    missed = (_board(said.sizes or board.SIZES, rounds=said.rounds) if "board" in wanted else False) or missed
    return (_sweep(said.clocks, due=said.due, rounds=said.rounds) if "sweep" in wanted else False) or missed


def _growth(sizes: Sequence[int], *, rounds: int) -> bool:
    """Whether a limit was missed."""
    made = growth.measure(sizes, rounds=rounds)
    print()
    report.table(growth.HEAD, growth.rows(made))
    kept = report.keep("growth", {"machine": report.machine(), **made})
    print(f"kept in {kept}")
    return _told(growth.missed(made))


def _board(sizes: Sequence[int], *, rounds: int) -> bool:
    """Whether a limit was missed."""
    made = board.measure(sizes, rounds=rounds)
    print()
    report.table(board.HEAD, board.rows(made))
    print(f"kept in {report.keep('board', {'machine': report.machine(), **made})}")
    return _told(board.missed(made))


def _sweep(clocks: int, *, due: int, rounds: int) -> bool:
    made = sweep.measure(clocks, due=due, rounds=rounds)
    print()
    report.table(sweep.HEAD, [sweep.row(one) for one in made])
    print(f"kept in {report.keep('sweep', {'machine': report.machine(), 'sweep': made})}")
    return _told([one["what"] for one in made if sweep.ratio(one) > sweep.MOST])


def _told(missed: Sequence[str]) -> bool:
    for each in missed:
        print(f"not kept: {each}")
    return bool(missed)


def _slow_phone(*, rounds: int) -> None:
    made = slow_phone.measure(rounds=rounds)
    print()
    report.table(slow_phone.HEAD, [slow_phone.row(one, made[0]) for one in made])
    if slow_phone.over(made[:1]):
        print("the floor itself is over a limit: this machine is too busy to tell of any page")
    elif slow := slow_phone.over(made):
        print(f"too slow: {', '.join(slow)}")
    kept = {"machine": report.machine(), "slow phone": [asdict(one) for one in made]}
    print(f"kept in {report.keep('slow-phone', kept)}")


def _peer(*, rounds: int, seconds: float, stored: int) -> None:
    made = peer.measure(rounds=rounds, seconds=seconds, stored=stored)
    print()
    report.table(peer.HEAD, [peer.row(one) for one in made])
    print(f"kept in {report.keep('peer', {'machine': report.machine(), 'peer': peer.PEER, 'work': made})}")


def _backup(stored: int) -> bool:
    """Whether anything that was acknowledged in time is not in the copy."""
    made = copies.measure(stored)
    print()
    report.table(copies.HEAD, copies.rows(made))
    print(f"kept in {report.keep('backup', {'machine': report.machine(), **made})}")
    return bool(made["of these not in the copy"] or made["failed"])


def _footprint(*, rounds: int) -> None:
    made = footprint.measure(rounds=rounds)
    print()
    report.table(footprint.HEAD, footprint.rows(made))
    print(footprint.said(made))
    print(f"kept in {report.keep('footprint', {'machine': report.machine(), **made})}")


def _scale(people: Sequence[int], *, per_thousand: float, prices: tuple[float, float]) -> None:
    made = scale.measure(people, per_thousand=per_thousand, prices=prices)
    print(f"\none petition: {made['rows']:.0f} rows, {made['bytes'] / 1000:.1f} kB", flush=True)
    report.table(scale.HEAD, [scale.row(one) for one in made["scale"]])
    queues = [scale.simulate(load, by_due_date=order) for load in scale.LOADS for order in (False, True)]
    print()
    report.table(scale.QUEUES, [scale.queue_row(one) for one in queues])
    print(f"kept in {report.keep('scale', {'machine': report.machine(), **made, 'queues': queues})}")


def _log(*, rounds: int, entries: int) -> None:
    made = log.measure(rounds=rounds, entries=entries)
    print()
    report.table(log.HEAD, [log.row(one) for one in made])
    print(f"kept in {report.keep('log', {'machine': report.machine(), 'log': made})}")


if __name__ == "__main__":
    main()
