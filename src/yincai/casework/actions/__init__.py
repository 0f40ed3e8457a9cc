"""Everything that changes a case, in one place to import from."""

from yincai.casework.actions.arranging import (
    crop_material,
    reuse_document,
    rotate_material,
    settle_replacement,
)
from yincai.casework.actions.calendar import CALENDAR_CHAIN, set_calendar_day
from yincai.casework.actions.claiming import claim_case, release_case
from yincai.casework.actions.drafting import delete_draft, move_draft, open_draft, save_section
from yincai.casework.actions.material import add_material, remove_material, settle_materials
from yincai.casework.actions.transition import take_transition
from yincai.casework.card_checks import card_check

__all__ = [
    "CALENDAR_CHAIN",
    "add_material",
    "card_check",
    "claim_case",
    "crop_material",
    "delete_draft",
    "move_draft",
    "open_draft",
    "release_case",
    "remove_material",
    "reuse_document",
    "rotate_material",
    "save_section",
    "settle_materials",
    "set_calendar_day",
    "settle_replacement",
    "take_transition",
]
