"""What the embedded database acknowledged is there after many kills of its postmaster and backends."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from yincai.ops.database import addresses
from yincai.ops.database.cluster import Cluster, Places
from yincai.ops.system_users import database_user

TITLE = "No acknowledged commit is lost when the database is killed"
WANTED = 5000
KILLS = 20
WRITERS = 4


@dataclass
class Writing:
    """What the writers know: every number that a commit was acknowledged for."""

    url: str
    acknowledged: set[int] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, first: int) -> None:
        """Insert `first`, `first + WRITERS`, … one commit each; each is tried only once."""
        number = first
        while not self.stop.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    while not self.stop.is_set():
                        connection.execute("INSERT INTO receipts VALUES (%s)", [number])
                        self.acknowledged.add(number)
                        number += WRITERS
            except psycopg.OperationalError:
                number += WRITERS
                time.sleep(0.02)


def prove() -> Mapping[str, str]:
    """5,000 commits at least, 20 kills of postmaster and backends in turn, 0 lost."""
    with tempfile.TemporaryDirectory(prefix="yincai-prove-") as name:
        cluster = make_cluster(Path(name))
        try:
            return under_fire(cluster)
        finally:
            cluster.stop()


def under_fire(cluster: Cluster) -> Mapping[str, str]:
    """Write and kill at the same time, then compare."""
    url = cluster.url(addresses.OWNER)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE receipts (number int PRIMARY KEY)")
    writing = Writing(url)
    threads = [threading.Thread(target=writing.run, args=[first]) for first in range(WRITERS)]
    for thread in threads:
        thread.start()
    random = Random(7)  # noqa: S311 - when to kill, not a secret
    for kill in range(KILLS):
        goal = (kill + 1) * WANTED // KILLS
        while len(writing.acknowledged) < goal:
            time.sleep(0.005)
        time.sleep(random.random() / 20)
        kill_one(cluster, postmaster=kill % 2 == 0)
    writing.stop.set()
    for thread in threads:
        thread.join()
    wait_for_recovery(url)
    with psycopg.connect(url) as connection:
        kept = {row[0] for row in connection.execute("SELECT number FROM receipts")}
    lost = writing.acknowledged - kept
    assert not lost, f"{len(lost)} acknowledged commits are gone, the first is {min(lost)}"
    return {"acknowledged": str(len(writing.acknowledged)), "kills": str(KILLS), "lost": "0"}


def kill_one(cluster: Cluster, *, postmaster: bool) -> None:
    """kill -9 of the postmaster, which we start again, or of a backend, after which it recovers by itself."""
    assert cluster.process is not None
    parent = cluster.process.pid
    if postmaster:
        os.kill(parent, signal.SIGKILL)
        cluster.process.wait()
        cluster.start()
        return
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    backends = [int(child) for child in children if serves_a_writer(child)]
    for backend in backends[:1]:
        os.kill(backend, signal.SIGKILL)


def serves_a_writer(process: str) -> bool:
    """Whether this child of the postmaster is a session of ours."""
    try:
        return addresses.OWNER.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def wait_for_recovery(url: str) -> None:
    """The last kill may have been a moment ago."""
    limit = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert time.monotonic() < limit, "the database does not come back"
            time.sleep(0.05)
        else:
            return


def make_cluster(folder: Path) -> Cluster:
    """A cluster of its own, durable as in service."""
    folder.chmod(0o711)
    socket = folder / "s"
    socket.mkdir()
    user = database_user()
    if os.geteuid() == 0:
        os.chown(socket, user.uid, user.gid)
    cluster = Cluster(Places(folder / "postgres", socket, folder / "secrets", folder / "log"), user=user)
    cluster.prepare()
    cluster.start()
    cluster.provision()
    return cluster
