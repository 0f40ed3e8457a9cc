"""What this room does: keeps consents, asks registries, runs face checks and certificate challenges."""

from __future__ import annotations

from yincai.registries.certificates import begin_challenge, check_signed_challenge, forget_old_challenges
from yincai.registries.consents import give_consent, withdraw_consent
from yincai.registries.erasing import erase_answers_of
from yincai.registries.face import (
    begin_face_check,
    forget_old_checks,
    look_at_face_check,
    use_face_check,
)
from yincai.registries.real_name import check_real_name, forget_real_name

__all__ = [
    "begin_challenge",
    "begin_face_check",
    "check_real_name",
    "check_signed_challenge",
    "erase_answers_of",
    "forget_old_challenges",
    "forget_old_checks",
    "forget_real_name",
    "give_consent",
    "look_at_face_check",
    "use_face_check",
    "withdraw_consent",
]
