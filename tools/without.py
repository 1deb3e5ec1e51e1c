"""Takes the protection of each charter promise out, in a copy, and shows that a test of it then fails.

    tools/without.py            all ten
    tools/without.py 5 7        only these promises

Exit status 1: some promise's test still passes without its protection, and so proves nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
COPIED = ("src", "tests", "tools", "docs", "pyproject.toml", "manage.py", "README.md", "Makefile")


@dataclass(frozen=True, slots=True)
class Protection:
    """What keeps a promise: a passage of the source, what stands there without it, the test that notices."""

    promise: int
    path: str
    passage: str
    without: str
    test: str


PROTECTIONS = (
    Protection(
        1,
        "src/huiyin/registry/models.py",
        "    for_auditor_at = models.CharField",
        '    phone = models.CharField(max_length=20, default="")\n    for_auditor_at = models.CharField',
        "tests/promises/test_matters_not_persons.py::test_no_table_says_who_somebody_is_or_judges_them",
    ),
    Protection(
        2,
        "src/huiyin/core/vocabulary.py",
        '    "remark": "remarked",\n',
        '    "remark": "remarked",\n    "forecast-visits": "visits-forecast",\n',
        "tests/promises/test_matters_not_persons.py::test_no_vocabulary_of_the_house_follows_or_ranks_people",
    ),
    Protection(
        3,
        "src/huiyin/rulebooks/cn/cn-2022/author.toml",
        'by = ["author"]\ncontents = ["pressed", "comment?"]',
        'by = ["author", "handler"]\ncontents = ["pressed", "comment?"]',
        "tests/promises/test_matters_not_persons.py"
        "::test_only_the_author_withdraws_and_is_asked_whether_they_were_pressed",
    ),
    Protection(
        4,
        "src/huiyin/registry/receiving.py",
        "    _delete(reception__day__lt=today)\n",
        "",
        "tests/promises/test_booked_hours.py::test_nothing_of_a_booking_is_left_after_its_day",
    ),
    Protection(
        5,
        "src/huiyin/doors/petitioner/follow.py",
        "from huiyin.registry.keys import read_ref\n",
        "from huiyin.registry.keys import read_ref\nfrom huiyin.vault import unseal as unseal\n",
        "tests/promises/test_sealed_and_apart.py"
        "::test_only_an_officers_door_and_the_courier_reach_what_opens_a_seal",
    ),
    Protection(
        6,
        "src/huiyin/registry/access.py",
        "    touched = {code for body in acting.bodies.values() for code in (body.code, *body.answers_to)}\n",
        "    touched: set[str] = set()\n",
        "tests/registry/test_access.py::test_who_stands_in_at_the_accused_body_does_not_see_it_either",
    ),
    Protection(
        7,
        "src/huiyin/registry/keeping.py",
        "from __future__ import annotations\n",
        "from __future__ import annotations\n\n\ndef tidy() -> None:\n"
        "    from huiyin.registry.models import Petition\n\n"
        "    Petition.objects.filter(is_open=False).delete()\n\n",
        "tests/promises/test_nothing_vanishes.py"
        "::test_no_code_deletes_a_petition_or_anything_that_hangs_on_it",
    ),
    Protection(
        8,
        "src/huiyin/core/procedure.py",
        'state="missed" if late else "lapsed"',
        'state="lapsed"',
        "tests/promises/test_lateness_stays.py"
        "::test_a_term_that_falls_away_after_its_last_day_is_missed_and_not_forgotten",
    ),
    Protection(
        9,
        "src/huiyin/core/explain.py",
        '"clock": name, "article": article, "unit": unit',
        '"clock": name, "unit": unit',
        "tests/promises/test_nothing_vanishes.py"
        "::test_every_deadline_can_be_reckoned_by_anyone_and_explains_itself",
    ),
    Protection(
        10,
        "src/huiyin/registry/file.py",
        "    if wrong:\n        return refuse(",
        '    wrong |= {} if said["name"] else {"name": "required"}\n    if wrong:\n        return refuse(',
        "tests/promises/test_for_anyone.py"
        "::test_without_a_name_every_step_every_right_and_every_date_is_the_same",
    ),
)


def passes(house: Path, test: str) -> bool:
    """Whether a test passes in that copy of the house."""
    told = os.environ | {"PYTHONPATH": f"{house / 'src'}:{house}", "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not postgres", test]
    return subprocess.run(words, cwd=house, env=told, capture_output=True, check=False).returncode == 0


def fails_without(each: Protection) -> bool:
    """Ask its test in a copy as it is, which must pass, then take the protection out and ask again."""
    with tempfile.TemporaryDirectory() as made:
        house = Path(made)
        for name in COPIED:
            copy = shutil.copytree if (HOUSE / name).is_dir() else shutil.copy2
            copy(HOUSE / name, house / name)
        place = house / each.path
        source = place.read_text(encoding="utf-8")
        if each.passage not in source:
            print(f"promise {each.promise}: {each.path} no longer says {each.passage!r}", file=sys.stderr)
            return False
        if not passes(house, each.test):
            print(f"promise {each.promise}: {each.test} fails as it is", file=sys.stderr)
            return False
        place.write_text(source.replace(each.passage, each.without), encoding="utf-8")
        return not passes(house, each.test)


def main(words: list[str]) -> int:
    wanted = {int(word) for word in words} or {each.promise for each in PROTECTIONS}
    held = True
    for each in PROTECTIONS:
        if each.promise in wanted:
            failed = fails_without(each)
            held = held and failed
            print(
                f"{each.promise:>2}  {'fails without it' if failed else 'STILL PASSES':<16}  {each.test}",
                flush=True,
            )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
