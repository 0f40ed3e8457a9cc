"""Sessions in the database, as Django keeps them, fetched with a statement that is made once."""

from __future__ import annotations

from functools import lru_cache

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from yincai.foundation.statements import Rows


class SessionStore(DatabaseSessions):
    """What `SESSION_ENGINE` asks for."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        """The session while it lasts, by the clock that gave it its end; afterwards its key is forgotten."""
        found = _live(self.model).first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


@lru_cache(maxsize=2)
def _live(model: type[AbstractBaseSession]) -> Rows[AbstractBaseSession]:
    return Rows(model, "session_key = %(key)s AND expire_date > %(now)s")
