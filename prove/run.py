"""Runs every proof of this folder, or the named ones, and writes dated results into docs/proof/."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "proof"


class Proof(Protocol):
    """What a module of this folder offers; `prove` returns figures, or raises `AssertionError`."""

    TITLE: str
    prove: Callable[[], Mapping[str, str]]


def main(wanted: list[str]) -> int:
    """0 when every proof holds."""
    names = [
        found.name for found in iter_modules([str(ROOT / "prove")]) if found.name != "run" and not found.ispkg
    ]
    unknown = set(wanted) - set(names)
    if unknown:
        sys.stderr.write(f"Yincai: there is no proof {min(unknown)!r}; choose from {', '.join(names)}.\n")
        return 2
    return max([_run(name) for name in wanted or names], default=0)


def _run(name: str) -> int:
    proof = cast(Proof, import_module(f"prove.{name}"))
    sys.stdout.write(f"── {proof.TITLE}\n")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        figures, holds = dict(proof.prove()), True
    except AssertionError as error:
        figures, holds = {"failed": str(error)}, False
    figures["time"] = f"{time.monotonic() - began:.0f} s"
    lines = [f"| {what} | {figure} |" for what, figure in figures.items()]
    sys.stdout.write("\n".join(lines) + ("\n\nholds\n" if holds else "\n\nDOES NOT HOLD\n"))
    if holds:
        _write(name, proof.TITLE, lines)
    return 0 if holds else 1


def _write(name: str, title: str, lines: list[str]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    head = [f"# {title}", "", f"{day}, {machine}. `scripts/prove {name}` takes it again.", ""]
    text = "\n".join([*head, "| what | figure |", "|---|---|", *lines, ""])
    (RESULTS / f"{name}.md").write_text(text, "utf8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
