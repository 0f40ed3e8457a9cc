from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "errors",
        "clock",
        "canonical",
        "codes",
        "identifiers",
        "names",
        "masking",
        "working_days",
        "encryption",
    ],
)
def test_module_for_the_engine_does_without_django(module: str) -> None:
    code = f"import sys, yincai.foundation.{module}; sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False)

    assert done.returncode == 0


def test_code_lists_load_without_settings() -> None:
    code = "from yincai.foundation import codes; print(codes.load('sex').label('1'))"

    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], env={"PYTHONPATH": "src"}, check=True, capture_output=True
    )

    assert done.stdout.decode().strip() == "男"
