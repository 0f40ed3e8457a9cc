"""What a person may have done about their data, and what the platform does by itself."""

from __future__ import annotations

from yincai.privacy.amending import ask_amendment as ask_amendment
from yincai.privacy.amending import withdraw_amendment as withdraw_amendment
from yincai.privacy.closing import ask_closing as ask_closing
from yincai.privacy.closing import close_account as close_account
from yincai.privacy.closing import close_due_accounts as close_due_accounts
from yincai.privacy.closing import take_back_closing as take_back_closing
from yincai.privacy.copying import ask_copy as ask_copy
from yincai.privacy.copying import destroy_copies as destroy_copies
from yincai.privacy.copying import fail_copy as fail_copy
from yincai.privacy.copying import fetch_copy as fetch_copy
from yincai.privacy.copying import make_copy as make_copy
from yincai.privacy.retention import destroy_unneeded_keys as destroy_unneeded_keys
from yincai.privacy.retention import erase_due as erase_due
from yincai.privacy.settling import settle_amendment as settle_amendment
