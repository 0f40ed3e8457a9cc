"""The demo signer's key and the root that cards are trusted by, both from the sandbox's authority.

An installation with keys of its own sets YINCAI_SIGNER_KEY and YINCAI_TRUST_ROOTS and never comes here.
"""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from yincai.ops.refusals import Refusal
from yincai.ops.running.services import Services
from yincai.ops.running.supervisor import run_once
from yincai.registries.vocabulary import SELF_TELLING

ROOT_FILE = "root.pem"
_PREFIXED = ("414", "511", "516")
SUBJECTS = "\n".join(
    f'[[document]]\nkind = "{kind}"\nattribute = "serial_number"\nprefix = "{prefix}"\n'
    for kind, prefix in [*((one, "") for one in SELF_TELLING), *((one, f"{one}:") for one in _PREFIXED)]
)
"""How the sandbox's authority writes people into the subjects of certificates (`docs/operations.md`)."""


def check_authority(services: Services) -> None:
    """Refuse another address than the one that the certificates of the sandbox's authority name."""
    about = services.layout.sandbox / "authority" / "authority.json"
    if not about.is_file():
        return
    known = str(json.loads(about.read_text("utf8"))["base_url"])
    if known != services.ports.sandbox_url:
        raise Refusal(
            f"the certificates of the demo authority name {known}; start with "
            f"SANDBOX_PORT={urlsplit(known).port}, or give the demo a new folder: YINCAI_VAR=/path make run."
        )


def issue_seal(services: Services) -> None:
    """Let the sandbox issue the seal once; the sandbox's user never sees the signer's folder."""
    layout, user = services.layout, services.crew.sandbox
    if "YINCAI_SIGNER_KEY" in services.given or layout.seal.exists():
        return
    issued = layout.sandbox / "issued.p12"
    passphrase = layout.sandbox / "issued.passphrase"
    issued.unlink(missing_ok=True)
    try:
        shutil.copyfile(layout.seal_passphrase, passphrase)
        passphrase.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(passphrase, user.uid, user.gid)
        run_once(
            services.sandbox(
                "issue-seal", "--out", str(issued), "--passphrase-file", str(passphrase), name="issue-seal"
            )
        )
    finally:
        passphrase.unlink(missing_ok=True)
    issued.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(issued, services.crew.signer.uid, services.crew.signer.gid)
    issued.rename(layout.seal)


def _say_how_people_are_written(file: Path) -> None:
    """How the sandbox's authority writes a document into a subject, unless an operator said it already."""
    if not file.exists():
        _write(file, SUBJECTS.encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file for everybody to read: whole, or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(content)
    unfinished.chmod(0o644)
    unfinished.rename(path)


def fetch_trust_root(services: Services) -> None:
    """Keep the root certificate of the sandbox's authority among those that seal and that sign people in."""
    address = f"{services.ports.sandbox_url}/ca/root.pem"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own sandbox
            content = answer.read()
    except OSError as error:
        raise Refusal(f"{address} gave no root certificate ({error}).") from None
    for folder in (services.layout.trust, services.layout.people_trust):
        path = folder / ROOT_FILE
        if not path.exists() or path.read_bytes() != content:
            _write(path, content)
    _say_how_people_are_written((services.layout.people_trust / ROOT_FILE).with_suffix(".toml"))
