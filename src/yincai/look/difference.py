"""What one submission changed against the one before, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from markupsafe import Markup

from yincai.engine.kinds import Kind
from yincai.engine.showing import is_masked
from yincai.engine.spec import Field
from yincai.look.answers import text_of


class Change(Protocol):
    """One answer that differs."""

    @property
    def spec(self) -> Field: ...
    @property
    def where(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...


class Papers(Protocol):
    """One slot whose documents differ."""

    @property
    def title(self) -> str: ...
    @property
    def gone(self) -> Sequence[Any]: ...
    @property
    def come(self) -> Sequence[Any]: ...
    @property
    def kept(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class ShownChange:
    """One line: what is called how, and both texts; `alike` when masking hides what differs."""

    label: str
    before: str | Markup
    after: str | Markup
    rich: bool
    alike: bool


@dataclass(frozen=True)
class Shown:
    """A whole difference, ready to draw."""

    fields: Sequence[ShownChange]
    papers: Sequence[Papers]


def shown(fields: Sequence[Change], papers: Sequence[Papers], *, masked: bool = False) -> Shown:
    """A difference with its texts; `masked` hides the most of identity numbers, phones and addresses."""
    return Shown([_line(one, masked=masked) for one in fields], papers)


def _line(change: Change, *, masked: bool) -> ShownChange:
    label = f"{change.where}：{change.spec.label}" if change.where else change.spec.label
    before, after = (text_of(change.spec, value, masked=masked) for value in (change.before, change.after))
    hidden = masked and is_masked(change.spec) and before == after
    return ShownChange(label, before, after, change.spec.kind is Kind.RICH_TEXT, hidden)
