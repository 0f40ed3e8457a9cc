"""Database addresses (`postgresql://…`) that name a password file instead of holding a password."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

DATABASE = "yincai"
SUPERUSER = "yincai_admin"
OWNER = "yincai_owner"
APPLICATION = "yincai_app"
ROLES = (SUPERUSER, OWNER, APPLICATION)


def address(*, socket: Path, role: str, password_file: Path, database: str = DATABASE) -> str:
    """The `DATABASE_URL` of one role over the socket; libpq reads the password from the file itself."""
    return (
        f"postgresql:///{database}?host={quote(str(socket), safe='')}&user={role}"
        f"&passfile={quote(str(password_file), safe='')}"
    )


def password_line(role: str, password: str) -> str:
    """One line in the format of libpq's password file."""
    return f"*:*:*:{role}:{password}\n"


def fingerprint(folder: Path) -> str:
    """A short name for a folder, the same at every start: for things that must live elsewhere."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]
