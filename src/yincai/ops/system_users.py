"""Which existing system user runs what when root starts the platform; no user is ever created."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class AsUser(TypedDict, total=False):
    """Arguments of `subprocess` that make a child run as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class SystemUser:
    """An account of the operating system; `shared_group` is a group it works with besides its own."""

    name: str
    uid: int
    gid: int
    shared_group: int | None = None

    def arguments(self) -> AsUser:
        """For `subprocess`: become this user, with no group left over from root."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": self.groups()}

    def groups(self) -> list[int]:
        """The supplementary groups."""
        return [] if self.shared_group is None else [self.shared_group]

    def can_read(self, path: Path) -> bool:
        """Whether this user really reaches and reads the path: the kernel is asked, no mode is guessed at."""
        flags = ["-r", str(path)] + (["-a", "-x", str(path)] if path.is_dir() else [])
        asked = subprocess.run(
            ["/usr/bin/test", *flags], **self.arguments(), cwd="/", capture_output=True, check=False
        )
        return asked.returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether this user can execute the program."""
        asked = subprocess.run(
            ["/usr/bin/test", "-x", str(program)],
            **self.arguments(),
            cwd="/",
            capture_output=True,
            check=False,
        )
        return asked.returncode == 0


def myself() -> SystemUser:
    """Who runs this process."""
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return SystemUser(name, uid, os.getegid())


def first_existing(*names: str, shared_group: int | None = None) -> SystemUser | None:
    """The first of the names that this machine has."""
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, shared_group)
    return None


def database_user() -> SystemUser:
    """Who runs PostgreSQL, which refuses to be run by root."""
    if os.geteuid() != 0:
        return myself()
    found = first_existing("postgres", "nobody")
    if found is None:
        raise LookupError("neither the user postgres nor the user nobody exists on this machine")
    return found
