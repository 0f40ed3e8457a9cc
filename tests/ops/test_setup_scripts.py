"""`scripts/setup`: which Python it takes, when it does nothing, and what it says when it cannot go on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from scripts import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Scripts and locks alone, at a path with a space and a Chinese name."""
    clone = tmp_path / "my 引才"
    shutil.copytree(ROOT / "scripts", clone / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    return clone


def fake_python(folder: Path, *, version: str, has_venv: bool) -> Path:
    """Answers like a Python of that version; running anything else with it fails."""
    path = folder / "python-fake"
    answer = "exit 0" if has_venv else "exit 1"
    path.write_text(
        f'#!/bin/sh\ncase "$2" in *version_info*) echo {version};; *ensurepip*) {answer};; *) exit 9;; esac\n'
    )
    path.chmod(0o755)
    return path


def set_up(clone: Path, python: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / "scripts" / "setup"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": str(python)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_old_python_is_one_sentence(clone: Path, tmp_path: Path) -> None:
    done = set_up(clone, fake_python(tmp_path, version="3.9", has_venv=True))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"is needed and this machine has 3.9 at {tmp_path}/python-fake; install one" in done.stderr


def test_missing_python_is_one_sentence(clone: Path) -> None:
    done = set_up(clone, "/nowhere/python3")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert (
        "is needed and none was found; install one (Debian 12: apt-get install python3 python3-venv)"
        in done.stderr
    )


def test_python_without_venv_is_one_sentence(clone: Path, tmp_path: Path) -> None:
    done = set_up(clone, fake_python(tmp_path, version="3.12", has_venv=False))

    assert (done.returncode, done.stderr) == (
        1,
        f"Yincai: {tmp_path}/python-fake has no venv module; "
        "install it (Debian: apt-get install python3-venv) and try again.\n",
    )


def test_second_set_up_with_the_same_lock_does_nothing(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by(clone, monkeypatch)

    done = set_up(clone, "/nowhere/python3")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("change", ["lock", "place"])
def test_changed_lock_or_moved_clone_is_set_up_again(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    made_by(clone, monkeypatch)
    if change == "lock":
        lock = clone / "requirements" / "base.txt"
        lock.write_text(lock.read_text("utf8") + "# one more\n", "utf8")
    else:
        clone = clone.rename(tmp_path / "elsewhere")

    assert "none was found" in set_up(clone, "/nowhere/python3").stderr


def test_too_little_disk_is_one_sentence(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ROOM_NEEDED", 10**18)

    with pytest.raises(environment.Refusal, match="MB free and the set-up needs"):
        environment.check_room()


def test_installer_that_meets_a_full_disk_is_one_sentence() -> None:
    with pytest.raises(environment.Refusal, match="is full; make room and try again"):
        environment.call(["/bin/sh", "-c", "echo 'No space left on device (os error 28)' >&2; exit 1"])


def made_by(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a set-up leaves it, but for what it installs."""
    monkeypatch.setattr(environment, "ROOT", clone)
    monkeypatch.setattr(environment, "VENV", clone / ".venv")
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to("/bin/true")
    environment.write_stamp("base")
