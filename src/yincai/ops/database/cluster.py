"""One embedded PostgreSQL cluster: made once, started, checked, stopped.

It listens on a unix socket only and trusts nobody: every role has a random password in a file of its own.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from yincai.ops.database import addresses, checks
from yincai.ops.database.binaries import Binaries, find_binaries, readable_copy
from yincai.ops.database.postmaster import clear_stale, running_postmaster
from yincai.ops.database.socket_folder import make_socket_folder
from yincai.ops.refusals import Refusal
from yincai.ops.running import interruption
from yincai.ops.running.parent import dies_with_parent
from yincai.ops.system_users import SystemUser, database_user

START_LIMIT = 60.0  # seconds: crash recovery of a busy cluster takes a while
STOP_LIMIT = 20.0
SETTINGS = """\
# Written again at every start.  Your own settings belong in postgresql.conf.
listen_addresses = ''
unix_socket_permissions = 0777
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '128MB'
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
"""


@dataclass(frozen=True)
class Places:
    """Where one cluster keeps what; `data` and `socket` belong to the system user that runs PostgreSQL."""

    data: Path
    socket: Path
    passwords: Path
    log: Path


def places_for(var: Path, *, secrets: Path, user: SystemUser) -> Places:
    """The folders of the platform's own cluster; the data may lie elsewhere, see `reachable_home`."""
    home = reachable_home(var, user=user)
    return Places(
        data=home / "postgres",
        socket=make_socket_folder(var, user=user),
        passwords=secrets / "database",
        log=var / "log" / "postgres.log",
    )


def reachable_home(var: Path, *, user: SystemUser) -> Path:
    """`var` itself, or the folder that stands for it where the database's system user cannot reach it."""
    var.mkdir(parents=True, exist_ok=True)
    if user.can_read(var):
        return var
    home = Path("/var/lib") / f"yincai-{addresses.fingerprint(var)}"
    home.mkdir(mode=0o755, exist_ok=True)
    home.chmod(0o755)
    (home / "belongs-to").write_text(f"{var}\n", "utf8")
    return home


