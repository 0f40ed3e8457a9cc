"""What may be asked about partners."""

from __future__ import annotations

from yincai.partners.keys import keys_of as keys_of
from yincai.partners.keys import partner as partner
from yincai.partners.keys import partners_of as partners_of
from yincai.partners.keys import recognise as recognise
