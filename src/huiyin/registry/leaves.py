"""The tables whose rows are leaves of the public log; the clerk reads all of them."""

from __future__ import annotations

from huiyin.registry.models import Adopted, AssessmentEntry, Count, Entry

# What is put on record, and then numbered by the clerk: steps of petitions, figures, steps of assessments.
Leaf = Entry | Count | AssessmentEntry
LEAVES: tuple[type[Leaf], ...] = (Entry, Count, AssessmentEntry)
# All that can stand at a number: also lines whose rows a restored database no longer has.
NUMBERED: tuple[type[Leaf | Adopted], ...] = (*LEAVES, Adopted)
