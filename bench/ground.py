"""Where the bench stands: two databases in one PostgreSQL, secrets, a sandbox, and the two sides running."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.sides import ROOT, BenchFailed, Side
from yincai.ops.running import layout

READ_ONLY_HERE = ("DATABASE_URL",)


@dataclass(frozen=True)
class Ground:
    """Both sides, ready, and the database's address."""

    ours: Side
    bare: Side
    database_url: str


@contextlib.contextmanager
def prepared() -> Iterator[Ground]:
    """Everything made in a temporary folder and in databases of its own; all of it is gone afterwards."""
    given = database_address()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yincai-bench-")))
        mine = stack.enter_context(own_database(given, "ours"))
        plain = stack.enter_context(own_database(given, "bare"))
        places = make_folders(folder)
        authority = stack.enter_context(_sandbox(places.sandbox, folder / "sandbox.log"))
        environment = settings_for(places, authority)
        _issue_seal(places, authority, environment)
        set_up({**environment, "DATABASE_URL": mine}, folder / "migrate.log")
        told = {**environment, "YINCAI_DATABASE_POOL": "true"}
        ours = Side("bench.ours", environment={**told, "DATABASE_URL": mine}, log=folder / "ours.log")
        stack.callback(ours.close)
        files = folder / "bare-files"
        files.mkdir()
        bare = Side(
            "bench.baselines",
            environment={**environment, "DATABASE_URL": plain, "BENCH_FILES": str(files)},
            log=folder / "bare.log",
        )
        stack.callback(bare.close)
        yield Ground(ours=ours, bare=bare, database_url=given)


def database_address() -> str:
    """The address of the PostgreSQL in which the bench makes its databases."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        raise BenchFailed("DATABASE_URL is not set; scripts/bench starts a PostgreSQL and sets it")
    return given


def make_folders(folder: Path) -> layout.Layout:
    """The platform's own folders and secrets below a folder."""
    places = layout.layout_from({"YINCAI_VAR": str(folder / "var")})
    layout.make_folders(places)
    layout.make_secrets(places)
    return places


def settings_for(places: layout.Layout, authority: str) -> dict[str, str]:
    """What the platform's processes are told, as `make run` tells them; DEBUG and the test switch are off."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("YINCAI_") and name not in READ_ONLY_HERE
    }
    return {
        **kept,
        **places.exported(),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONUTF8": "1",
        "YINCAI_SANDBOX_URL": authority,
        "YINCAI_TIMESTAMP_URL": f"{authority}/ca/timestamp",
        "YINCAI_SIGNER_KEY": str(places.seal),
        "YINCAI_SIGNER_PASSPHRASE_FILE": str(places.seal_passphrase),
    }


@contextlib.contextmanager
def own_database(given: str, side: str) -> Iterator[str]:
    """An empty database in the same cluster."""
    name = f"yincai_bench_{side}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def _sandbox(folder: Path, log: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "yincai_sandbox", "serve", "--port", "0", "--data", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("sandbox listens on "):
                raise BenchFailed(f"the sandbox did not start: {log.read_text('utf8')[-2000:]}")
            yield line.split()[-1]
        finally:
            process.terminate()
            process.wait(timeout=30)


def _issue_seal(places: layout.Layout, authority: str, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "yincai_sandbox", "issue-seal", "--data", str(places.sandbox)]
    command += ["--out", str(places.seal), "--passphrase-file", str(places.seal_passphrase)]
    subprocess.run(command, env=dict(environment), check=True, capture_output=True)
    with urllib.request.urlopen(f"{authority}/ca/root.pem", timeout=10) as answer:  # noqa: S310 - our own
        (places.trust / "root.pem").write_bytes(answer.read())


def set_up(environment: Mapping[str, str], log: Path) -> None:
    """Tables, calendar, programmes, static files: what `migrate` does before `web` starts."""
    with log.open("w") as out:
        command = [sys.executable, "-m", "yincai", "migrate"]
        done = subprocess.run(command, env=dict(environment), stdout=out, stderr=out, check=False)
    if done.returncode:
        raise BenchFailed(f"migrate failed: {log.read_text('utf8')[-3000:]}")
