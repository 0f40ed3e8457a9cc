"""`sandbox`: the service that plays the outside authorities."""

from __future__ import annotations

import argparse
import os
import sys

NAME = "sandbox"
HELP = "Run the sandbox that plays the outside authorities (SANDBOX_PORT, 8001 unless set)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Become the sandbox, a program of its own that shares no code with the platform."""
    from yincai.ops.running.layout import layout_from, make_folders
    from yincai.ops.running.ports import ports_from

    layout, ports = layout_from(os.environ), ports_from(os.environ)
    make_folders(layout)
    command = [sys.executable, "-m", "yincai_sandbox", "serve", "--port", str(ports.sandbox)]
    command += ["--base-url", ports.sandbox_url, "--data", str(layout.sandbox)]
    os.execv(sys.executable, command)  # noqa: S606 - ourselves
