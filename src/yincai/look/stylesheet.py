"""The one stylesheet of all pages, joined from `css/`: one file per layer, one per component."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "css"
BEFORE = ("reset.css", "tokens.css", "base.css", "layout.css")
AFTER = ("modes.css", "print.css")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s*\n\s*")


def parts() -> tuple[Path, ...]:
    """Every part, in the order in which they are joined; the layers decide what wins."""
    components = sorted((FOLDER / "components").glob("*.css"))
    return (*(FOLDER / name for name in BEFORE), *components, *(FOLDER / name for name in AFTER))


def joined() -> str:
    """The text of the served stylesheet: all parts without comments and indentation."""
    text = "\n".join(part.read_text("utf8") for part in parts())
    return _BLANKS.sub("\n", _COMMENT.sub("", text)).strip() + "\n"


def place_sheet(place: str) -> str:
    """The name of the static file with the colours of a place."""
    return f"look/places/{place}.css"


def colours(look: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a place's sheet: its tones in place of the platform's, for light and for dark."""
    light, dark = (_tones(look[scheme]) for scheme in ("light", "dark"))
    at_night = f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f"@layer tokens {{\n:root {{ {light} }}\n{at_night}\n}}\n"


def _tones(tones: Mapping[str, str]) -> str:
    named = [f"--{name.replace('_', '-')}: {colour};" for name, colour in tones.items()]
    return " ".join([*named, f"--focus: {tones['action']};"])


def write_to(folder: Path, name: str, text: str | None = None) -> Path:
    """Write the joined parts, or `text`, as `folder/name` unless the file is that; return its path."""
    target, text = folder / name, joined() if text is None else text
    if not target.is_file() or target.read_text("utf8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".new")
        beside.write_text(text, "utf8")
        beside.replace(target)
    return target
