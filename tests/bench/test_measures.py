from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench.comparisons import COMPARISONS

ROOT = Path(__file__).resolve().parents[2]
NAMES = [one.name for one in COMPARISONS]

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """What `scripts/bench --size 1 --json` prints: every measure taken once, on both sides."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--size", "1", "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_machine_is_named(printed: dict[str, Any]) -> None:
    assert all(printed["machine"][name] for name in ("processor", "cores", "python", "postgresql"))


@pytest.mark.parametrize("name", NAMES)
def test_measure_is_taken_on_both_sides(printed: dict[str, Any], name: str) -> None:
    (result,) = [one for one in printed["results"] if one["name"] == name]

    assert result["ours"]["cpu"] > 0
    assert result["bare"]["cpu"] > 0
    assert result["ratio"]["middle"] > 0


def test_pages_and_applications_tell_what_they_asked_of_the_database(printed: dict[str, Any]) -> None:
    facts = {one["name"]: one for one in printed["results"]}

    for name in ("form_page", "section_save", "application"):
        assert facts[name]["ours"]["queries"] > 0
        assert facts[name]["bare"]["queries"] > 0
    assert facts["section_save"]["ours"]["wal"] > 0
    assert facts["application"]["ours"]["files"] > 0
    assert facts["application"]["ours"]["reader_cpu"] > 0
