"""Which system user runs which process: apart when root starts the platform and others can run our Python."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from yincai.ops.system_users import SystemUser, first_existing, myself

# Accounts that every Debian has and that own nothing that matters here.
WEB, SIGNER, SANDBOX = "www-data", "daemon", "games"


@dataclass(frozen=True)
class Crew:
    """Who runs what; `apart` tells whether the web's user differs from the signer's, `why` why not."""

    web: SystemUser
    signer: SystemUser
    sandbox: SystemUser
    apart: bool
    why: str = ""


def choose_crew(*, source: Path, var: Path) -> Crew:
    """Separate users when possible, else everything as whoever started, with the reason."""
    me = myself()
    if os.geteuid() != 0:
        return Crew(me, me, me, apart=False, why="started by one ordinary user")
    web, sandbox = first_existing(WEB), first_existing(SANDBOX)
    signer = first_existing(SIGNER, shared_group=web.gid) if web else None
    if web is None or signer is None or sandbox is None:
        return Crew(me, me, me, apart=False, why=f"this machine has no users {WEB}, {SIGNER} and {SANDBOX}")
    if not all(user.can_read(var) and _runs_our_python(user, source) for user in (web, signer, sandbox)):
        return Crew(me, me, me, apart=False, why=f"other users cannot reach {source} or its Python")
    return Crew(web, signer, sandbox, apart=True)


def _runs_our_python(user: SystemUser, source: Path) -> bool:
    """Whether our Python starts for this user and finds our source and its packages."""
    try:
        asked = subprocess.run(
            [sys.executable, "-c", "import django, yincai"],
            **user.arguments(),
            env={"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"},
            cwd="/",
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return asked.returncode == 0
