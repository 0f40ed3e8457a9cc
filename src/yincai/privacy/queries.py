"""Questions about what is held, and what became of what was asked."""

from __future__ import annotations

from yincai.privacy.closing import closing_view as closing_view
from yincai.privacy.copying import copies_of as copies_of
from yincai.privacy.gathering import ROOMS as ROOMS
from yincai.privacy.gathering import gather as gather
from yincai.privacy.held import held_about as held_about
from yincai.privacy.retention import CHAIN as CHAIN
from yincai.privacy.retention import declared_periods as declared_periods
from yincai.privacy.retention import swept as swept
