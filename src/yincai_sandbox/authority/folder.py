"""The authority's folder on the disk: made whole or not at all, keys readable by their owner only."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from yincai_sandbox.authority import profiles
from yincai_sandbox.authority.profiles import Pair

NAMES = (profiles.ROOT.name, profiles.ISSUING.name, profiles.TIMESTAMP.name, profiles.OCSP.name)


class AuthorityMismatch(Exception):
    """The folder belongs to an authority whose certificates name another address."""


def open_or_create(
    folder: Path, *, base_url: str | None, default_base_url: str
) -> tuple[str, dict[str, Pair]]:
    """Returns the base address and the four pairs of the authority, making them on first use.

    Two processes that start together make it once.  Raises `AuthorityMismatch` when `base_url` is given and
    differs from the one that the certificates carry.
    """
    place = folder / "authority"
    with alone(folder):
        if not place.exists():
            _create(place, base_url or default_base_url)
    known = str(json.loads((place / "authority.json").read_text("utf8"))["base_url"])
    if base_url is not None and base_url != known:
        raise AuthorityMismatch(
            f"{folder} was made for {known}, which its certificates name, but the address now is {base_url}: "
            f"start with --base-url {known}, or with a new folder"
        )
    return known, {name: _load(place, name) for name in NAMES}


def write_durably(path: Path, content: bytes) -> None:
    """Writes a private file (mode 600) so that it is there whole after a crash, or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _flush_folder(path.parent)


def _create(place: Path, base_url: str) -> None:
    draft = place.with_name("authority.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    for name, pair in _new_pairs(base_url).items():
        write_durably(draft / f"{name}.key", _key_bytes(pair.key))
        write_durably(draft / f"{name}.pem", pair.certificate.public_bytes(serialization.Encoding.PEM))
    write_durably(draft / "authority.json", json.dumps({"base_url": base_url}).encode())
    draft.rename(place)
    _flush_folder(place.parent)


def _new_pairs(base_url: str) -> Mapping[str, Pair]:
    root_key = profiles.new_key()
    root_name = profiles.name_of("引才沙箱演示根证书（样本）")
    root = Pair(
        profiles.certify(
            profiles.ROOT,
            root_name,
            root_key.public_key(),
            issuer=None,
            signing_key=root_key,
            base_url=base_url,
        ),
        root_key,
    )
    issuing = _pair(profiles.ISSUING, "引才沙箱演示签发证书（样本）", root, base_url)
    return {
        profiles.ROOT.name: root,
        profiles.ISSUING.name: issuing,
        profiles.TIMESTAMP.name: _pair(profiles.TIMESTAMP, "引才沙箱演示时间戳（样本）", issuing, base_url),
        profiles.OCSP.name: _pair(profiles.OCSP, "引才沙箱演示证书状态查询（样本）", issuing, base_url),
    }


def _pair(profile: profiles.Profile, common_name: str, issuer: Pair, base_url: str) -> Pair:
    key = profiles.new_key()
    subject = profiles.name_of(common_name)
    certificate = profiles.certify(
        profile, subject, key.public_key(), issuer=issuer, signing_key=issuer.key, base_url=base_url
    )
    return Pair(certificate, key)


def _load(place: Path, name: str) -> Pair:
    certificate = x509.load_pem_x509_certificate((place / f"{name}.pem").read_bytes())
    key = serialization.load_pem_private_key((place / f"{name}.key").read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{place / name}.key does not hold an elliptic-curve key")
    return Pair(certificate, key)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    with (folder / "authority.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
