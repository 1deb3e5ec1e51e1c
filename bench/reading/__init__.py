"""What reading promises, measured on public messages: `python -m bench reading SUBJECT --data DIR`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bench.reading import masking

SUBJECTS = {"masking": masking.run}


def main(words: list[str]) -> None:
    """Measure one subject. The data is named by `--data` or `HUIYIN_MESSAGES`, and is nowhere kept."""
    asked = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    asked.add_argument("subject", choices=SUBJECTS)
    asked.add_argument(
        "--data", type=Path, default=os.environ.get("HUIYIN_MESSAGES"), help="folder of the messages"
    )
    said, more = asked.parse_known_args(words)
    SUBJECTS[said.subject](said.data and Path(said.data), more)
