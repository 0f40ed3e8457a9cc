"""Everything that changes a case, in one place to import from."""

from yincai.casework.actions.arranging import (
    crop_material,
    reuse_document,
    rotate_material,
    settle_replacement,
)
from yincai.casework.actions.bulk import take_in_bulk
from yincai.casework.actions.calendar import CALENDAR_CHAIN, set_calendar_day
from yincai.casework.actions.claiming import assign_case, claim_case, give_back, release_case, renew_claim
from yincai.casework.actions.counter import (
    ask_confirmation,
    end_counter_help,
    find_or_open_account,
    open_counter_help,
    submit_confirmed,
)
from yincai.casework.actions.drafting import delete_draft, move_draft, open_draft, save_section
from yincai.casework.actions.export import ask_export, fetch_export, forget_exports, make_export
from yincai.casework.actions.handing_in import Handed, add_material, add_materials
from yincai.casework.actions.inviting import (
    ask_invited_code,
    finish_invitation,
    invite_spouse,
    invited,
    open_invitation,
    revoke_invitation,
    upload_invited,
)
from yincai.casework.actions.leave import arrange_leave, end_leave
from yincai.casework.actions.material import (
    remove_material,
    restore_material,
    settle_materials,
)
from yincai.casework.actions.reasons import (
    add_reason,
    change_reason,
    reasons_chain,
    retire_reason,
    seed_reasons,
)
from yincai.casework.actions.transition import take_transition
from yincai.casework.card_checks import card_check
from yincai.casework.counting import count_days
from yincai.casework.entering import keep_systems
from yincai.casework.erasing import erase_case, erase_drafts_of, erase_exports_of, erase_stale_draft
from yincai.casework.holding import held_cards

__all__ = [
    "give_back",
    "keep_systems",
    "CALENDAR_CHAIN",
    "Handed",
    "add_material",
    "add_reason",
    "add_materials",
    "arrange_leave",
    "ask_invited_code",
    "finish_invitation",
    "invite_spouse",
    "invited",
    "open_invitation",
    "revoke_invitation",
    "upload_invited",
    "ask_confirmation",
    "end_counter_help",
    "find_or_open_account",
    "open_counter_help",
    "submit_confirmed",
    "assign_case",
    "ask_export",
    "card_check",
    "held_cards",
    "change_reason",
    "claim_case",
    "count_days",
    "crop_material",
    "delete_draft",
    "end_leave",
    "erase_case",
    "erase_drafts_of",
    "erase_exports_of",
    "erase_stale_draft",
    "fetch_export",
    "forget_exports",
    "make_export",
    "move_draft",
    "open_draft",
    "reasons_chain",
    "release_case",
    "remove_material",
    "reuse_document",
    "rotate_material",
    "settle_replacement",
    "renew_claim",
    "restore_material",
    "retire_reason",
    "save_section",
    "seed_reasons",
    "settle_materials",
    "set_calendar_day",
    "take_in_bulk",
    "take_transition",
]
