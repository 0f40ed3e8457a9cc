"""Runs one command with a PostgreSQL of its own that is gone afterwards: `with_database.py COMMAND …`.

Durability stays on (fsync, full_page_writes, synchronous_commit): tests run against what residents get.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from yincai.ops.database.addresses import DATABASE, SUPERUSER
from yincai.ops.database.cluster import Cluster, Places
from yincai.ops.refusals import Refusal
from yincai.ops.system_users import database_user


@contextlib.contextmanager
def temporary_database() -> Iterator[dict[str, str]]:
    """The environment that leads to a fresh cluster; a `DATABASE_URL` that is set already is used instead."""
    if os.environ.get("DATABASE_URL"):
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="yincai-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database's system user passes through
        # Nobody else may pass into the socket's folder, so that roles which tests make need no passwords.
        cluster = Cluster(places_in(folder), authentication="trust")
        cluster.prepare()
        cluster.start()
        try:
            cluster.provision()
            yield {**os.environ, "DATABASE_URL": f"postgresql:///{DATABASE}?host={folder}/s&user={SUPERUSER}"}
        finally:
            cluster.stop()


def places_in(folder: Path) -> Places:
    """All of a cluster below one folder."""
    user = database_user()
    socket = folder / "s"
    socket.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(socket, user.uid, user.gid)
    return Places(data=folder / "postgres", socket=socket, passwords=folder / "secrets", log=folder / "log")


if __name__ == "__main__":
    try:
        with temporary_database() as environment:
            status = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    except Refusal as refusal:
        sys.exit(f"Yincai: {refusal}")
    sys.exit(status)
