"""Measures of reading, one file a subject: `python -m bench reading SUBJECT [--data DIR] …`."""

from __future__ import annotations

import argparse
import os
import pkgutil
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Run one subject. Each is a module here with `add(parser)` and `run(said) -> int`."""
    subjects = sorted(each.name for each in pkgutil.iter_modules(__path__))
    words = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    parsers = words.add_subparsers(dest="subject", required=True)
    modules = {name: import_module(f"{__name__}.{name}") for name in subjects}
    for name, module in modules.items():
        if hasattr(module, "run"):
            each = parsers.add_parser(name, description=module.__doc__)
            each.add_argument(
                "--data",
                type=Path,
                default=os.environ.get("HUIYIN_MESSAGES"),
                help="folder of the messages; HUIYIN_MESSAGES where it is not given",
            )
            module.add(each)
    said = words.parse_args(argv)
    made: int = modules[said.subject].run(said)
    return made
