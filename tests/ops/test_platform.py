"""The whole platform started by its own command, in a folder and on ports of its own."""

from __future__ import annotations

import http.client
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.ops.waiting import free_port, is_running, until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Run:
    """A started `run` and what it prints."""

    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    var: Path

    def said(self) -> str:
        return (self.var.parent / "said").read_text("utf8")

    def wait_for(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None, words, limit=180)
        assert words in self.said(), self.said()

    def get(self, path: str) -> int:
        return self.ask("GET", path)[0]

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, *, signed_in: bool = False
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.environment["PORT"]), timeout=30)
        headers = {"Cookie": f"session={'a' * 32}; csrf={'b' * 32}"} if signed_in else {}
        body = urlencode({**form, "csrfmiddlewaretoken": "b" * 32}) if form else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode("utf8")
        except OSError as error:
            return 0, {}, repr(error)
        finally:
            connection.close()

    def children(self) -> dict[str, list[int]]:
        """What each process of this run is: `web`, `signer`, `postgres` … → process ids."""
        listing = subprocess.run(
            ["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True
        ).stdout
        found: dict[str, list[int]] = {}
        for line in listing.splitlines():
            number, _, command = line.strip().partition(" ")
            process = int(number)
            name = re.search(r"-m yincai (\w+)$|-m (yincai_sandbox)|(postgres) -D", command)
            if name and self._is_ours(process, command):
                found.setdefault(next(filter(None, name.groups())), []).append(process)
        return found

    def _is_ours(self, process: int, command: str) -> bool:
        try:
            told = Path(f"/proc/{process}/environ").read_bytes()
        except OSError:
            told = b""
        return str(self.var) in command or f"YINCAI_VAR={self.var}".encode() in told


def start(var: Path, **more: str) -> Run:
    ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(ROOT / "src"),
        "YINCAI_VAR": str(var),
        **ports,
        "YINCAI_BASE_URL": f"http://127.0.0.1:{ports['PORT']}",
        "YINCAI_WEB_WORKERS": "1",
        **more,
    }
    var.parent.mkdir(exist_ok=True)
    with (var.parent / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "yincai", "run"], env=environment, stdout=said, stderr=said, cwd="/"
        )
    return Run(process, environment, var)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that other system users can pass through, with a name that needs quoting."""
    folder = Path(tempfile.mkdtemp(prefix="yincai run "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def run(folder: Path) -> Iterator[Run]:
    run = start(folder / "first" / "var")
    try:
        run.wait_for("Yincai is ready")
        yield run
    finally:
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(60)


def test_started_platform_tells_addresses_and_accounts_and_answers(run: Run) -> None:
    said = run.said()

    assert f"http://127.0.0.1:{run.environment['PORT']}/" in said
    assert f"http://127.0.0.1:{run.environment['SANDBOX_PORT']}/phone/" in said
    assert "demo accounts" in said
    assert sorted(run.children()) == [
        "postgres",
        "reader",
        "run",
        "signer",
        "web",
        "worker",
        "yincai_sandbox",
    ]
    assert run.get("/livez") == 200
    until(lambda: run.get("/readyz") == 200, "everything is well")


def test_static_files_are_served_by_content_name_for_ever(run: Run) -> None:
    page = run.ask("GET", "/nowhere")[2]
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert sheet

    status, headers, _ = run.ask("GET", sheet[1])

    assert status == 200
    assert "immutable" in headers["cache-control"]


def test_processes_run_as_different_users_or_the_start_says_why_not(run: Run) -> None:
    owner = {
        name: pwd.getpwuid(Path(f"/proc/{found[0]}").stat().st_uid).pw_name
        for name, found in run.children().items()
    }

    if "The signing key is not kept from the web process" in run.said():
        assert owner["web"] == owner["signer"]
    else:
        assert (owner["web"], owner["signer"], owner["yincai_sandbox"]) == ("www-data", "daemon", "games")


def test_only_the_signer_is_told_where_the_keys_are(run: Run) -> None:
    told = {
        name: b"YINCAI_SIGNER_KEY" in Path(f"/proc/{found[0]}/environ").read_bytes()
        for name, found in run.children().items()
        if name not in {"postgres", "run"}
    }

    assert told == {"web": False, "worker": False, "reader": False, "signer": True, "yincai_sandbox": False}


def test_second_copy_is_refused_in_one_sentence(run: Run) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "yincai", "run"],
        env={**run.environment, "PORT": str(free_port()), "SANDBOX_PORT": str(free_port())},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith("Yincai: another copy already runs on ")


def test_busy_port_is_refused_in_one_sentence(run: Run, folder: Path) -> None:
    port = run.environment["PORT"]

    other = start(folder / "other" / "var", PORT=port)
    other.process.wait(60)

    assert f"Yincai: port {port} is in use by another program; choose another port" in other.said()


@pytest.mark.parametrize("name", ["worker", "signer", "web"])
def test_killed_process_comes_back(run: Run, name: str) -> None:
    before = set(run.children()[name])

    for process in before:
        os.kill(process, signal.SIGKILL)

    until(lambda: bool(set(run.children().get(name, [])) - before), f"{name} is back")
    until(lambda: run.get("/livez") == 200, "the pages are there")
    assert f"{name} ended (signal SIGKILL); starting it again" in run.said()


def test_lost_database_is_a_page_that_keeps_what_was_typed_and_heals(run: Run) -> None:
    until(lambda: run.get("/account/login/") == 200, "the pages are there")
    os.kill(run.process.pid, signal.SIGSTOP)  # so that nobody starts the database again
    try:
        (postmaster,) = run.children()["postgres"]
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: not is_running(postmaster), "the database is gone")

        reading = run.ask("GET", "/my/", signed_in=True)
        typed = run.ask(
            "POST", "/account/login/", {"login": "张三", "password": "never shown"}, signed_in=True
        )
        ready = run.ask("GET", "/readyz")
    finally:
        os.kill(run.process.pid, signal.SIGCONT)

    assert (reading[0], reading[1].get("retry-after")) == (503, "5")
    assert (typed[0], typed[1].get("retry-after")) == (503, "5"), typed[2]
    assert 'name="login" value="张三"' in typed[2]
    assert "never shown" not in typed[2]
    assert ready[0] == 503
    assert json.loads(ready[2]) == {"ready": False}
    until(lambda: run.get("/readyz") == 200, "the database is back")
    until(
        lambda: run.ask("GET", "/account/login/", signed_in=True)[0] == 200,
        "the pages are back by themselves",
    )
    assert "web ended" not in run.said().partition("the database ended")[2]


def test_request_to_stop_ends_everything_and_a_second_start_is_ready_again(run: Run) -> None:
    processes = [number for found in run.children().values() for number in found]

    run.process.send_signal(signal.SIGINT)

    assert run.process.wait(60) == 0
    assert [number for number in processes if is_running(number)] == []
    again = start(run.var, SANDBOX_PORT=run.environment["SANDBOX_PORT"])
    again.wait_for("Yincai is ready")
    run.process, run.environment = again.process, again.environment


def test_killed_supervisor_leaves_nothing_running_and_the_next_start_works(run: Run) -> None:
    processes = [number for found in run.children().values() for number in found]

    run.process.kill()
    run.process.wait()

    until(lambda: not any(is_running(number) for number in processes), "all followed")
    again = start(run.var, SANDBOX_PORT=run.environment["SANDBOX_PORT"])
    again.wait_for("Yincai is ready")
    run.process, run.environment = again.process, again.environment


def test_other_address_of_the_demo_authority_is_refused_with_the_right_port(run: Run) -> None:
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(60) == 0

    other = start(run.var)

    assert other.process.wait(60) == 1
    assert (
        f"start with SANDBOX_PORT={run.environment['SANDBOX_PORT']}, or give the demo a new folder"
        in other.said()
    )
