"""The shape of a place's portal: how one registers there, which business systems it leads to, its colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TONES: Final = (
    "action",
    "action_strong",
    "action_soft",
    "action_fill",
    "action_fill_strong",
    "banner",
    "banner_deep",
    "on_banner_soft",
)
"""The colours that a place may choose, all of them or none, once for light and once for dark."""

GROUNDS: Final = {
    "light": ("#ffffff", "#f3f6fa", "#f0f4f9"),
    "dark": ("#171e27", "#0e131a", "#1e2732"),
}
"""What letters in the place's colours stand on: paper, ground and sunken of the stylesheet."""

READABLE: Final = 4.5
"""The least contrast of letters (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Application:
    """A business system (应用).  Without ``programmes`` it is listed, but not available here yet."""

    name: str
    title: str
    place: str = ""
    """Whose system it is; empty: the place's own."""
    summary: str = ""
    programmes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can be entered."""
        return bool(self.programmes)


@dataclass(frozen=True, slots=True)
class Registration:
    """What registering with one's real name says: greeting, agreement, and what is promised."""

    welcome: str
    agreement: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading with its text; ``items`` are shown as a list behind it."""

    title: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portal:
    """What the portal of a place shows beside its programmes.  No ``registration``: a user name is enough."""

    title: str = ""
    identity_title: str = ""
    registration: Registration | None = None
    applications: tuple[Application, ...] = ()
    borrowed: tuple[tuple[str, str], ...] = ()
    """Business systems of other places that the portal leads to, as (place, name)."""
    about: tuple[Passage, ...] = ()
    support: tuple[Passage, ...] = ()
    """How to reach those who look after the system."""
    services_address: str = ""
    """Where 政务服务网 is."""
    look: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """``light`` and ``dark``: each tone as ``#rrggbb``; empty: the platform's own colours."""

    def application(self, name: str) -> Application | None:
        """The place's own business system of that name."""
        return next((one for one in self.applications if one.name == name), None)

    def application_of(self, programme: str) -> Application | None:
        """The business system that a programme belongs to; None where it belongs to none."""
        return next((one for one in self.applications if programme in one.programmes), None)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours ``#rrggbb``, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def unreadable(tones: Mapping[str, str], grounds: tuple[str, ...]) -> list[tuple[str, str]]:
    """The tones that cannot be read where they stand, each with what it stands on."""
    pairs = [(name, ground) for name in ("action", "action_strong") for ground in grounds]
    pairs += [("action", tones["action_soft"]), ("on_banner_soft", tones["banner"])]
    pairs += [("on_banner_soft", tones["banner_deep"])]
    below = [(name, ground) for name, ground in pairs if contrast(tones[name], ground) < READABLE]
    white = ("action_fill", "action_fill_strong", "banner", "banner_deep")
    return below + [(name, "#ffffff") for name in white if contrast(tones[name], "#ffffff") < READABLE]
