"""Asks whether a weakness is known in any package that `make run` installs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLEAN, WEAK, UNANSWERED = 0, 1, 2


def main(more: list[str]) -> int:
    """0 none is known, 1 some are (listed), 2 after one sentence when the service did not answer."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip",
             "--progress-spinner", "off", "-r", str(ROOT / "requirements" / "base.txt"),
             "-f", "json", "-o", str(answer), *more],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        found = json.loads(answer.read_text("utf8"))["dependencies"] if answer.is_file() else None
    if found is None:
        print(done.stderr.strip()[-2000:], file=sys.stderr)
        print(
            "Yincai: the vulnerability service did not answer for every package (its own words are above), "
            "so nothing is known about them; check the network connection to it and try again.",
            file=sys.stderr,
        )
        return UNANSWERED
    weak = [(one["name"], one["version"], flaw) for one in found for flaw in one.get("vulns", ())]
    for name, version, flaw in weak:
        mended = ", ".join(flaw["fix_versions"]) or "no version yet"
        print(f"{name} {version}: {flaw['id']}, mended in {mended}")
    print(f"{len(found)} packages, {len(weak)} known weaknesses")
    return WEAK if weak else CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
