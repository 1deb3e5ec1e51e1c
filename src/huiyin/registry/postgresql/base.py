"""A connection whose server has gone is replaced before it is used. Named as Django wants it: `base`."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from django.db.utils import Error


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at before each request, without asking its server."""

    def is_usable(self) -> bool:
        """Whether it can be used again.

        Whoever failed on it is given another: the server may have stepped down behind it. Else the line
        tells: an idle one is silent, and holds something to read once the server or a pooler has hung up.
        Only then is it asked: a round trip that nobody waits for otherwise.
        """
        if self.errors_occurred:
            return False
        return self._is_silent() or super().is_usable()

    def _is_silent(self) -> bool:
        try:
            line = select.poll()
            line.register(self.connection.fileno(), select.POLLIN)
            return not line.poll(0)
        except (Error, self.Database.Error, OSError):  # closed on our side already
            return False
