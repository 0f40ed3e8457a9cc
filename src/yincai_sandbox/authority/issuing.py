"""The authority at work: it issues certificates for seals and people, revokes, and says what is revoked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from yincai_sandbox.authority import profiles
from yincai_sandbox.authority.folder import open_or_create
from yincai_sandbox.authority.profiles import Pair
from yincai_sandbox.store import Store, moment, now

DEFAULT_BASE_URL = "http://127.0.0.1:8001"
LIST_LIFE = timedelta(hours=24)
LIST_REFRESH = timedelta(minutes=1)

TABLES = """
CREATE TABLE IF NOT EXISTS certificate (
    serial TEXT PRIMARY KEY, profile TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
    pem TEXT NOT NULL, issued_at TEXT NOT NULL, revoked_at TEXT, reason TEXT
);
CREATE TABLE IF NOT EXISTS revocation_list (
    issuer TEXT PRIMARY KEY, number INTEGER NOT NULL, made_at TEXT NOT NULL, revoked INTEGER NOT NULL,
    der BLOB NOT NULL
);
"""

REASONS = {
    reason.name: reason
    for reason in (
        x509.ReasonFlags.unspecified,
        x509.ReasonFlags.key_compromise,
        x509.ReasonFlags.affiliation_changed,
        x509.ReasonFlags.superseded,
        x509.ReasonFlags.cessation_of_operation,
    )
}


class UnknownCertificate(Exception):
    """No certificate of this authority has that serial number, or its state cannot change any more."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """One certificate in the authority's book; `serial` is lower-case hexadecimal."""

    serial: str
    profile: str
    issuer: str
    subject: str
    issued_at: datetime
    revoked_at: datetime | None
    reason: str


