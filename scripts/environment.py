"""Makes `.venv` hold exactly what one lock file lists.  Standard library only; `scripts/setup` calls it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LEVELS = ("base", "test", "bench")  # each holds all of the one before
ROOM_NEEDED = 1_500_000_000  # bytes: what the largest level takes, with its downloads


class Refusal(Exception):  # noqa: N818 - a word of the house
    """One sentence for the person at the keyboard."""


def main(level: str) -> int:
    """0 when `.venv` is as the lock says; 1 after one sentence that says why not."""
    try:
        if level not in LEVELS:
            raise Refusal(f"there is no level {level!r}; choose base, test or bench.")
        with (ROOT / "requirements" / "bootstrap.txt").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second set-up waits for the first and then has nothing to do
            make(level)
    except Refusal as refusal:
        print(f"Yincai: {refusal}", file=sys.stderr)
        return 1
    return 0


def make(level: str) -> None:
    """Bring `.venv` to the level, or leave it when it is there already (or beyond, with the same lock)."""
    if any(is_made(each) for each in LEVELS[LEVELS.index(level) :]):
        for lower in LEVELS[: LEVELS.index(level)]:
            write_stamp(lower)
        write_stamp(level)
        return
    # A test environment that is brought up to date stays one, so that `make run` does not undo `make test`.
    level = max([level, *(each for each in LEVELS if stamp_file(each).exists())], key=LEVELS.index)
    check_room()
    print(f"Yincai: setting up .venv ({level}); the first time this takes a minute.", flush=True)
    for each in LEVELS:
        stamp_file(each).unlink(missing_ok=True)
    if not belongs_here():
        shutil.rmtree(VENV, ignore_errors=True)
        call([sys.executable, "-m", "venv", str(VENV)])
    python = str(VENV / "bin" / "python")
    locks = ROOT / "requirements"
    call([python, "-m", "pip", "install", "-q", "--require-hashes", "--disable-pip-version-check",
          "-r", str(locks / "bootstrap.txt")])  # fmt: skip
    # The installer's own packages stay: `sync` is given both locks and removes everything else.
    call([str(VENV / "bin" / "uv"), "pip", "sync", "-q", "--require-hashes", "--compile-bytecode",
          "--python", python, str(locks / "bootstrap.txt"), str(locks / f"{level}.txt")],
         extra=index_of_pip(python))  # fmt: skip
    for each in LEVELS[: LEVELS.index(level) + 1]:
        write_stamp(each)


def belongs_here() -> bool:
    """Whether `.venv` runs, was made at this path (it cannot be moved) and with a Python we support."""
    home = VENV / "home.path"
    if not home.is_file() or home.read_text("utf8") != str(ROOT):
        return False
    probe = "import sys, pip; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))"
    try:
        return subprocess.run([VENV / "bin" / "python", "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def stamp(level: str) -> str:
    """What `scripts/setup` computes: this path and the check sum of the locks of the level."""
    files = b"".join((ROOT / "requirements" / f"{name}.txt").read_bytes() for name in ("bootstrap", level))
    total = subprocess.run(["cksum"], input=files, capture_output=True, check=True).stdout.decode().strip()
    return f"{ROOT} {total}\n"


def stamp_file(level: str) -> Path:
    return VENV / f"{level}.stamp"


def is_made(level: str) -> bool:
    return (
        stamp_file(level).is_file() and stamp_file(level).read_text("utf8") == stamp(level) and belongs_here()
    )


def write_stamp(level: str) -> None:
    (VENV / "home.path").write_text(str(ROOT), "utf8")
    stamp_file(level).write_text(stamp(level), "utf8")


def index_of_pip(python: str) -> dict[str, str]:
    """The package index and certificate of pip's configuration, which the installer does not read."""
    listing = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    found = dict(re.findall(r"^(?:global|install)\.([a-z-]+)='(.*)'$", listing, re.MULTILINE))
    extra = {}
    for option, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if option in found and variable not in os.environ:
            extra[variable] = found[option]
    return extra


def check_room() -> None:
    """Refuse before the first byte when the disk cannot hold the environment."""
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise Refusal(
            f"the disk that holds {ROOT} has {free // 1_000_000} MB free and the set-up needs "
            f"{ROOM_NEEDED // 1_000_000} MB; make room and try again."
        )


def call(command: list[str], *, extra: dict[str, str] | None = None) -> None:
    """Run one step; its output is shown only when it fails."""
    environment = {**os.environ, **(extra or {})}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode == 0:
        return
    output = (done.stdout + done.stderr).strip()
    if "No space left on device" in output:
        raise Refusal(f"the disk that holds {ROOT} is full; make room and try again.")
    print(output[-4000:], file=sys.stderr)
    raise Refusal(
        f"the set-up stopped at `{Path(command[0]).name}` (its own words are above); "
        "check the network connection to the package index and try again."
    )


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "base"))
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            sys.exit(f"Yincai: the disk that holds {ROOT} is full; make room and try again.")
        raise
    except KeyboardInterrupt:
        sys.exit("\nYincai: the set-up was stopped; start it again to continue.")
