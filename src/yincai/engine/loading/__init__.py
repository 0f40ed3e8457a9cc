"""From a folder to a programme: everything that is wrong is said at once, each with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from yincai.engine.directory import DirectorySpec
from yincai.engine.loading.directory import FILE as DIRECTORY
from yincai.engine.loading.directory import MAJORS, SCHOOLS, read_directory
from yincai.engine.loading.folders import read_files, read_text
from yincai.engine.loading.offices import Districts
from yincai.engine.loading.place import FILE, read_place
from yincai.engine.loading.portal import FILE as PORTAL
from yincai.engine.loading.portal import read_portal
from yincai.engine.loading.problems import Problems, SpecErrors, SpecProblem
from yincai.engine.loading.programme import Expected, read_programme
from yincai.engine.loading.reasons import FILE as REASONS
from yincai.engine.loading.reasons import read_reasons
from yincai.engine.loading.retention import FILE as RETENTION
from yincai.engine.loading.retention import read_retention
from yincai.engine.loading.writings import FILE as LIBRARY
from yincai.engine.loading.writings import read_library
from yincai.engine.place import Place
from yincai.engine.reasons import Reason
from yincai.engine.retention import Retention
from yincai.engine.spec import Programme
from yincai.engine.trials import failures
from yincai.engine.writings import Library

__all__ = [
    "SpecErrors",
    "SpecProblem",
    "load_directory_folder",
    "load_folder",
    "load_place",
    "load_place_folder",
    "load_programme",
    "load_library_folder",
    "load_reasons_folder",
    "load_retention",
    "load_retention_folder",
    "read_folder",
]


def load_programme(files: Mapping[str, str], *, place: Place | None = None) -> Programme:
    """Return the programme in the files (name → text), or raise :class:`SpecErrors` with all mistakes.

    With ``place``, roles are checked against it. The same files always give an equal programme.
    """
    problems = Problems()
    programme = read_programme(files, problems, place=place, expected=Expected(place.name if place else ""))
    problems.raise_if_any()
    return programme


def read_folder(path: Path | str) -> dict[str, str]:
    """Return the YAML and layout files of a folder as name → text, or raise :class:`SpecErrors`."""
    problems = Problems()
    files = read_files(Path(path), problems)
    problems.raise_if_any()
    return files


def load_folder(path: Path | str) -> Programme:
    """Return the programme in ``places/<place>/programmes/<name>/``, or raise :class:`SpecErrors`.

    Checked against place.yaml, reasons.yaml and organisations.yaml of its place; its own cases (tests.yaml)
    must come out as they expect.
    """
    folder = Path(path).resolve()
    problems = Problems()
    place = _place_of(folder.parent.parent, problems)
    files = read_files(folder, problems)
    reasons = _reasons_of(folder.parent.parent, problems)
    unread = Problems()
    districts = _districts_of(folder.parent.parent, unread)
    expected = Expected(folder.parent.parent.name, folder.name, reasons, districts)
    programme = read_programme(files, problems, place=place, expected=expected)
    for one in unread if programme.office.by_route else ():
        problems.at(one.file, one.line, one.wrong, one.fix)
    problems.raise_if_any()
    for failure in failures(programme):
        wrong = f"case {failure.title}: {failure.message}"
        problems.at("tests.yaml", failure.line, wrong, "correct the programme or the case")
    problems.raise_if_any()
    return programme


def load_place(text: str) -> Place:
    """Return the place that a place.yaml describes, or raise :class:`SpecErrors`."""
    problems = Problems()
    place = read_place(text, problems)
    problems.raise_if_any()
    assert place is not None  # noqa: S101 - None always comes with a problem
    return place


def load_place_folder(path: Path | str) -> Place:
    """Return the place in ``places/<place>/``, or raise :class:`SpecErrors`."""
    problems = Problems()
    place = _place_of(Path(path).resolve(), problems)
    problems.raise_if_any()
    assert place is not None  # noqa: S101 - None always comes with a problem
    return place


def load_reasons_folder(path: Path | str) -> tuple[Reason, ...]:
    """Return the reasons in ``places/<place>/reasons.yaml``, none without that file; :class:`SpecErrors`."""
    problems = Problems()
    reasons = _reasons_of(Path(path).resolve(), problems)
    problems.raise_if_any()
    return reasons


def load_directory_folder(path: Path | str) -> DirectorySpec | None:
    """Return what the place in ``places/<place>/`` says about organisations, schools and majors, or None when
    it has no ``organisations.yaml``; :class:`SpecErrors`."""
    problems = Problems()
    folder = Path(path).resolve()
    if not (folder / DIRECTORY).exists():
        return None
    texts = {
        name: read_text(folder / name, name, problems)
        for name in (DIRECTORY, SCHOOLS, MAJORS)
        if (folder / name).exists()
    }
    found = read_directory({name: text for name, text in texts.items() if text is not None}, problems)
    problems.raise_if_any()
    return found


def load_library_folder(path: Path | str) -> Library:
    """Return what ``places/<place>/library.yaml`` publishes, if anything; :class:`SpecErrors`."""
    problems = Problems()
    file = Path(path).resolve() / LIBRARY
    text = read_text(file, LIBRARY, problems) if file.exists() else None
    library = Library() if text is None else read_library(text, problems)
    problems.raise_if_any()
    return library


def load_retention(text: str) -> Retention:
    """Return what the platform's own retention.yaml declares, every kind of it; :class:`SpecErrors`."""
    problems = Problems()
    retention = read_retention(text, problems, of_place=False)
    problems.raise_if_any()
    return retention


def load_retention_folder(path: Path | str) -> Retention:
    """Return what ``places/<place>/retention.yaml`` keeps otherwise, if anything; :class:`SpecErrors`."""
    problems = Problems()
    folder = Path(path).resolve()
    file, known = folder / RETENTION, [one.parent.name for one in folder.glob("programmes/*/programme.yaml")]
    text = read_text(file, RETENTION, problems) if file.exists() else None
    retention = Retention({})
    if text is not None:
        retention = read_retention(text, problems, of_place=True, programmes=known)
    problems.raise_if_any()
    return retention


def _districts_of(folder: Path, problems: Problems) -> Districts:
    """Those of the place's directory; None where its files are wrong."""
    try:
        directory = load_directory_folder(folder)
    except SpecErrors as errors:
        for one in errors.problems:
            problems.at(one.file, one.line, one.wrong, one.fix)
        return None
    return () if directory is None else tuple(directory.districts)


def _reasons_of(folder: Path, problems: Problems) -> tuple[Reason, ...]:
    file = folder / REASONS
    text = read_text(file, REASONS, problems) if file.exists() else None
    return () if text is None else read_reasons(text, problems)


def _place_of(folder: Path, problems: Problems) -> Place | None:
    text = read_text(folder / FILE, FILE, problems)
    place = None if text is None else read_place(text, problems, folder=folder.name)
    if place is None or not (folder / PORTAL).exists():
        return place
    text = read_text(folder / PORTAL, PORTAL, problems)
    return place if text is None else replace(place, portal=read_portal(text, problems))
