"""What a person may have done about their data, and what the platform does by itself."""

from __future__ import annotations

from yincai.privacy.copying import ask_copy as ask_copy
from yincai.privacy.copying import destroy_copies as destroy_copies
from yincai.privacy.copying import fail_copy as fail_copy
from yincai.privacy.copying import fetch_copy as fetch_copy
from yincai.privacy.copying import make_copy as make_copy
