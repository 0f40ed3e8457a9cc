"""Starts processes, starts a dead one again with growing patience, and stops all of them together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yincai.ops.refusals import Refusal
from yincai.ops.running import interruption
from yincai.ops.running.parent import dies_with_parent
from yincai.ops.system_users import SystemUser

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
SETTLED = 60.0
"""Seconds alive after which a process counts as well again, and its next death as the first."""
AWAY_PAUSE = 2.0
"""Longest pause of a process that ended because the database was away: wanted as soon as that is back."""
GRACE = 8.0
"""Seconds that processes get to finish what they are doing."""

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    user: SystemUser
    log: Path
    folder: Path = Path("/")
    umask: int = 0o007


@dataclass
class Running:
    """A service and its present process; `retry_at` is set while it waits to be started again."""

    service: Service
    process: subprocess.Popen[bytes]
    began: float
    pause: float = FIRST_PAUSE
    retry_at: float | None = field(default=None)


class Supervisor:
    """Keeps services running.  Call `start` for each, `look` often, and `stop` in the end."""

    def __init__(self, *, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._running: dict[str, Running] = {}

    def start(self, service: Service) -> None:
        """Start one service and watch it from now on."""
        with interruption.held():
            self._running[service.name] = Running(service, launch(service), self._clock())

    def is_alive(self, name: str) -> bool:
        """Whether the service has a process now."""
        return self._running[name].process.poll() is None

    def process_ids(self) -> dict[str, int]:
        """Name → process id of what runs now."""
        return {name: each.process.pid for name, each in self._running.items() if each.process.poll() is None}

    def look(self) -> None:
        """Notice who died since the last look, say so, and start again whose pause is over."""
        for running in self._running.values():
            self._look_at(running)

    def stop(self, *, grace: float = GRACE) -> None:
        """Ask all to stop, last started first; after `grace` seconds kill who is still there."""
        alive = [each for each in reversed(self._running.values()) if each.process.poll() is None]
        for running in alive:
            running.process.send_signal(signal.SIGTERM)
        limit = self._clock() + grace
        for running in alive:
            try:
                running.process.wait(max(0.05, limit - self._clock()))
            except subprocess.TimeoutExpired:
                self._say(f"{running.service.name} does not stop; ending it")
        for running in self._running.values():
            _signal_group(running.process, signal.SIGKILL)  # also what its processes left behind
            running.process.wait()
        self._running.clear()

    def _look_at(self, running: Running) -> None:
        now = self._clock()
        if running.retry_at is not None:
            if now >= running.retry_at:
                self._start_again(running)
            return
        status = running.process.poll()
        if status is None:
            return
        _signal_group(running.process, signal.SIGKILL)
        if now - running.began >= SETTLED:
            running.pause = FIRST_PAUSE
        if status == os.EX_TEMPFAIL:
            running.pause = min(running.pause, AWAY_PAUSE)
        running.retry_at = now + running.pause
        self._say(
            f"{running.service.name} ended ({ending(status)}); starting it again in {running.pause:g} s, "
            f"its log is {running.service.log}"
        )
        running.pause = min(running.pause * 2, LONGEST_PAUSE)

    def _start_again(self, running: Running) -> None:
        with interruption.held():
            running.process = launch(running.service)
        running.began, running.retry_at = self._clock(), None


def launch(service: Service, *, stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start the process in a group of its own, so that Ctrl-C reaches only us and we stop it in order."""
    with service.log.open("ab") as log:
        return subprocess.Popen(
            service.command,
            **service.user.arguments(),
            umask=service.umask,
            cwd=service.folder,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log if stdout is None else stdout,
            stderr=log,
            process_group=0,
            preexec_fn=dies_with_parent(),
        )


def run_once(service: Service) -> str:
    """Run a step to its end and return what it printed; one that fails is refused with its last words."""
    began = service.log.stat().st_size if service.log.exists() else 0
    process = launch(service, stdout=subprocess.PIPE)
    try:
        printed = process.communicate()[0].decode("utf8", "replace")
    except BaseException:
        _signal_group(process, signal.SIGTERM)
        process.wait()
        raise
    if process.returncode != 0:
        with service.log.open("rb") as log:
            log.seek(began)
            words = log.read()[-1500:].decode("utf8", "replace").strip()
        last = words.splitlines()[-1].removeprefix("Yincai: ") if words else "it said nothing"
        raise Refusal(f"{service.name} failed ({ending(process.returncode)}): {last} (more in {service.log})")
    return printed


def ending(status: int) -> str:
    """`exit status 1` or `signal SIGKILL`."""
    if status == os.EX_TEMPFAIL:
        return "the database was away"
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-status).name}"
    return f"signal {-status}"


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
