"""The measure of searching names: taken at a small size, and what its table says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.sample import Sample

from bench import search

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.processes
@pytest.mark.timeout(600)
def test_every_kind_of_question_is_asked_of_both_sizes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "search", "--names", "600", "--size", "2"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()[1:]
    assert [line[:20].strip() for line in lines] == list(search.KINDS)


def test_kind_is_judged_by_its_slowest_twentieth() -> None:
    fast, slow = Sample(cpu=0.001, database_cpu=0.001), Sample(cpu=0.2, database_cpu=0.03)
    kept = search.Searched("a miss", [fast] * 200, [fast] * 195 + [slow] * 5)
    broken = search.Searched("the code", [fast] * 200, [fast] * 180 + [slow] * 20)

    lines = search.as_text([kept, broken], small=10, large=1000).splitlines()[1:]

    assert [line.rpartition(" ")[2] for line in lines] == ["ok", "OVER"]
