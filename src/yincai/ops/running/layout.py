"""The folders of one installation, whom each belongs to, and the secrets in them."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yincai.foundation import encryption, vault
from yincai.ledger import keys
from yincai.ops.database import addresses
from yincai.ops.database.cluster import write_private
from yincai.ops.metrics_token import TOKEN_FILE
from yincai.ops.refusals import Refusal
from yincai.ops.running.crew import Crew
from yincai.ops.system_users import SystemUser

OIDC_SECRET = "oidc_secret"  # noqa: S105 - the name of a file
ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "src"


@dataclass(frozen=True)
class Layout:
    """Where everything lies; by default below `var/` of the project."""

    var: Path
    secrets: Path
    vault: Path
    checkpoints: Path
    trust: Path
    people_trust: Path

    @property
    def files(self) -> Path:
        """Uploads and cards."""
        return self.var / "files"

    @property
    def mail(self) -> Path:
        """Letters, as long as no mail server is named."""
        return self.var / "mail"

    @property
    def signer(self) -> Path:
        """The signer's own folder: nobody else's process may look into it."""
        return self.var / "signer"

    @property
    def sandbox(self) -> Path:
        """The data of the outside authorities that the sandbox plays."""
        return self.var / "sandbox"

    @property
    def run(self) -> Path:
        """What is only true while the platform runs."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """One log a process."""
        return self.var / "log"

    @property
    def seal(self) -> Path:
        """The demo signer's key (PKCS#12)."""
        return self.signer / "seal.p12"

    @property
    def seal_passphrase(self) -> Path:
        """The file with the key's passphrase."""
        return self.signer / "seal.passphrase"

    @property
    def checkpoint_key(self) -> Path:
        """The key that signs the ledger's checkpoints."""
        return self.signer / "checkpoint.key"

    def exported(self) -> dict[str, str]:
        """The variables that tell a process of this installation where things are."""
        return {
            "YINCAI_VAR": str(self.var),
            "YINCAI_SECRETS": str(self.secrets),
            "YINCAI_VAULT": str(self.vault),
            "YINCAI_CHECKPOINTS": str(self.checkpoints),
            "YINCAI_TRUST_ROOTS": str(self.trust),
            "YINCAI_PEOPLE_ROOTS": str(self.people_trust),
        }


def layout_from(environment: Mapping[str, str]) -> Layout:
    """The layout that the environment asks for (the same names and defaults as the settings)."""
    var = Path(environment.get("YINCAI_VAR", str(ROOT / "var"))).absolute()
    return Layout(
        var=var,
        secrets=Path(environment.get("YINCAI_SECRETS", str(var / "secrets"))).absolute(),
        vault=Path(environment.get("YINCAI_VAULT", str(var / "vault"))).absolute(),
        checkpoints=Path(environment.get("YINCAI_CHECKPOINTS", str(var / "checkpoints"))).absolute(),
        trust=Path(environment.get("YINCAI_TRUST_ROOTS", str(var / "trust"))).absolute(),
        people_trust=Path(environment.get("YINCAI_PEOPLE_ROOTS", str(var / "trust-people"))).absolute(),
    )


def make_folders(layout: Layout) -> None:
    """Make every folder that is missing; one that cannot be written is refused."""
    try:
        for folder, mode in (
            (layout.var, 0o755),
            (layout.secrets, 0o750),
            (layout.checkpoints, 0o755),
            (layout.trust, 0o755),
            (layout.people_trust, 0o755),
            (layout.files, 0o770),
            (layout.mail, 0o770),
            (layout.signer, 0o700),
            (layout.sandbox, 0o700),
            (layout.run, 0o755),
            (layout.log, 0o750),
        ):
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except PermissionError as error:
        raise Refusal(
            f"{error.filename} cannot be made by this user; start as the user that owns {layout.var}, "
            "or choose another folder: YINCAI_VAR=/path make run."
        ) from None
    if not os.access(layout.run, os.W_OK) or not os.access(layout.secrets, os.R_OK | os.W_OK | os.X_OK):
        raise Refusal(
            f"{layout.var} belongs to another user; start as that user, "
            "or choose another folder: YINCAI_VAR=/path make run."
        )


