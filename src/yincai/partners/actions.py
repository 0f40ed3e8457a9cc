"""What changes: partners and keys, and what is counted."""

from __future__ import annotations

from yincai.partners.endpoints import create_endpoint as create_endpoint
from yincai.partners.endpoints import disable_endpoint as disable_endpoint
from yincai.partners.endpoints import enable_endpoint as enable_endpoint
from yincai.partners.endpoints import redeliver as redeliver
from yincai.partners.endpoints import rotate_secret as rotate_secret
from yincai.partners.endpoints import try_endpoint as try_endpoint
from yincai.partners.keys import make_key as make_key
from yincai.partners.keys import register_partner as register_partner
from yincai.partners.keys import revoke_key as revoke_key
from yincai.partners.limiting import spend as spend
from yincai.partners.repeating import answer_once as answer_once
from yincai.partners.repeating import forget_old_answers as forget_old_answers
