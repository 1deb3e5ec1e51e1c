"""Whoever starts a transaction takes a turn first. Named as Django wants it: it looks for `base` here."""

from __future__ import annotations

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from huiyin.registry.sqlite3.turn import Turn


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that holds the turn from BEGIN to COMMIT or ROLLBACK."""

    _turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            patience = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
            self._turn = Turn.take(f"{self.settings_dict['NAME']}-turn", patience)
            if self._turn is None:
                raise OperationalError("database is locked")
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # After a commit that failed the transaction is still open: the turn ends with its rollback.
        self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._turn is not None:
            self._turn.give_back()
            self._turn = None
