"""Questions about what is held, and what became of what was asked."""

from __future__ import annotations

from yincai.privacy.amending import amendment_for_messages as amendment_for_messages
from yincai.privacy.amending import amendment_of_key as amendment_of_key
from yincai.privacy.amending import own_amendment as own_amendment
from yincai.privacy.amending import own_amendments as own_amendments
from yincai.privacy.amending import places_that_amend as places_that_amend
from yincai.privacy.closing import closing_view as closing_view
from yincai.privacy.copying import copies_kept as copies_kept
from yincai.privacy.copying import copies_of as copies_of
from yincai.privacy.gathering import ROOMS as ROOMS
from yincai.privacy.gathering import gather as gather
from yincai.privacy.held import held_about as held_about
from yincai.privacy.retention import CHAIN as CHAIN
from yincai.privacy.retention import declared_periods as declared_periods
from yincai.privacy.retention import swept as swept
from yincai.privacy.settling import may_amend as may_amend
from yincai.privacy.settling import open_amendment as open_amendment
from yincai.privacy.settling import waiting_amendments as waiting_amendments
