"""Asks every address of a description for what it allows and for what it does not (schemathesis).

No answer may be a fault of the server's, and each has to be one that is described: its status, its media
type, its headers, its shape. What the description does not allow has to be refused. For the test of each run,
with few examples, and for `python -m bench api`, with many.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

Look = Callable[[str, bytes], None]
# Words can be well-formed and still mean nothing: a cursor of another list, a name where none is looked up.
LEFT_OUT = [positive_data_acceptance]


@dataclass(slots=True)
class Probe:
    """One description, asked by one client."""

    document: dict[str, Any]
    app: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Any] = field(default_factory=dict)  # what really stands at {ref}, {number} …
    sent: Mapping[str, str] = field(default_factory=dict)  # headers that an operation reads: a key, a version
    look: Look | None = None  # at each answer: the operation, and what came back
    seen: Counter[int] = field(default_factory=Counter)  # how often each status was answered

    def run(self, examples: int, *, number: int | None = None, until: float = float("inf")) -> None:
        """Ask each operation so often in each way. `number`: of the run, for it to be the same again."""
        schema = schemathesis.openapi.from_dict(self.document)
        schema.app = self.app
        schema.location = self.document["servers"][0]["url"] + "/openapi.json"
        for result in schema.get_all_operations():
            assert isinstance(result, Ok), result  # a description that cannot be read
            operation: Any = result.ok()
            for mode in GenerationMode:
                if time.monotonic() < until:
                    self._ask(operation, mode, examples, number)

    def _ask(self, operation: Any, mode: GenerationMode, examples: int, number: int | None) -> None:
        for known in (True, False) if self._places(operation) else (False,):
            strategy = operation.as_strategy(
                generation_mode=mode,
                path_parameters=self._places(operation) if known else None,
                headers=self._sent(operation) if known else None,
            )
            # Where everything is said already, there is nothing left to say wrongly.
            with contextlib.suppress(Unsatisfiable):
                _many(lambda case: self._answer(operation, case), strategy, examples, number)

    def _places(self, operation: Any) -> dict[str, Any]:
        asked = {parameter.name for parameter in operation.path_parameters}
        return {name: value for name, value in self.places.items() if name in asked}

    def _sent(self, operation: Any) -> dict[str, str] | None:
        asked = {parameter.name for parameter in operation.headers}
        return {name: value for name, value in self.sent.items() if name in asked} or None

    def _answer(self, operation: Any, case: Any) -> None:
        response = case.call(headers=dict(self.headers), base_url=self.document["servers"][0]["url"])
        self.seen[response.status_code] += 1
        if self.look:
            self.look(operation.definition.raw["operationId"], response.content)
        case.validate_response(response, excluded_checks=LEFT_OUT, headers=dict(self.headers))


def _many(answer: Callable[[Any], None], strategy: Any, examples: int, number: int | None) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=number is None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        answer(data.draw(strategy))

    (asked if number is None else seed(number)(asked))()
