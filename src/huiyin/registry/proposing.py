"""What a petition is probably about: by the house's own model where it has one, else by keywords alone.

The model is a file in the data folder, which `huiyin learn` wrote. It is loaded when the first text is read
and again when another one was put in its place. A petition is read as it reads masked; no report is read.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from huiyin.reading import mask
from huiyin.reading.topics import Topic, topics_in
from huiyin.registry import masking
from huiyin.registry.models import Petition

if TYPE_CHECKING:
    from huiyin.reading.topic_model import Model, Proposal

MODEL = "topics.npz"  # in the data folder
log = logging.getLogger(__name__)

Stamp = tuple[int, int]  # when the file was written, and its size
_loaded: dict[Path, tuple[Stamp, Model | None]] = {}
_loading = threading.Lock()


def model() -> Model | None:
    """The model of this installation. One that cannot be read is as good as none, and the log says so."""
    path = Path(settings.DATA_DIR) / MODEL
    try:
        found = path.stat()
    except OSError:
        return None
    stamp = (found.st_mtime_ns, found.st_size)
    with _loading:
        if path not in _loaded or _loaded[path][0] != stamp:
            _loaded[path] = (stamp, _read(path))
        return _loaded[path][1]


def in_place_since() -> datetime | None:
    """When the file of the model was put in its place; a model itself knows no time."""
    try:
        written = (Path(settings.DATA_DIR) / MODEL).stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(written, UTC)


def _read(path: Path) -> Model | None:
    from huiyin.reading import topic_model  # only an installation that has a model loads what reads it

    try:
        return topic_model.read(path)
    except (topic_model.NoModel, OSError):
        log.exception("the topic model cannot be read; bodies are offered by keywords alone")
        return None


def proposed(subject: str, text: str) -> Proposal | None:
    """What a text is probably about; None without a model. The text is kept nowhere."""
    known = model()
    return known.propose(subject, text) if known is not None else None


def proposed_for(petition: Petition) -> Proposal | None:
    """The same for a petition as it reads masked; None for what lies under seal, and for every report."""
    if petition.is_sealed or petition.kind == "report":
        return None
    known = masking.known_of(petition) if model() is not None else ()
    return proposed(mask.masked(petition.subject, known), mask.masked(petition.text, known))


def fields(text: str, among: Iterable[Topic], said: Proposal | None) -> list[Topic]:
    """The fields of life that bodies are offered by: what was proposed surely, else what keywords say."""
    every = list(among)
    if said is not None and not said.abstain:
        meant = [topic for topic in every if topic.has(said.topic) or topic.zh == said.topic]
        if meant:
            return meant
    return topics_in(text, every)
