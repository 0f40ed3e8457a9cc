"""The engine knows no city: no name of a place in the platform, no code in a place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "src" / "yincai"
READ = {".py", ".html", ".css", ".js", ".md", ".typ", ".yaml", ".json", ".svg", ".txt"}
KIND = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")
NATIONAL_DOCUMENTS = ("71", "81", "82")  # the state issues documents named after these three
NOT_A_PLACE = ("北京时间",)  # how China calls its one time zone


def names_of_places() -> list[str]:
    """Provinces, districts and the places that are shipped: with and without their kind, and in Latin."""
    codes = {
        path.stem: json.loads(path.read_text("utf8"))["codes"]
        for path in (ROOT / "data/codes").glob("*.json")
    }
    districts = {
        name for stem, found in codes.items() if stem.startswith("districts") for name in found.values()
    }
    provinces = {name for code, name in codes["provinces"].items() if code not in NATIONAL_DOCUMENTS}
    found = provinces | districts | {KIND.sub("", name) for name in provinces}
    for folder in (ROOT / "places").iterdir():
        title = yaml.safe_load((folder / "place.yaml").read_text("utf8"))["title"]
        latin = folder.name.split("_")
        found |= {
            title,
            KIND.sub("", title),
            "_".join(latin),
            " ".join(latin),
            "-".join(latin),
            "".join(latin),
        }
    return sorted(name for name in found if len(name) > 1)


def mentions(text: str, names: list[str]) -> list[str]:
    """The names that occur in the text, whatever their letter case."""
    for phrase in NOT_A_PLACE:
        text = text.replace(phrase, "")
    lowered = text.lower()
    return [name for name in names if name.lower() in lowered]


def test_no_place_is_named_in_the_platform() -> None:
    names = names_of_places()
    files = [path for path in PLATFORM.rglob("*") if path.is_file() and path.suffix in READ]

    found = {
        str(path.relative_to(ROOT)): named
        for path in files
        if (named := mentions(f"{path.relative_to(ROOT)}\n{path.read_text('utf8')}", names))
    }

    assert found == {}


def test_no_code_lies_among_the_places() -> None:
    code = [path for path in (ROOT / "places").rglob("*") if path.suffix in {".py", ".pyc", ".sh", ".js"}]

    assert code == []


@pytest.mark.parametrize("text", ["河北省", "正定县办理", "HarbourCity", "harbour-city card", "上海"])
def test_name_of_a_place_is_noticed(text: str) -> None:
    assert mentions(text, names_of_places()) != []


def test_time_zone_is_no_place() -> None:
    assert mentions("北京时间 Asia/Shanghai", names_of_places()) == []
