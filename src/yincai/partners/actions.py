"""What changes: partners and keys, and what is counted."""

from __future__ import annotations

from yincai.partners.endpoints import create_endpoint as create_endpoint
from yincai.partners.endpoints import disable_endpoint as disable_endpoint
from yincai.partners.endpoints import enable_endpoint as enable_endpoint
from yincai.partners.endpoints import redeliver as redeliver
from yincai.partners.endpoints import rotate_secret as rotate_secret
from yincai.partners.endpoints import try_endpoint as try_endpoint
from yincai.partners.handing import forget_old_handovers as forget_old_handovers
from yincai.partners.handing import forget_values as forget_values
from yincai.partners.handing import give_to_case as give_to_case
from yincai.partners.handing import make_handover as make_handover
from yincai.partners.handing import open_handover as open_handover
from yincai.partners.keys import make_key as make_key
from yincai.partners.keys import register_partner as register_partner
from yincai.partners.keys import revoke_key as revoke_key
from yincai.partners.limiting import spend as spend
from yincai.partners.repeating import answer_once as answer_once
from yincai.partners.repeating import forget_old_answers as forget_old_answers
