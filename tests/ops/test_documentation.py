"""The operator's pages are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yincai.ops.commands import commands
from yincai.ops.running.environment import RESERVED

ROOT = Path(__file__).resolve().parents[2]
ASKED = re.compile(r"""["'](DATABASE_URL|PORT|SANDBOX_PORT|PROMETHEUS_MULTIPROC_DIR|YINCAI_[A-Z_]+)["']""")


def variables() -> list[str]:
    """Every environment variable that the platform's code names."""
    files = (ROOT / "src" / "yincai").rglob("*.py")
    found = {name for path in files for name in ASKED.findall(path.read_text("utf8"))}
    return sorted(found | set(RESERVED) | {"PYTHON"})


@pytest.mark.parametrize("name", variables())
def test_every_variable_is_explained(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs" / "settings.md").read_text("utf8")


def test_no_variable_is_explained_that_nobody_asks_for() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text("utf8"), re.MULTILINE)

    assert sorted(told) == variables()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_in_the_operators_guide(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "operations.md").read_text("utf8")


def test_every_target_of_make_is_one_script() -> None:
    lines = (ROOT / "Makefile").read_text("utf8").splitlines()
    recipes = [line.strip() for line in lines if line.startswith("\t")]

    assert recipes == [
        f"@scripts/{name}"
        for name in ("run", "test", "prove", "bench", "sbom", "audit", "lock", "format", "clean")
    ]
    assert [name for line in recipes if not (ROOT / (name := line[1:])).is_file()] == []
