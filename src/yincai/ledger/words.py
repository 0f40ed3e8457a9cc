"""What people write in their own words: sealed beside the entry, with a salted digest in the chain.

An officer's reason may name somebody.  The ledger can never forget, so the words lie in a table of their own
(`ledger_words`) and the entry's payload keeps HMAC-SHA-256 of them under a random salt that lies there too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from yincai.foundation.canonical import canonical_json
from yincai.foundation.encryption import FORGOTTEN
from yincai.foundation.fields import is_forgotten
from yincai.foundation.statements import insert
from yincai.ledger import models
from yincai.ledger.hashing import checked_payload
from yincai.ledger.vocabulary import WORDS, WORDS_DIFFER, WORDS_GONE

SALT_BYTES = 16


def sealed_words(words: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """What is kept beside an entry, and the digest for its payload.

    Personal numbers are refused as in a payload (`PersonalDataInLedger`).
    """
    checked_payload(words)
    kept = {"salt": secrets.token_hex(SALT_BYTES), **{f"word.{name}": text for name, text in words.items()}}
    return kept, _digest(kept)


def keep_words(entry_id: int, kept: dict[str, str], *, person: UUID | None) -> None:
    """Write them, sealed for whom they concern; in the transaction of the entry."""
    row = models.Words(entry_id=entry_id, sealed=kept)
    row.person = person
    insert(row)


def words_of(rows: Sequence[models.Entry]) -> dict[int, dict[str, str]]:
    """The words of those entries that have some, by entry; in their place what became of them, should they
    be gone or differ from the digest."""
    wanted = {row.pk: row.payload[WORDS] for row in rows if WORDS in row.payload}
    if not wanted:
        return {}
    found = {one.entry_id: one.sealed for one in models.Words.objects.filter(entry_id__in=list(wanted))}
    return {entry_id: _opened(found.get(entry_id), digest) for entry_id, digest in wanted.items()}


def _opened(kept: dict[str, Any] | None, digest: str) -> dict[str, str]:
    if kept is None:
        return {"": WORDS_GONE}
    if is_forgotten(kept):
        return {"": FORGOTTEN}
    if not hmac.compare_digest(_digest(kept), digest):
        return {"": WORDS_DIFFER}
    return {name.removeprefix("word."): text for name, text in kept.items() if name.startswith("word.")}


def _digest(kept: Mapping[str, str]) -> str:
    words = {name: text for name, text in kept.items() if name != "salt"}
    return hmac.new(bytes.fromhex(kept["salt"]), canonical_json(words), hashlib.sha256).hexdigest()
