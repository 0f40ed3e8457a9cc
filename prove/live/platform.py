"""The real platform, started by its own command in a folder and on ports of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from prove.live.waiting import free_port, is_running, until

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 300.0


@dataclass(frozen=True)
class DemoPerson:
    """One account of the demo, as the command announces it."""

    username: str
    password: str
    phone: str
    who: str


@dataclass
class Platform:
    """A started `run`: its addresses, its folder, its processes."""

    process: subprocess.Popen[bytes]
    folder: Path
    web: str
    sandbox: str

    @property
    def var(self) -> Path:
        """The installation's folder."""
        return self.folder / "var"

    def said(self) -> str:
        """What the command printed so far."""
        return (self.folder / "said").read_text("utf8")

    def people(self) -> dict[str, DemoPerson]:
        """The demo's accounts by user name, read from what the command printed."""
        lines = (line.split() for line in self.said().splitlines() if " +86" in line)
        return {words[0]: DemoPerson(*words[:4]) for words in lines}

    def processes(self, name: str) -> list[int]:
        """The process ids of `web`, `worker`, `reader`, `signer` or `postgres`, the oldest first.

        For `web` its workers too; for `postgres` the postmaster and every backend.
        """
        leaders = [each for each in _children(self.process.pid) if _is_called(each, name)]
        return [each for leader in leaders for each in (leader, *_children(leader))]

    def kill(self, name: str, *, which: int = 0) -> bool:
        """kill -9 one process of that name, `which` counting round and round; whether there was one."""
        found = self.processes(name)
        if not found:
            return False
        try:
            os.kill(found[which % len(found)], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def is_ready(self) -> bool:
        """Whether every part says that it is well."""
        try:
            return httpx.get(f"{self.web}/readyz", timeout=20).status_code == 200
        except httpx.HTTPError:
            return False

    def await_ready(self) -> None:
        """Return when every part is well again."""
        until(self.is_ready, "the platform is ready", limit=START_LIMIT)

    def answers(self) -> bool:
        """Whether a page comes, whatever still waits in the queues."""
        try:
            return httpx.get(f"{self.web}/account/login/", timeout=20).status_code == 200
        except httpx.HTTPError:
            return False

    def await_answers(self) -> None:
        """Return when pages come again."""
        until(self.answers, "the platform answers", limit=START_LIMIT)

    def told(self, name: str) -> dict[str, str]:
        """The environment of one process."""
        pairs = Path(f"/proc/{self.processes(name)[0]}/environ").read_bytes().decode().split("\0")
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the platform's database directly, as the application's role."""
        with psycopg.connect(self.told("worker")["DATABASE_URL"]) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def verify_ledger(self) -> subprocess.CompletedProcess[str]:
        """Run the stand-alone verifier over every chain and checkpoint."""
        return subprocess.run(
            [sys.executable, "-m", "yincai", "ledger-verify"],
            env=self.told("signer"),
            capture_output=True,
            text=True,
            check=False,
        )

    def stop(self) -> int:
        """Ask everything to stop and wait for it; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(90)


@contextlib.contextmanager
def running_platform(**more: str) -> Iterator[Platform]:
    """A platform of one's own with an empty database, gone afterwards; `more` goes into its environment.

    YINCAI_PROVE_KEEP=1 keeps its folder with all logs.
    """
    folder = Path(tempfile.mkdtemp(prefix="yincai-live-"))
    folder.chmod(0o755)  # the other system users pass through
    platform = start(folder, **more)
    try:
        until(
            lambda: "Yincai is ready" in platform.said() or not is_running(platform.process.pid),
            f"the platform in {folder} started",
            limit=START_LIMIT,
        )
        if platform.process.poll() is not None:
            raise RuntimeError(platform.said())
        platform.await_ready()
        yield platform
    finally:
        platform.stop()
        if not os.environ.get("YINCAI_PROVE_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, **more: str) -> Platform:
    """Start the command in `folder/var`; returns at once."""
    port, sandbox_port = str(free_port()), str(free_port())
    web = f"http://127.0.0.1:{port}"
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "PYTHONPATH": str(ROOT / "src"),
        "YINCAI_VAR": str(folder / "var"),
        "PORT": port,
        "SANDBOX_PORT": sandbox_port,
        "YINCAI_BASE_URL": web,
        "YINCAI_DEMO_CASES": "0",
        **more,
    }
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "yincai", "run"], env=environment, stdout=said, stderr=said, cwd="/"
        )
    return Platform(process, folder, web, f"http://127.0.0.1:{sandbox_port}")


def _children(process_id: int) -> list[int]:
    try:
        listing = Path(f"/proc/{process_id}/task/{process_id}/children").read_text("ascii")
    except OSError:
        return []
    return [int(each) for each in listing.split()]


def _is_called(process_id: int, name: str) -> bool:
    try:
        words = Path(f"/proc/{process_id}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return False
    return words[1:4] == ["-m", "yincai", name] or Path(words[0]).name == name
