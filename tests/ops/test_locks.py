"""What is installed is what was locked: every file by its hash, wherever the installer looks for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.locks import locked

ROOT = Path(__file__).resolve().parents[2]
LEVELS = ["bootstrap", "base", "test", "bench"]
ADDRESS = re.compile(r"://|^\s*-(?!-hash=)|\bindex-url\b|\bfind-links\b|\btrusted-host\b| @ ", re.MULTILINE)
VIA = re.compile(r"^\s*#.*$", re.MULTILINE)


@pytest.mark.parametrize("level", LEVELS)
def test_every_locked_package_has_a_version_and_hashes(level: str) -> None:
    found = locked(level)

    assert found
    assert [one.name for one in found if not one.hashes] == []


@pytest.mark.parametrize("level", LEVELS)
def test_lock_names_no_index_and_no_host(level: str) -> None:
    text = (ROOT / "requirements" / f"{level}.txt").read_text("utf8")
    lines = VIA.sub("", text).replace("    --hash=", "--hash=")

    assert ADDRESS.findall(lines) == []
    assert "://" not in text


def test_each_level_holds_the_one_before() -> None:
    pins = [{(one.name, one.version) for one in locked(level)} for level in LEVELS[1:]]

    assert pins[0] <= pins[1] <= pins[2]


def test_bill_of_materials_lists_every_package_with_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    subprocess.run([sys.executable, ROOT / "scripts" / "sbom.py", file], check=True, capture_output=True)

    bill = json.loads(file.read_text("utf8"))
    listed = {
        (one["name"], one["version"], digest["content"])
        for one in bill["components"]
        for reference in one["externalReferences"]
        for digest in reference["hashes"]
    }
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "yincai"
    assert listed == {(one.name, one.version, each) for one in locked("base") for each in one.hashes}


def test_vulnerability_service_that_does_not_answer_is_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py", "--vulnerability-service", "osv", "--osv-url",
         "http://127.0.0.1:9/", "--timeout", "1"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Yincai: the vulnerability service did not answer")
    assert "Traceback" not in done.stderr
