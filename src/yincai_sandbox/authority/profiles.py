"""What each kind of certificate looks like (RFC 5280, RFC 3161, RFC 6960)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from yincai_sandbox.store import now

ORGANISATION = "引才沙箱演示机构"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One kind of certificate: how long it lives, what its key may do, whether it names where to ask."""

    name: str
    years: int
    key_usage: frozenset[str]
    extended_key_usage: x509.ObjectIdentifier | None = None
    path_length: int | None = None
    is_authority: bool = False
    answers_for_others: bool = False


ROOT = Profile(name="root", years=20, key_usage=frozenset({"key_cert_sign", "crl_sign"}), is_authority=True)
ISSUING = Profile(
    name="issuing",
    years=15,
    key_usage=frozenset({"key_cert_sign", "crl_sign"}),
    path_length=0,
    is_authority=True,
)
SEAL = Profile(name="seal", years=5, key_usage=frozenset({"digital_signature", "content_commitment"}))
# Authorities give a person two certificates, as GB/T 20518-2018 has it: one signs, the other only decrypts.
PERSON = Profile(name="person", years=3, key_usage=frozenset({"digital_signature", "content_commitment"}))
PERSON_ENCRYPTION = Profile(
    name="person-encryption", years=3, key_usage=frozenset({"key_encipherment", "data_encipherment"})
)
TIMESTAMP = Profile(
    name="timestamp",
    years=10,
    key_usage=frozenset({"digital_signature", "content_commitment"}),
    extended_key_usage=ExtendedKeyUsageOID.TIME_STAMPING,
)
OCSP = Profile(
    name="ocsp",
    years=10,
    key_usage=frozenset({"digital_signature"}),
    extended_key_usage=ExtendedKeyUsageOID.OCSP_SIGNING,
    answers_for_others=True,
)


@dataclass(frozen=True)
class Pair:
    """A certificate and the private key that belongs to it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def new_key() -> ec.EllipticCurvePrivateKey:
    """Makes a fresh EC P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def name_of(common_name: str, organisation: str = ORGANISATION) -> x509.Name:
    """Builds a subject name in China for an organisation of the demo."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


SELF_TELLING = frozenset({"111", "L01", "L02", "553"})
"""Kinds of document (GA/T 517) whose numbers tell the kind by their form; before others the code stands."""


def person_name(
    name: str, number: str, *, kind: str = "111", attribute: x509.ObjectIdentifier = NameOID.SERIAL_NUMBER
) -> x509.Name:
    """Builds a subject name for a person; the document stands in `serialNumber` or another attribute, that of
    a passport as `414:E12345678`."""
    document = number if kind in SELF_TELLING else f"{kind}:{number}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(attribute, document),
        ]
    )


def certify(
    profile: Profile,
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    *,
    issuer: Pair | None,
    signing_key: ec.EllipticCurvePrivateKey,
    base_url: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> x509.Certificate:
    """Signs one certificate; `issuer` is None for the root, which signs itself.

    In force from an hour ago for the profile's years, unless `since` and `until` say otherwise.
    """
    since = since or now().replace(microsecond=0) - timedelta(hours=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until or since + timedelta(days=365 * profile.years))
    )
    for extension, critical in _extensions(profile, public_key, signing_key, issuer, base_url):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signing_key, hashes.SHA256())


def _extensions(
    profile: Profile,
    public_key: ec.EllipticCurvePublicKey,
    signing_key: ec.EllipticCurvePrivateKey,
    issuer: Pair | None,
    base_url: str,
) -> list[tuple[x509.ExtensionType, bool]]:
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=profile.is_authority, path_length=profile.path_length), True),
        (_key_usage(profile.key_usage), True),
        (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), False),
    ]
    if profile.extended_key_usage is not None:
        # RFC 3161 section 2.3: critical, and the only purpose
        critical = profile.extended_key_usage == ExtendedKeyUsageOID.TIME_STAMPING
        extensions.append((x509.ExtendedKeyUsage([profile.extended_key_usage]), critical))
    if profile.answers_for_others:
        extensions.append((x509.OCSPNoCheck(), False))
    if issuer is not None:
        extensions.extend((extension, False) for extension in _where_to_ask(profile, issuer, base_url))
    return extensions


def _where_to_ask(profile: Profile, issuer: Pair, base_url: str) -> Sequence[x509.ExtensionType]:
    by_root = issuer.certificate.subject == issuer.certificate.issuer
    name = ROOT.name if by_root else ISSUING.name
    access = [_access(AuthorityInformationAccessOID.CA_ISSUERS, f"{base_url}/ca/{name}.cer")]
    if not by_root and not profile.answers_for_others:
        access.insert(0, _access(AuthorityInformationAccessOID.OCSP, f"{base_url}/ca/ocsp"))
    list_url = x509.UniformResourceIdentifier(f"{base_url}/ca/crl/{name}.crl")
    point = x509.DistributionPoint(full_name=[list_url], relative_name=None, reasons=None, crl_issuer=None)
    return [x509.AuthorityInformationAccess(access), x509.CRLDistributionPoints([point])]


def _access(method: x509.ObjectIdentifier, url: str) -> x509.AccessDescription:
    return x509.AccessDescription(method, x509.UniformResourceIdentifier(url))


def _key_usage(wanted: frozenset[str]) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature="digital_signature" in wanted,
        content_commitment="content_commitment" in wanted,
        key_cert_sign="key_cert_sign" in wanted,
        crl_sign="crl_sign" in wanted,
        key_encipherment="key_encipherment" in wanted,
        data_encipherment="data_encipherment" in wanted,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
