"""The folder of the unix socket: its whole path must stay under the 107 bytes that the kernel allows."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from yincai.ops.database.addresses import fingerprint
from yincai.ops.refusals import Refusal
from yincai.ops.system_users import SystemUser

LONGEST = 107 - len("/.s.PGSQL.5432.lock")


def make_socket_folder(var: Path, *, user: SystemUser) -> Path:
    """A folder that belongs to the database's system user and that others may only pass through."""
    folder = var / "run" / "postgres"
    if len(os.fsencode(folder)) > LONGEST or not _reaches(user, var):
        base = Path("/run") if os.geteuid() == 0 and Path("/run").is_dir() else Path("/tmp")  # noqa: S108
        folder = base / f"yincai-{os.geteuid()}-{fingerprint(var)}"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), user.uid}:
        raise Refusal(f"{folder} belongs to somebody else; remove it and start again.")
    if os.geteuid() == 0:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o755)
    return folder


def _reaches(user: SystemUser, var: Path) -> bool:
    return os.geteuid() != 0 or user.can_read(var)
