"""What an officer chose in the list, as the address carries it: filters and the key of a page.  Never a name
or a number of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from yincai.casework.queries import Filters, Whose
from yincai.foundation.days import day_or_none

Key = tuple[datetime, UUID]


def filters_from(asked: Mapping[str, str]) -> Filters:
    """The filters of an address; what cannot be read is left out."""
    whose = asked.get("whose", "")
    return Filters(
        whose=Whose(whose) if whose in list(Whose) else Whose.ALL,
        programme=asked.get("programme", ""),
        variant=asked.get("variant", ""),
        state=asked.get("state", ""),
        since=day_or_none(asked.get("since", "")),
        until=day_or_none(asked.get("until", "")),
    )


def address_of(chosen: Filters, *, place: str, **changes: object) -> str:
    """The query string of a list, with some of its filters changed."""
    now = replace(chosen, **changes)  # type: ignore[arg-type]  # names of the fields
    parts = {
        "place": place,
        "whose": "" if now.whose is Whose.ALL else now.whose.value,
        "programme": now.programme,
        "variant": now.variant,
        "state": now.state,
        "since": now.since.isoformat() if now.since else "",
        "until": now.until.isoformat() if now.until else "",
    }
    return urlencode({name: text for name, text in parts.items() if text})
