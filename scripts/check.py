"""`make test`: sets up the browser, then runs every check and every test, and says which of them failed.

`make test` runs all of it.  For one piece: `scripts/test lint`, `types`, `contracts`, `tests` or `browser`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from with_database import temporary_database

from yincai.ops.refusals import Refusal

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
PACKAGES = {"chromium": "chromium", "fonts-noto-cjk": "fonts/opentype/noto/NotoSansCJK-Regular.ttc"}

PYTEST = [PYTHON, "-m", "pytest", "-q", "-n", "2"]
"""Two side by side, each with a database of its own."""
CODE = ["src", "tests", "scripts", "bench", "prove"]
STEPS: dict[str, list[list[str]]] = {
    "lint": [
        [str(BIN / "ruff"), "check", *CODE],
        [str(BIN / "ruff"), "format", "--check", *CODE],
    ],
    "types": [[PYTHON, "-m", "mypy"]],
    "contracts": [[str(BIN / "lint-imports")]],
    "tests": [[*PYTEST, "-m", "not browser", "--dist", "loadfile"]],
    "browser": [[*PYTEST, "-m", "browser", "--dist", "loadgroup"]],
}
NEED_DATABASE = {"tests", "browser"}


def main(chosen: list[str]) -> int:
    """0 when everything chosen is green."""
    unknown = [name for name in chosen if name not in STEPS]
    if unknown:
        print(f"Yincai: there is no check {unknown[0]!r}; choose from {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    chosen = chosen or list(STEPS)
    if "browser" in chosen:
        set_up_browser()
    environment = {**os.environ, "YINCAI_TESTING": "1", "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    failed = [name for name in chosen if name not in NEED_DATABASE and not passes(name, environment)]
    if NEED_DATABASE & set(chosen):
        with temporary_database() as found:
            environment["DATABASE_URL"] = found["DATABASE_URL"]
            failed += [name for name in chosen if name in NEED_DATABASE and not passes(name, environment)]
    print(f"\nFailed: {', '.join(failed)}" if failed else f"\nGreen: {', '.join(chosen)}", flush=True)
    return 1 if failed else 0


def passes(name: str, environment: Mapping[str, str]) -> bool:
    """Run all commands of a step, so that one run shows everything that is wrong; no tests is wrong too."""
    print(f"\n── {name}", flush=True)
    began = time.monotonic()
    good = True
    for command in STEPS[name]:
        status = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode
        good = good and status == 0
    print(f"── {name}: {'green' if good else 'failed'} in {time.monotonic() - began:.0f} s", flush=True)
    return good


def set_up_browser() -> None:
    """Chromium and a Chinese font: installed by root through apt, else asked for in one sentence."""
    missing = [name for name in PACKAGES if not is_there(name)]
    if not missing:
        return
    wanted = " ".join(missing)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Refusal(
            f"the browser tests need {wanted}; install it (sudo apt-get install {wanted}) and try again."
        )
    print(f"Yincai: installing {wanted}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *missing]):
        done = subprocess.run(
            ["apt-get", *command], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            print((done.stdout + done.stderr)[-3000:], file=sys.stderr)
            raise Refusal(f"apt-get could not install {wanted} (its own words are above).")


def is_there(package: str) -> bool:
    """Whether the program or the font file of a package is on this machine."""
    return bool(shutil.which(package)) or (Path("/usr/share") / PACKAGES[package]).exists()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(f"Yincai: {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
