"""The embedded PostgreSQL: made, started, checked, crashed and stopped for real."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yincai.ops.database import addresses, checks
from yincai.ops.database.binaries import Binaries, installed, wheel
from yincai.ops.database.cluster import Cluster, Places
from yincai.ops.refusals import Refusal
from yincai.ops.system_users import database_user

pytestmark = pytest.mark.processes


def make_places(folder: Path) -> Places:
    socket = folder / "s"
    socket.mkdir(mode=0o755)
    user = database_user()
    if os.geteuid() == 0:
        os.chown(socket, user.uid, user.gid)
    return Places(
        data=folder / "my data", socket=socket, passwords=folder / "secrets", log=folder / "log" / "pg"
    )


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that other system users can pass through, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="yincai cluster ") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def cluster(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(make_places(home))
    cluster.prepare()
    cluster.start()
    cluster.provision()
    yield cluster
    cluster.stop()


def test_cluster_provisioned_serves_owner_and_application(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(addresses.OWNER)) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('人才绿卡')")
    with psycopg.connect(cluster.url(addresses.APPLICATION)) as connection:
        user = connection.execute("SELECT current_user").fetchone()

    assert user == ("yincai_app",)


def test_application_role_may_not_create_tables(cluster: Cluster) -> None:
    with (
        psycopg.connect(cluster.url(addresses.APPLICATION)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (word text)")


def test_wrong_password_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text(addresses.password_line(addresses.OWNER, "guess"), "ascii")
    wrong.chmod(0o600)
    url = addresses.address(socket=cluster.places.socket, role=addresses.OWNER, password_file=wrong)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_cluster_listens_on_no_network_address(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(addresses.SUPERUSER)) as connection:
        row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()

    assert row == ("",)


def test_cluster_password_files_are_private(cluster: Cluster) -> None:
    modes = {cluster.password_file(role).stat().st_mode & 0o777 for role in addresses.ROLES}

    assert modes == {0o600}


def test_second_preparation_changes_nothing(cluster: Cluster) -> None:
    before = cluster.password_file(addresses.OWNER).read_bytes()

    cluster.prepare()
    cluster.provision()

    assert cluster.password_file(addresses.OWNER).read_bytes() == before


def test_killed_postmaster_is_recovered_with_all_that_was_committed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(addresses.OWNER)) as connection:
        connection.execute("CREATE TABLE survivors (n int)")
        connection.execute("INSERT INTO survivors VALUES (1)")
    assert cluster.process is not None
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()

    cluster.start()

    with psycopg.connect(cluster.url(addresses.OWNER)) as connection:
        assert connection.execute("SELECT n FROM survivors").fetchall() == [(1,)]


def test_stale_pid_file_that_names_another_program_does_not_stop_a_start(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.places.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.places.data}\n", "ascii")

    cluster.start()

    checks.check_database(cluster.url(addresses.SUPERUSER))


@pytest.mark.parametrize("setting", checks.MUST_BE_ON)
def test_start_refuses_a_setting_that_can_lose_applications(cluster: Cluster, setting: str) -> None:
    cluster.stop()
    own = cluster.places.data / "postgresql.auto.conf"
    before = own.read_text("utf8")
    own.write_text(f"{before}\n{setting} = off\n", "utf8")

    try:
        with pytest.raises(Refusal, match=f"runs with {setting} off"):
            cluster.start()
        assert cluster.process is None
    finally:
        own.write_text(before, "utf8")
        cluster.start()


def test_database_that_is_not_there_is_refused_in_one_sentence(cluster: Cluster) -> None:
    with pytest.raises(Refusal, match="DATABASE_URL names cannot be opened .*nowhere"):
        checks.check_database(cluster.url(addresses.SUPERUSER, database="nowhere"))


def test_locale_that_does_not_know_chinese_is_refused(cluster: Cluster) -> None:
    with psycopg.connect(
        cluster.url(addresses.SUPERUSER, database="postgres"), autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE blind TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")

    with pytest.raises(Refusal, match="does not know Chinese characters"):
        checks.check_database(cluster.url(addresses.SUPERUSER, database="blind"))


@pytest.mark.parametrize(
    "binaries",
    list({each.major: each for each in (*installed(), *wheel())}.values()),
    ids=lambda each: f"{each.major}",
)
def test_every_postgresql_of_this_machine_makes_a_good_cluster(binaries: Binaries, home: Path) -> None:
    folder = home / f"major {binaries.major}"
    folder.mkdir(mode=0o711)
    cluster = Cluster(make_places(folder), binaries=binaries_for(binaries, folder))
    cluster.prepare()
    cluster.start()

    try:
        cluster.provision()
    finally:
        cluster.stop()

    assert not (cluster.places.data / "postmaster.pid").exists()


def binaries_for(binaries: Binaries, folder: Path) -> Binaries:
    from yincai.ops.database.binaries import readable_copy

    return readable_copy(binaries, user=database_user(), into=folder)
