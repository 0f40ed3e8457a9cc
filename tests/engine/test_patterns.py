from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yincai.engine.patterns import Pattern, Template

AT = datetime(2017, 6, 10, 10, 54, 23, 143000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("RC{timestamp}", "RC20170610105423143"),
        ("{date}-{year}", "20170610-2017"),
        ("SJZ-{variant}-{year}-{serial:05}", "SJZ-A-2017-00042"),
        ("{serial:01}", "42"),
        ("无", "无"),
    ],
)
def test_pattern_renders(text, rendered):
    assert Pattern(text).render(at=AT, variant="A", serial=42) == rendered


def test_serial_grows_past_its_width():
    assert Pattern("{serial:02}").render(at=AT, serial=12345) == "12345"


def test_pattern_tells_its_pieces():
    pattern = Pattern("{year}{variant}{serial:05}")

    assert pattern.pieces == ("year", "variant", "serial:05")
    assert pattern.has_serial
    assert pattern.scope == ("variant", "year")
    assert not Pattern("RC{timestamp}").has_serial
    assert Pattern("RC{timestamp}").scope == ()


def test_template_fills_every_name_and_nothing_of_the_values():
    template = Template("{a}与{b}、{a}")

    assert template.names == {"a", "b"}
    assert template.render({"a": "{b}", "b": "<乙>"}) == "{b}与<乙>、{b}"
    with pytest.raises(KeyError):
        template.render({"a": "甲"})
