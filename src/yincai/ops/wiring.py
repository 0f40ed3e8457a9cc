"""Who hears of what: the one table from event to handlers.  A name that no room registers stops the start.

`case.*` stands for every event of that thing: which events a case has, its programme declares.
"""

from __future__ import annotations

WIRING: dict[str, tuple[str, ...]] = {
    "account.reset_code_sent": ("messages.send_reset_code",),
    "account.phone_code_sent": ("messages.send_phone_code",),
    "contact.code_sent": ("messages.send_contact_code",),
    "account.password_changed": ("messages.tell_owner",),
    "account.closing_asked": ("privacy.tell_owner",),
    "account.closing_taken_back": ("privacy.tell_owner",),
    "account.closing_stopped": ("privacy.tell_owner",),
    "account.identity_replaced": ("registries.ask_again",),
    "amendment.approved": ("privacy.tell_amender",),
    "amendment.refused": ("privacy.tell_amender",),
    "data_copy.made": ("privacy.tell_owner",),
    "consent.given": ("registries.ask_real_name",),
    "record_request.approved": ("messages.tell_requester",),
    "record_request.refused": ("messages.tell_requester",),
    "complaint.answered": ("messages.tell_complainant",),
    "ticket.asked": ("messages.tell_asker",),
    "ticket.answered": ("messages.tell_asker",),
    "administrator_right.ended": ("messages.tell_administrator",),
    "staff.appointment_ended": ("casework.return_cases",),
    "staff.transferred": ("casework.return_cases",),
    "record.added": ("partners.note_organisation",),
    "case.*": ("messages.tell_applicant", "partners.note_case"),
    "card.requested": ("cards.order_for_case",),
    "round.frozen": ("cards.order_receipt", "partners.forget_values"),
    "draft.deleted": ("partners.forget_values",),
    "card.ordered": ("cards.seal",),
    "paper.ordered": ("cards.seal",),
    "card.issued": (
        "cards.retire_replaced",
        "casework.end_with_card",
        "messages.tell_applicant",
        "partners.note_card",
    ),
    "card.replaced": ("messages.tell_applicant", "partners.note_card"),
    "card.cancelled": ("casework.go_back_without_card", "messages.tell_applicant", "partners.note_card"),
    "card.reissued": ("messages.tell_applicant",),
    "card.expiring": ("messages.tell_applicant",),
    "card.expired": ("messages.tell_applicant", "partners.note_card"),
}
