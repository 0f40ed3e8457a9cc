"""Runs a real sandbox in its own process, for the tests of every room that talks to an authority."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SOURCE = Path(__file__).resolve().parents[2] / "src"


@dataclass(frozen=True, kw_only=True)
class RunningSandbox:
    """A sandbox that listens; `folder` is its data, kept when it stops."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    client: httpx.Client

    def phone(self, number: str) -> dict[str, Any]:
        """Returns what `/phone/<number>.json` says: messages (newest first) and codes."""
        found: dict[str, Any] = self.client.get(f"/phone/{number}.json").raise_for_status().json()
        return found

    def texts(self, number: str) -> list[str]:
        """Returns the texts of the SMS on a phone, newest first."""
        return [message["text"] for message in self.phone(number)["messages"]]

    def fault(self, service: str, mode: str, **more: int) -> None:
        """Sets one switch, see `/faults.json`."""
        facts = {"service": service, "mode": mode, **more}
        self.client.post("/faults.json", json=facts).raise_for_status()

    def kill(self) -> None:
        """Ends the process at once, as a crash would."""
        self.process.kill()
        self.process.wait()


def sandbox_command(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs `python -m yincai_sandbox …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "yincai_sandbox", *map(str, arguments)],
        env=_environment(),
        check=check,
        capture_output=True,
        text=True,
    )


def issue_seal(sandbox: RunningSandbox, out: Path, *, passphrase: str = "sample") -> tuple[Path, str]:  # noqa: S107
    """Gives the demo signer a key: writes `out` (PKCS#12) and returns it with its passphrase."""
    file = out.with_name("passphrase")
    file.write_text(passphrase, "utf8")
    sandbox_command("issue-seal", "--data", sandbox.folder, "--out", out, "--passphrase-file", file)
    return out, passphrase


@contextmanager
def running_sandbox(folder: Path, *, port: int = 0) -> Iterator[RunningSandbox]:
    """Starts a sandbox on a free port (or on `port`) and stops it on leaving."""
    command = [sys.executable, "-m", "yincai_sandbox", "serve", "--port", str(port), "--data", str(folder)]
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("sandbox listens on "), f"the sandbox did not start: {line!r}"
        url = line.split()[-1]
        try:
            with httpx.Client(base_url=url) as client:
                yield RunningSandbox(url=url, folder=folder, process=process, client=client)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(SOURCE)}
