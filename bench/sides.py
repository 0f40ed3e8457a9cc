"""Two sides, two processes: each answers one measure at a time, so that their rounds can be interleaved."""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from bench.sample import Sample

ROOT = Path(__file__).resolve().parents[1]
Measure = Callable[[int], Sample]
"""Does its work as often as asked and returns the cost of one; whatever it sets up is not counted."""


class BenchFailed(Exception):  # noqa: N818 - what happened
    """A side could not do what is measured; the text says why."""


class Side:
    """A running side, as the process that compares holds it."""

    def __init__(self, module: str, *, environment: Mapping[str, str], log: Path) -> None:
        self.module, self.log = module, log
        self._log = log.open("w", encoding="utf8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def measure(self, name: str, count: int) -> Sample:
        """One round of a measure: the cost of one of `count`."""
        answer = self._ask({"measure": name, "count": count})
        return Sample(**answer)

    def close(self) -> None:
        """End the process; it was asked nothing."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            stdin.close()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise BenchFailed(f"{self.module} has no pipes")
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise BenchFailed(f"{self.module} ended: {self._last_words()}") from None
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailed(f"{self.module} ended: {self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise BenchFailed(f"{self.module}, {question['measure']}: {answer['failed']}")
        return answer

    def _last_words(self) -> str:
        return self.log.read_text("utf8", errors="replace")[-3000:]


def serve(measures: Mapping[str, Measure]) -> None:
    """Answer questions from standard input until it ends; nothing else may write to standard output."""
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        question = json.loads(line)
        _say(out, _answer(measures[question["measure"]], question["count"]))


def _answer(measure: Measure, count: int) -> dict[str, Any]:
    try:
        return asdict(measure(count))
    except Exception:  # noqa: BLE001 - told whole to the process that compares, which stops
        return {"failed": traceback.format_exc()}


def _say(out: TextIO, answer: Mapping[str, Any]) -> None:
    out.write(json.dumps(answer) + "\n")
    out.flush()
