"""Everything that changes a case, in one place to import from."""

from yincai.casework.actions.arranging import (
    crop_material,
    reuse_document,
    rotate_material,
    settle_replacement,
)
from yincai.casework.actions.bulk import take_in_bulk
from yincai.casework.actions.calendar import CALENDAR_CHAIN, set_calendar_day
from yincai.casework.actions.claiming import assign_case, claim_case, release_case, renew_claim
from yincai.casework.actions.correcting import seed_reasons
from yincai.casework.actions.drafting import delete_draft, move_draft, open_draft, save_section
from yincai.casework.actions.export import ask_export, fetch_export, forget_exports, make_export
from yincai.casework.actions.leave import arrange_leave, end_leave
from yincai.casework.actions.material import (
    add_material,
    remove_material,
    restore_material,
    settle_materials,
)
from yincai.casework.actions.transition import take_transition
from yincai.casework.card_checks import card_check

__all__ = [
    "CALENDAR_CHAIN",
    "add_material",
    "arrange_leave",
    "assign_case",
    "ask_export",
    "card_check",
    "claim_case",
    "crop_material",
    "delete_draft",
    "end_leave",
    "fetch_export",
    "forget_exports",
    "make_export",
    "move_draft",
    "open_draft",
    "release_case",
    "remove_material",
    "reuse_document",
    "rotate_material",
    "settle_replacement",
    "renew_claim",
    "restore_material",
    "save_section",
    "seed_reasons",
    "settle_materials",
    "set_calendar_day",
    "take_in_bulk",
    "take_transition",
]
