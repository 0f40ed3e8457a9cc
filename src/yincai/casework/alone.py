"""Many cases one after the other, of which none holds up another (private to the room)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from yincai.foundation.errors import YincaiError

logger = logging.getLogger(__name__)


@contextmanager
def alone(case_id: UUID, what: str) -> Iterator[None]:
    """Whatever goes wrong with one case is logged with its id and keeps no other.

    Next time it is tried again.  A refusal is a warning, anything else an error with its trace.
    """
    try:
        yield
    except YincaiError as error:
        logger.warning("case %s %s: %s", case_id, what, type(error).__name__)
    except Exception as error:
        logger.exception("case %s %s: %s", case_id, what, type(error).__name__)