class Cluster:
    """A cluster at its places; `prepare`, then `start`, then `provision`, in the end `stop`."""

    def __init__(
        self,
        places: Places,
        *,
        user: SystemUser | None = None,
        binaries: Binaries | None = None,
        authentication: str = "scram-sha-256",
    ) -> None:
        self._authentication = authentication
        self.places = places
        self.user = user or database_user()
        self._binaries = binaries
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def binaries(self) -> Binaries:
        """The programs that fit the data (found once)."""
        if self._binaries is None:
            version = self.places.data / "PG_VERSION"
            major = int(version.read_text("ascii")) if version.is_file() else None
            found = find_binaries(major=major)
            self._binaries = readable_copy(found, user=self.user, into=self.places.data.parent)
        return self._binaries

    def url(self, role: str, *, database: str = addresses.DATABASE) -> str:
        """The address of one role, with the file that holds its password."""
        return addresses.address(
            socket=self.places.socket, role=role, password_file=self.password_file(role), database=database
        )

    def password_file(self, role: str) -> Path:
        """The password file of one role, readable by the system user that started the platform."""
        return self.places.passwords / role

    def prepare(self) -> None:
        """Make the cluster if there is none; a making that was interrupted is begun again."""
        self._write_passwords()
        self.places.log.parent.mkdir(parents=True, exist_ok=True)
        if not (self.places.data / "PG_VERSION").is_file():
            self._initialise()
        self._write_settings()

    def start(self) -> None:
        """Start PostgreSQL, wait until it answers (crash recovery included) and refuse unsafe settings."""
        clear_stale(self.places.data)
        left_over = running_postmaster(self.places.data)
        if left_over is not None:
            _end(left_over)
        limit = time.monotonic() + START_LIMIT
        self._launch()
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                if time.monotonic() > limit or not self._shared_memory_busy():
                    raise Refusal(
                        f"PostgreSQL did not start; its own words are at the end of {self.places.log}."
                    )
                time.sleep(0.3)  # backends of a killed postmaster leave within moments
                self._launch()
            if time.monotonic() > limit:
                self.stop()
                raise Refusal(f"PostgreSQL did not answer within {START_LIMIT:.0f} s; see {self.places.log}.")
            time.sleep(0.05)
        try:
            with psycopg.connect(self.url(addresses.SUPERUSER, database="postgres")) as connection:
                checks.check_durability(connection)
        except Refusal:
            self.stop()
            raise

    def provision(self) -> None:
        """Make the owner's and the application's role and the database where they are missing."""
        with psycopg.connect(
            self.url(addresses.SUPERUSER, database="postgres"), autocommit=True
        ) as connection:
            for role in (addresses.OWNER, addresses.APPLICATION):
                self._make_role(connection, role)
            self._make_database(connection)
        with psycopg.connect(self.url(addresses.SUPERUSER), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            connection.execute(
                sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(addresses.OWNER))
            )
            connection.execute(
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(addresses.APPLICATION))
            )
        checks.check_database(self.url(addresses.SUPERUSER))

    def is_alive(self) -> bool:
        """Whether PostgreSQL runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End all sessions, write everything down and stop; harmless when it does not run."""
        if self.process is None:
            return
        for number, wait in ((signal.SIGINT, STOP_LIMIT), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)
            try:
                self.process.wait(wait)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def _write_passwords(self) -> None:
        folder = self.places.passwords
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for role in addresses.ROLES:
            path = self.password_file(role)
            if not path.exists():
                write_private(path, addresses.password_line(role, secrets.token_urlsafe(32)))

    def _initialise(self) -> None:
        data = self.places.data
        unfinished = data.with_name(f"{data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        password = unfinished.with_name(f"{data.name}.pw")
        write_private(password, self._password(addresses.SUPERUSER))
        for path in (unfinished, password):
            if os.geteuid() == 0:
                os.chown(path, self.user.uid, self.user.gid)
        try:
            self._run_initdb(unfinished, password)
        finally:
            password.unlink(missing_ok=True)
        with (unfinished / "postgresql.conf").open("a", encoding="utf8") as file:
            file.write("\ninclude_if_exists = 'yincai.conf'\n")
        if data.is_dir() and not any(data.iterdir()):
            data.rmdir()
        unfinished.rename(data)

    def _run_initdb(self, data: Path, password: Path) -> None:
        command = [
            str(self.binaries.program("initdb")),
            f"--pgdata={data}",
            f"--username={addresses.SUPERUSER}",
            f"--pwfile={password}",
            f"--auth={self._authentication}",
            "--encoding=UTF8",
            "--data-checksums",
            *locale_options(self.binaries.major),
        ]
        done = subprocess.run(
            command,
            **self.user.arguments(),
            cwd="/",
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            shutil.rmtree(data, ignore_errors=True)
            words = (done.stderr or done.stdout).strip()
            if "No space left on device" in words:
                raise Refusal(f"the disk that holds {data.parent} is full; make room and start again.")
            raise Refusal(
                f"PostgreSQL could not make its data folder {data.parent}: {words.splitlines()[-1]}"
            )

    def _write_settings(self) -> None:
        text = (
            SETTINGS
            + f"unix_socket_directories = '{str(self.places.socket).replace(chr(39), chr(39) * 2)}'\n"
        )
        (self.places.data / "yincai.conf").write_text(text, "utf8")
        (self.places.data / "yincai.conf").chmod(0o644)

    def _launch(self) -> None:
        with interruption.held(), self.places.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.binaries.program("postgres")), "-D", str(self.places.data)],
                **self.user.arguments(),
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=dies_with_parent(signal.SIGINT),
            )

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url(addresses.SUPERUSER, database="postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _shared_memory_busy(self) -> bool:
        tail = self.places.log.read_bytes()[-2000:]
        return b"pre-existing shared memory block" in tail or b"lock file" in tail

    def _password(self, role: str) -> str:
        return self.password_file(role).read_text("ascii").strip().rpartition(":")[2]

    def _make_role(self, connection: psycopg.Connection, role: str) -> None:
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER ROLE" if exists else "CREATE ROLE")
        connection.execute(
            sql.SQL("{} {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                verb, sql.Identifier(role), sql.Literal(self._password(role))
            )
        )

    def _make_database(self, connection: psycopg.Connection) -> None:
        exists = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [addresses.DATABASE]
        ).fetchone()
        if exists:
            return
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(addresses.DATABASE), sql.Identifier(addresses.OWNER)
            )
        )


def locale_options(major: int) -> list[str]:
    """The locale under which Chinese characters are letters and sorting never changes with the system."""
    if major >= 17:
        return [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
        ]
    return ["--locale=C.UTF-8"]


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, complete or not at all."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _end(process_id: int) -> None:
    """Stop a postmaster of this folder that outlived its supervisor."""
    for number, wait in ((signal.SIGINT, STOP_LIMIT), (signal.SIGQUIT, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
        limit = time.monotonic() + wait
        while time.monotonic() < limit:
            if not Path(f"/proc/{process_id}").exists():
                return
            time.sleep(0.05)
    raise Refusal(f"an older PostgreSQL (process {process_id}) still uses the data and does not stop.")
