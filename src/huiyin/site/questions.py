"""How the numbers of a question are said, at every door."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.registry.asking import ADOPTIONS, FEWEST
from huiyin.registry.models import Question

NAMES = {"full": _("adopted"), "part": _("adopted in part"), "none": _("not adopted")}


def tally_of(question: Question) -> list[dict[str, Any]]:
    """Name and number of each outcome; a small number is said as one."""
    few = gettext("fewer than %(n)d") % {"n": FEWEST}
    told = [(code, question.tally.get(code)) for code in ADOPTIONS] if question.tally else []
    return [{"name": NAMES[code], "text": str(n) if n is not None else few} for code, n in told]
