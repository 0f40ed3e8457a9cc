"""Reads the text files of a programme's folder from disk, trusting nothing about them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from yincai.engine.loading.marked import MAX_CHARACTERS
from yincai.engine.loading.problems import Problems

MAX_BYTES: Final = 4 * MAX_CHARACTERS
MAX_FILES: Final = 100
SUFFIXES: Final = frozenset({".yaml", ".yml", ".typ"})


def read_files(folder: Path, problems: Problems) -> dict[str, str]:
    """Return file name → text of every YAML and layout file under a folder; line ends become ``\\n``."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    if len(paths) > MAX_FILES:
        problems.at(folder.name, 1, f"the folder has {len(paths)} files", f"keep it within {MAX_FILES}")
        return {}
    files: dict[str, str] = {}
    root = folder.resolve()
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.resolve().is_relative_to(root):
            problems.at(name, 1, "the file is a link", "put the file itself into the folder")
            continue
        text = read_text(path, name, problems)
        if text is not None:
            files[name] = text
    return files


def read_text(path: Path, name: str, problems: Problems) -> str | None:
    """Return the text of a UTF-8 file, or None after noting what is wrong with it."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.at(name, 1, f"the file cannot be read ({error.strerror})", "check its name and rights")
        return None
    if len(content) > MAX_BYTES:
        problems.at(name, 1, f"the file has more than {MAX_BYTES} bytes", "split it with include")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.at(name, line, "the file is not UTF-8", "save it with UTF-8 encoding")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
