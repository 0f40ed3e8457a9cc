from __future__ import annotations

import json

from bench.comparisons import COMPARISONS, Comparison, Result, Spread
from bench.sample import Sample

from bench import report


def result(comparison: Comparison, *, ours: float, bare: float) -> Result:
    spread = [Spread(value, value, value) for value in (ours, bare, ours / bare)]
    return Result(comparison, Sample(cpu=ours), Sample(cpu=bare), *spread)


def test_broken_bar_is_said_loudly_and_a_kept_one_is_not() -> None:
    page, save = COMPARISONS[:2]
    results = [result(page, ours=0.002, bare=0.001), result(save, ours=0.001, bare=0.001)]

    text = report.as_text({"cores": "2"}, results)

    assert text.splitlines()[-1] == f"*** OVER THE BAR: {page.title} ***"
    assert [one["over"] for one in json.loads(report.as_json({}, results))["results"]] == [True, False]


def test_absolute_bar_judges_our_time_and_not_the_ratio() -> None:
    decision = next(one for one in COMPARISONS if one.absolute)

    assert not result(decision, ours=decision.bar / 2, bare=decision.bar / 200).is_over
    assert result(decision, ours=decision.bar * 2, bare=decision.bar * 2).is_over
