"""Processes that are kept running and stopped together: real ones, on a clock of our own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.waiting import is_running, until
from yincai.ops.refusals import Refusal
from yincai.ops.running import interruption
from yincai.ops.running.supervisor import AWAY_PAUSE, LONGEST_PAUSE, Service, Supervisor, ending, run_once
from yincai.ops.system_users import myself

pytestmark = pytest.mark.processes


class Stage:
    """A supervisor with a clock that only we move, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 1000.0
        self.said: list[str] = []
        self.supervisor = Supervisor(say=self.said.append, clock=lambda: self.now)

    def service(self, script: str, *, name: str = "job") -> Service:
        return Service(
            name=name,
            command=["/bin/sh", "-c", script],
            environment={"PATH": "/usr/bin:/bin"},
            user=myself(),
            log=self.folder / f"{name}.log",
        )

    def dead(self, name: str = "job") -> None:
        until(lambda: not self.supervisor.is_alive(name), f"{name} is dead")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.supervisor.stop(grace=0.1)


def test_dead_process_is_announced_and_started_again_after_its_pause(stage: Stage) -> None:
    stage.supervisor.start(
        stage.service(f"[ -e {stage.folder}/ran ] && exec sleep 600; touch {stage.folder}/ran; exit 3")
    )
    stage.dead()

    stage.supervisor.look()
    stage.supervisor.look()

    assert stage.said == [
        f"job ended (exit status 3); starting it again in 0.5 s, its log is {stage.folder}/job.log"
    ]
    assert not stage.supervisor.is_alive("job")
    stage.now += 0.5
    stage.supervisor.look()
    assert stage.supervisor.is_alive("job")


def test_process_that_dies_again_and_again_is_started_less_and_less_often(stage: Stage) -> None:
    stage.supervisor.start(stage.service("exit 1"))
    pauses = []

    for _ in range(9):
        stage.dead()
        stage.supervisor.look()
        pauses.append(float(stage.said[-1].split(" again in ")[1].split(" s,")[0]))
        stage.now += pauses[-1]
        stage.supervisor.look()

    assert pauses == [0.5, 1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_process_that_only_misses_the_database_is_never_kept_waiting_long(stage: Stage) -> None:
    stage.supervisor.start(stage.service("exit 75"))
    pauses = []

    for _ in range(5):
        stage.dead()
        stage.supervisor.look()
        pauses.append(float(stage.said[-1].split(" again in ")[1].split(" s,")[0]))
        stage.now += pauses[-1]
        stage.supervisor.look()

    assert pauses == [0.5, 1, AWAY_PAUSE, AWAY_PAUSE, AWAY_PAUSE]


def test_process_that_was_well_for_a_minute_is_started_again_at_once(stage: Stage) -> None:
    stage.supervisor.start(stage.service("exit 1"))
    for _ in range(2):
        stage.dead()
        stage.supervisor.look()
        stage.now += 61
        stage.supervisor.look()
    stage.now += 61
    stage.dead()

    stage.supervisor.look()

    assert "again in 0.5 s" in stage.said[-1]


def test_stop_ends_what_ignores_the_request_and_what_it_started(stage: Stage) -> None:
    script = "trap '' TERM; sleep 600 & echo $! > child; while :; do sleep 600; done"
    service = stage.service(script)
    stage.supervisor.start(Service(**{**vars(service), "folder": stage.folder}))
    until(
        lambda: (stage.folder / "child").exists() and (stage.folder / "child").read_text() != "", "child runs"
    )
    child = int((stage.folder / "child").read_text())
    parent = stage.supervisor.process_ids()["job"]

    stage.supervisor.stop(grace=0.2)

    until(lambda: not is_running(child) and not is_running(parent), "both are gone")
    assert stage.said == ["job does not stop; ending it"]


def test_killed_supervisor_leaves_no_orphans(tmp_path: Path) -> None:
    program = f"""
import sys, time
from pathlib import Path
from yincai.ops.running import interruption
from yincai.ops.running.supervisor import Service, Supervisor
from yincai.ops.system_users import myself
supervisor = Supervisor(say=print)
supervisor.start(Service(name="job", command=["/bin/sleep", "600"], environment={{}}, user=myself(),
                         log=Path({str(tmp_path / "log")!r})))
print(supervisor.process_ids()["job"], flush=True)
time.sleep(600)
"""
    environment = {**os.environ, "PYTHONPATH": "src"}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert is_running(child)

        supervisor.send_signal(signal.SIGKILL)

    until(lambda: not is_running(child), "the child follows")


def test_step_that_fails_is_refused_with_its_last_words(stage: Stage) -> None:
    with pytest.raises(
        Refusal, match=r"migrate failed \(exit status 4\): the disk is full \(more in .*migrate.log\)"
    ):
        run_once(stage.service("echo first >&2; echo 'Yincai: the disk is full' >&2; exit 4", name="migrate"))


def test_step_that_succeeds_returns_what_it_printed(stage: Stage) -> None:
    assert run_once(stage.service("echo 账号; echo noise >&2")) == "账号\n"


def test_endings_are_told_in_words() -> None:
    assert [ending(status) for status in (1, 75, -9)] == [
        "exit status 1",
        "the database was away",
        "signal SIGKILL",
    ]


def test_request_to_stop_waits_until_a_started_process_is_known() -> None:
    reached: list[str] = []
    before = {number: signal.getsignal(number) for number in interruption.SIGNALS}
    interruption.listen()

    try:
        with pytest.raises(interruption.Stopping):
            ask_while_held(reached)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert reached == ["after the request"]


def ask_while_held(reached: list[str]) -> None:
    with interruption.held():
        os.kill(os.getpid(), signal.SIGTERM)
        reached.append("after the request")
