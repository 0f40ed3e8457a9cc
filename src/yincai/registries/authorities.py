"""The authorities whose certificates may sign in, and where each writes a document into the subject.

Beside the roots in `<name>.pem` a `<name>.toml` may say it (`docs/operations.md`); without one the document
of `serialNumber` says its own kind by its form.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from django.conf import settings

from yincai.foundation import codes
from yincai.foundation.errors import Invalid
from yincai.people.queries import check_identity
from yincai.registries.vocabulary import SELF_TELLING, CertificateRefused, Person

logger = logging.getLogger(__name__)

KINDS = "identity_documents"
NOBODY = "本平台还没有设置认可的证书签发机构，不能用证书登录。请改用其他方式登录。"
NOT_SET_UP = "本平台对这家签发机构的设置有误，暂时不能用它的证书登录。请改用其他方式登录，并告诉受理窗口。"
NO_DOCUMENT = "证书里没有{kinds}的号码，认不出您是谁，没有登录。请改用其他方式登录。"
WRONG_NUMBER = "证书里的{kind}号码不符合规定，没有登录。请向签发机构核对证书，或改用其他方式登录。"
NO_NAME = "证书里没有可以识别的姓名，没有登录。请向签发机构核对证书，或改用其他方式登录。"
SEVERAL = "证书里写了不止一个证件，认不出您是谁，没有登录。请改用其他方式登录。"


@dataclass(frozen=True, slots=True)
class Written:
    """Where the number of one kind of document stands: behind `prefix` in an attribute of the subject."""

    kind: str
    attribute: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """How an authority writes a person: the attribute of the name, and those of documents."""

    name: str
    documents: tuple[Written, ...]


OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
USUAL = Subject("common_name", tuple(Written(kind, "serial_number") for kind in SELF_TELLING))


def trusted_roots() -> dict[bytes, tuple[x509.Certificate, Path]]:
    """The roots of the authorities, each with its file, by digest; `CertificateRefused` without any."""
    found: dict[bytes, tuple[x509.Certificate, Path]] = {}
    for path in sorted(settings.PEOPLE_ROOTS.glob("*.pem")):
        for _, _, der in pem.unarmor(path.read_bytes(), multiple=True):
            certificate = x509.Certificate.load(der)
            found[certificate.sha256] = (certificate, path)
    if not found:
        raise CertificateRefused(NOBODY)
    return found


def holder_of(certificate: x509.Certificate, *, root: x509.Certificate) -> Person:
    """The person of a certificate that ends at this root; `CertificateRefused` where it names none surely."""
    _, path = trusted_roots()[root.sha256]
    subject = _subject(path.with_suffix(".toml"))
    named = certificate.subject.native
    name = "".join(_texts(named, subject.name)[:1])
    found: set[Person] = set()
    refusals: list[str] = []
    for one in subject.documents:
        for text in _texts(named, one.attribute):
            if not text.startswith(one.prefix):
                continue
            try:
                checked, number = check_identity(name, one.kind, text.removeprefix(one.prefix))
                found.add(Person(checked, one.kind, number))
            except Invalid as error:
                refusals += _said(error, one)
    if len(found) == 1:
        return found.pop()
    if found:
        raise CertificateRefused(SEVERAL)
    known = codes.load(KINDS)
    kinds = "、".join(dict.fromkeys(known.label(one.kind) for one in subject.documents))
    raise CertificateRefused(refusals[0] if refusals else NO_DOCUMENT.format(kinds=kinds))


def _said(error: Invalid, written: Written) -> list[str]:
    """What is wrong, where it is sure that this kind of document was meant."""
    wrong = {one.path for one in error.problems}
    if "number" not in wrong:
        return [NO_NAME]
    return [WRONG_NUMBER.format(kind=codes.load(KINDS).label(written.kind))] if written.prefix else []


def _texts(named: Any, attribute: str) -> list[str]:
    """The values of an attribute of a subject, which may repeat it."""
    value = named.get(attribute, [])
    return [str(one).strip() for one in (value if isinstance(value, list) else [value])]


def _subject(file: Path) -> Subject:
    """What the file beside the roots says; the usual way without one."""
    if not file.exists():
        return USUAL
    try:
        told = tomllib.loads(file.read_text("utf8"))
        if unknown := told.keys() - {"name", "document"}:
            raise ValueError(f"{', '.join(sorted(unknown))} says nothing here")
        written = [Written(**one) for one in told["document"]]
        documents = tuple(replace(one, attribute=_attribute(one.attribute)) for one in written)
        if not documents:
            raise ValueError("no [[document]] is said")
        for one in documents:
            _check(one, [other for other in documents if other is not one])
        return Subject(_attribute(told.get("name", USUAL.name)), documents)
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.exception("%s does not say how its authority writes people", file.name)
        raise CertificateRefused(NOT_SET_UP) from error


def _attribute(told: object) -> str:
    """The name under which asn1crypto gives an attribute: `serialNumber`, `serial_number` and `2.5.4.5` are
    one.  `ValueError` for a name that it does not know; an OID may be any."""
    if not isinstance(told, str):
        raise ValueError(f"{told!r} names no attribute of a subject")  # noqa: TRY004 - a mistake in the file
    if OID.fullmatch(told):
        return str(x509.NameType.map(told))
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", told).lower()
    if not OID.fullmatch(str(x509.NameType.unmap(name))):
        raise ValueError(f"{told} is no attribute of a subject")
    return name


def _check(one: Written, others: Sequence[Written]) -> None:
    """`ValueError` unless it is a kind of document, and certainly this one: by its prefix, by the number's
    form, or because nothing else stands in its attribute."""
    if not isinstance(one.kind, str) or one.kind not in codes.load(KINDS).codes:
        raise ValueError(f"{one.kind!r} is no kind of document")
    if not isinstance(one.prefix, str):
        raise ValueError(f"the prefix of {one.kind} is no text")  # noqa: TRY004 - a mistake in the file
    if one.prefix or one.kind in SELF_TELLING:
        return
    if one.attribute == USUAL.documents[0].attribute:
        raise ValueError(f"{one.kind} in {one.attribute} needs a prefix")
    if one.attribute in {other.attribute for other in others}:
        raise ValueError(f"{one.kind} needs a prefix, or {one.attribute} for itself")
