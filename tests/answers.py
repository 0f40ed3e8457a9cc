"""The applicant of the tests: person number one of those who use the running platform in `prove`."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from prove.live import people
from prove.live.people import MEMBER, SLOTS, Posted

__all__ = ["NUMBER", "OTHER_NUMBER", "SECTIONS", "SLOTS", "Posted", "picture"]

NUMBER, OTHER_NUMBER = people.identity_number(1), people.identity_number(2)

SECTIONS: dict[str, Posted] = people.application(1)
SECTIONS["household"] |= {
    "family._ids": ["a1"],
    "family.a1.member_identity.type": ["111"],
    **{f"family.a1.{name}": [value] for name, value in MEMBER.items()},
}


def picture(name: str = "scan.jpg", *, size: tuple[int, int] = (900, 1260)) -> SimpleUploadedFile:
    """A JPEG that looks a little like a scanned paper, as an upload."""
    return SimpleUploadedFile(name, people.picture(size=size), content_type="image/jpeg")