class Authority:
    """The demo authority of one folder."""

    def __init__(self, store: Store, *, base_url: str | None) -> None:
        """Opens the authority, or makes it on first use (see `folder.open_or_create`)."""
        self.store = store
        store.create(TABLES)
        self.base_url, self.pairs = open_or_create(
            store.folder, base_url=base_url, default_base_url=DEFAULT_BASE_URL
        )
        for name in (profiles.ISSUING.name, profiles.TIMESTAMP.name, profiles.OCSP.name):
            issuer = profiles.ROOT.name if name == profiles.ISSUING.name else profiles.ISSUING.name
            self._book(self.pairs[name].certificate, profile=name, issuer=issuer)

    def issue_seal(self, authority_name: str) -> Pair:
        """Makes a key and a certificate that seals documents in the name of `authority_name`.

        The authority books the certificate and forgets the key.
        """
        issuing = self.pairs[profiles.ISSUING.name]
        key = profiles.new_key()
        certificate = profiles.certify(
            profiles.SEAL,
            profiles.name_of(f"{authority_name}电子印章（样本）", authority_name),
            key.public_key(),
            issuer=issuing,
            signing_key=issuing.key,
            base_url=self.base_url,
        )
        self._book(certificate, profile=profiles.SEAL.name, issuer=profiles.ISSUING.name)
        return Pair(certificate, key)

    def issue_person(
        self,
        *,
        name: str,
        number: str,
        kind: str = "111",
        attribute: x509.ObjectIdentifier = x509.NameOID.SERIAL_NUMBER,
        profile: profiles.Profile = profiles.PERSON,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Pair:
        """Makes a key and a certificate for a person; the subject carries the document.

        The authority books the certificate and forgets the key.
        """
        issuing = self.pairs[profiles.ISSUING.name]
        key = profiles.new_key()
        certificate = profiles.certify(
            profile,
            profiles.person_name(name, number, kind=kind, attribute=attribute),
            key.public_key(),
            issuer=issuing,
            signing_key=issuing.key,
            base_url=self.base_url,
            since=since,
            until=until,
        )
        self._book(certificate, profile=profile.name, issuer=profiles.ISSUING.name)
        return Pair(certificate, key)

    def revoke(self, serial: str, *, reason: str = "unspecified") -> None:
        """Revokes one certificate from now on; raises `UnknownCertificate` if it cannot."""
        with self.store.change() as connection:
            rows = connection.execute(
                "UPDATE certificate SET revoked_at = ?, reason = ? WHERE serial = ? AND revoked_at IS NULL",
                (now().replace(microsecond=0).isoformat(), REASONS[reason].name, normal_serial(serial)),
            ).rowcount
        if rows != 1:
            raise UnknownCertificate(f"no certificate in force has the serial number {serial}")

    def find(self, serial: int) -> Issued | None:
        """Returns what the book says about a serial number."""
        with self.store.read() as connection:
            row = connection.execute(
                "SELECT * FROM certificate WHERE serial = ?", (f"{serial:x}",)
            ).fetchone()
        return _issued(row) if row else None

    def book(self) -> list[Issued]:
        """Lists every certificate that this authority issued, newest first."""
        with self.store.read() as connection:
            rows = connection.execute("SELECT * FROM certificate ORDER BY issued_at DESC, serial").fetchall()
        return [_issued(row) for row in rows]

    def revocation_list(self, issuer: str) -> bytes:
        """Returns the present CRL of `root` or `issuing` as DER (RFC 5280), at most a minute old.

        A revocation shows at once; the list number only ever grows.  Raises `KeyError` for another name.
        """
        pair = {name: self.pairs[name] for name in (profiles.ROOT.name, profiles.ISSUING.name)}[issuer]
        made = now().replace(microsecond=0)
        with self.store.change() as connection:
            rows = connection.execute(
                "SELECT * FROM certificate WHERE issuer = ? AND revoked_at IS NOT NULL", (issuer,)
            ).fetchall()
            revoked = [_issued(row) for row in rows]
            last = connection.execute("SELECT * FROM revocation_list WHERE issuer = ?", (issuer,)).fetchone()
            fresh = last and last["revoked"] == len(revoked) and moment(last["made_at"]) > made - LIST_REFRESH
            if fresh:
                return bytes(last["der"])
            number = last["number"] + 1 if last else 1
            der = _signed_list(pair, revoked, number=number, made=made)
            connection.execute(
                "INSERT OR REPLACE INTO revocation_list VALUES (?, ?, ?, ?, ?)",
                (issuer, number, made.isoformat(), len(revoked), der),
            )
        return der

    def _book(self, certificate: x509.Certificate, *, profile: str, issuer: str) -> None:
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        subject = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
        with self.store.change() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO certificate (serial, profile, issuer, subject, pem, issued_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (f"{certificate.serial_number:x}", profile, issuer, subject, pem, now().isoformat()),
            )


def normal_serial(text: str) -> str:
    """Returns a serial number as the book has it, from what a viewer prints (colons, capitals, zeros)."""
    return text.replace(":", "").replace(" ", "").lower().removeprefix("0x").lstrip("0")


def _issued(row: sqlite3.Row) -> Issued:
    return Issued(
        serial=row["serial"],
        profile=row["profile"],
        issuer=row["issuer"],
        subject=row["subject"],
        issued_at=moment(row["issued_at"]),
        revoked_at=moment(row["revoked_at"]) if row["revoked_at"] else None,
        reason=row["reason"] or "",
    )


def _signed_list(pair: Pair, revoked: list[Issued], *, number: int, made: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(pair.certificate.subject)
        .last_update(made)
        .next_update(made + LIST_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(pair.key.public_key()), critical=False
        )
    )
    for row in revoked:
        builder = builder.add_revoked_certificate(_list_entry(row, default=made))
    return builder.sign(pair.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _list_entry(row: Issued, *, default: datetime) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(row.serial, 16))
        .revocation_date(row.revoked_at or default)
    )
    # RFC 5280 section 5.3.1: an unspecified reason is left out
    if row.reason not in {"", "unspecified"}:
        builder = builder.add_extension(x509.CRLReason(REASONS[row.reason]), critical=False)
    return builder.build()
