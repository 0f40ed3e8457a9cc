"""What is shown of personal data where the whole is not needed.  A mask never fails or shows it all."""

from __future__ import annotations

import re

from yincai.foundation.errors import FORGOTTEN

_STAR = "*"
_DIALLED_WITHOUT_ZERO = re.compile(r"1[3-9]\d{9}|[48]00\d{7}")
_DISTRICT = re.compile(r".{0,16}?(?:区|县|旗)")


def mask_identity(number: str) -> str:
    """An identity or document number with its middle hidden: `110***********002X`, `E******78`."""
    if len(number) >= 15:
        return _keep(number, head=3, tail=4)
    if len(number) >= 7:
        return _keep(number, head=1, tail=2)
    return _STAR * len(number)


def mask_phone(phone: str) -> str:
    """A phone in E.164 or as typed with its middle hidden: `138****5678`, `0311****8888`, `+852****4567`."""
    if phone.startswith("+86") and len(phone) > 9:
        phone = phone[3:] if _DIALLED_WITHOUT_ZERO.fullmatch(phone[3:]) else "0" + phone[3:]
    if phone.startswith("+") and len(phone) >= 10:
        return phone[:-8] + _STAR * 4 + phone[-4:] if len(phone) > 11 else phone[:2] + _STAR * 4 + phone[-2:]
    if len(phone) >= 10:
        four = phone[0] == "0" and phone[1] not in "12"  # 010 and 02x are the area codes of three figures
        return _keep(phone, head=4 if four else 3, tail=4)
    return _STAR * max(len(phone) - 2, 0) + phone[-2:] if len(phone) >= 6 else _STAR * len(phone)


def mask_name(name: str) -> str:
    """A person's name with all but its first character hidden: `张**`; what became of it stays readable."""
    name = name.strip()
    if name == FORGOTTEN:
        return name
    return name[:1] + _STAR * (len(name) - 1) if len(name) > 1 else _STAR * len(name)


def mask_email(address: str) -> str:
    """An e-mail address with its mailbox hidden but for the first character: `z***@example.org`."""
    mailbox, at, host = address.rpartition("@")
    if not at:
        return _STAR * len(address)
    return (mailbox[:1] if len(mailbox) > 1 else "") + _STAR * 3 + at + host


def mask_address(address: str) -> str:
    """An address down to its district, the rest hidden whatever its length: `某省某市某区******`."""
    address = address.strip()
    found = _DISTRICT.match(address)
    known = found[0] if found and len(found[0]) < len(address) else ""
    return known + _STAR * 6 if address else ""


def _keep(text: str, *, head: int, tail: int) -> str:
    return text[:head] + _STAR * (len(text) - head - tail) + text[-tail:]
