"""`python -m yincai_sandbox <command>`."""

from __future__ import annotations

import sys

from yincai_sandbox.commands import main

sys.exit(main(sys.argv[1:]))
