"""`python -m yincai <command>`: the one entrance for people and scripts."""

from __future__ import annotations

import sys

from yincai.ops.commands import main

sys.exit(main(sys.argv[1:]))
