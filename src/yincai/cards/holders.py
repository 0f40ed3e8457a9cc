"""What a card knows about its holder: sealed at rest, bound to the one card that it belongs to."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from yincai.foundation import encryption
from yincai.foundation.masking import mask_name


@dataclass(frozen=True)
class HolderData:
    """The printed fields, the holder's name, the verification code and the photo (a JPEG or none)."""

    printed: Mapping[str, str]
    name: str
    code: str
    photo: bytes | None
    is_forgotten: bool = False

    @property
    def masked_name(self) -> str:
        """The name as a stranger sees it: 张**."""
        return mask_name(self.name)

    def sealed_for(self, card_id: UUID, *, account: UUID) -> bytes:
        """The data under the key of its holder's account, so that only the row of this card opens it."""
        value = {
            "printed": dict(self.printed),
            "name": self.name,
            "code": self.code,
            "photo": b64encode(self.photo).decode() if self.photo else None,
        }
        return encryption.seal_json(value, context=_context(card_id), person=account)

    @classmethod
    def unsealed(cls, sealed: bytes | memoryview, *, card_id: UUID) -> HolderData:
        """What `sealed_for` sealed; `CannotDecrypt` when it belongs to another card or was altered.

        Once the holder's key is destroyed nothing but that is known (`is_forgotten`).
        """
        try:
            value = encryption.unseal_json(bytes(sealed), context=_context(card_id))
        except encryption.Forgotten:
            return cls(printed={}, name=encryption.FORGOTTEN, code="", photo=None, is_forgotten=True)
        photo = value["photo"]
        return cls(
            printed=value["printed"],
            name=value["name"],
            code=value["code"],
            photo=b64decode(photo) if photo else None,
        )


def _context(card_id: UUID) -> str:
    return f"cards_card.holder:{card_id}"
