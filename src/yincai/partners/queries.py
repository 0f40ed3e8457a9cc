"""What may be asked about partners."""

from __future__ import annotations

from yincai.partners.endpoints import deliveries_of as deliveries_of
from yincai.partners.endpoints import endpoint as endpoint
from yincai.partners.endpoints import endpoints_of as endpoints_of
from yincai.partners.endpoints import parked_at as parked_at
from yincai.partners.events import events_after as events_after
from yincai.partners.handing import handed_over as handed_over
from yincai.partners.handing import look_at_handover as look_at_handover
from yincai.partners.handing import opened_handover as opened_handover
from yincai.partners.keys import keys_of as keys_of
from yincai.partners.keys import partner as partner
from yincai.partners.keys import partners_of as partners_of
from yincai.partners.keys import recognise as recognise