def make_secrets(layout: Layout) -> list[Path]:
    """Make every secret that is missing and tell which; one that is there is never written again."""
    made = []
    for name in ("secret_key", TOKEN_FILE):
        path = layout.secrets / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(64))
            made.append(path)
    ring = layout.secrets / encryption.RING_FILE
    if not ring.exists():
        encryption.create_keyring(ring)
        made.append(ring)
    pledge = layout.secrets / vault.PLEDGE_FILE
    try:
        made += [pledge] if vault.make(layout.vault, pledge=pledge) else []
    except (vault.VaultError, OSError) as error:
        raise Refusal(str(error)) from error
    if not layout.seal_passphrase.exists():
        write_private(layout.seal_passphrase, secrets.token_urlsafe(32))
        made.append(layout.seal_passphrase)
    new_key = not layout.checkpoint_key.exists()
    keys.create_checkpoint_key(layout.checkpoint_key, checkpoints=layout.checkpoints)
    return [*made, layout.checkpoint_key] if new_key else made


def hand_over(layout: Layout, crew: Crew) -> None:
    """Give every folder and secret to the user that needs it, and take it from the others (root only).

    The web's group shares the ordinary secrets, the uploads and the checkpoints with the signer; the
    signer's own folder is the signer's alone.
    """
    if os.geteuid() != 0:
        return
    group = crew.web.gid
    _own(layout.secrets, 0, group, 0o750)
    for name in ("secret_key", TOKEN_FILE, encryption.RING_FILE, vault.PLEDGE_FILE, OIDC_SECRET):
        if name != OIDC_SECRET or (layout.secrets / name).exists():
            _own(layout.secrets / name, 0, group, 0o640)
    for folder in (layout.files, layout.mail):
        _own(folder, crew.web.uid, group, 0o2770)
    _own_vault(layout.vault, crew)
    _own(layout.checkpoints, crew.signer.uid, group, 0o2775)
    for path in layout.checkpoints.iterdir():
        os.chown(path, crew.signer.uid, group)
    for folder, user in ((layout.signer, crew.signer), (layout.sandbox, crew.sandbox)):
        _own(folder, user.uid, user.gid, 0o700)
        for path in folder.rglob("*"):
            os.chown(path, user.uid, user.gid, follow_symlinks=False)


def password_file_for(layout: Layout, user: SystemUser) -> Path:
    """The application's database password in a file of this user's own: libpq reads no shared one."""
    original = layout.secrets / "database" / addresses.APPLICATION
    if os.geteuid() != 0 or user.uid == 0:
        return original
    folder = layout.run / "passwords" / user.name
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    _own(folder, user.uid, user.gid, 0o700)
    copy = folder / addresses.APPLICATION
    write_private(copy, original.read_text("ascii"))
    os.chown(copy, user.uid, user.gid)
    return copy


def open_log(layout: Layout, name: str) -> Path:
    """The log of one process; a large one of earlier runs is set aside (one is kept)."""
    path = layout.log / f"{name}.log"
    if path.exists() and path.stat().st_size > 20_000_000:
        shutil.move(path, path.with_suffix(".log.1"))
    return path


def _own_vault(folder: Path, crew: Crew) -> None:
    """Every process that opens what is sealed reaches the keys: the web's user, the signer by its group."""
    for shard in (folder, *(folder / name for name in vault.SHARDS)):
        _own(shard, crew.web.uid, crew.web.gid, 0o2770)
        for entry in os.scandir(shard):
            found = entry.stat(follow_symlinks=False)
            if entry.is_file(follow_symlinks=False) and (
                found.st_gid != crew.web.gid or stat.S_IMODE(found.st_mode) != 0o660
            ):
                _own(Path(entry.path), crew.web.uid, crew.web.gid, 0o660)


def _own(path: Path, uid: int, gid: int, mode: int) -> None:
    os.chown(path, uid, gid)
    path.chmod(mode)
