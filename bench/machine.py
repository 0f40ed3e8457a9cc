"""The machine that the figures were taken on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psycopg


def describe(database_url: str) -> dict[str, str]:
    """Processor, cores, load, Python, PostgreSQL and its durability settings."""
    with psycopg.connect(database_url) as connection:
        version = connection.execute("SHOW server_version").fetchone()
        kept = [
            f"{name} {connection.execute(f'SHOW {name}').fetchone()[0]}"  # type: ignore[index]  # always one row
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        ]
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": f"{version[0] if version else '?'} ({', '.join(kept)})",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
