"""How often, how long: the limits of accounts, addresses, sessions and codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` attempts in any `within`."""

    name: str
    amount: int
    within: timedelta


QUARTER = timedelta(minutes=15)


PASSWORD_PER_ACCOUNT = Limit("password/account", 5, QUARTER)


PASSWORD_PER_DEVICE = Limit("password/device", 5, QUARTER)


PASSWORD_PER_ADDRESS = Limit("password/address", 20, QUARTER)


GUESSES_UNCHECKED = 2
"""Wrong passwords for one user name, or from one known device, before the human check is asked for."""


GUESSES_UNCHECKED_PER_ADDRESS = 5


CODE_PER_ACCOUNT = Limit("code/account", 5, QUARTER)


REGISTER_POST_PER_ADDRESS = Limit("register-post/address", 60, QUARTER)


NAME_CHECK_PER_ADDRESS = Limit("name-check/address", 20, QUARTER)


REGISTER_PER_DOCUMENT = Limit("register/document", 5, timedelta(days=1))


REGISTER_PER_ADDRESS = Limit("register/address", 15, QUARTER)


REGISTER_PER_CONTACT = Limit("register/contact", 5, timedelta(days=1))


RESET_PER_ADDRESS = Limit("reset/address", 20, QUARTER)


RESET_PER_CONTACT = Limit("reset/contact", 3, QUARTER)


VERIFY_FILE_PER_ADDRESS = Limit("verify-file/address", 60, QUARTER)
"""Files whose seal strangers have looked into: each costs a process of its own."""


FORMS_PER_ACCOUNT = Limit("form-pdf/account", 20, timedelta(hours=1))


FORMS_PER_OFFICER = Limit("form-pdf/officer", 120, timedelta(hours=1))
"""Application forms that are typeset to be printed: each costs a second of a processor's time."""


CODE_PER_PHONE = Limit("reset-code/phone", 3, QUARTER)


CODE_PER_PHONE_AND_DAY = Limit("reset-code/phone/day", 10, timedelta(days=1))


CONTACT_CODE_PER_SUBJECT = Limit("contact-code/subject", 20, timedelta(days=1))
"""Codes that are compared about one thing, however many were sent."""


CODE_GOOD_FOR = timedelta(minutes=10)


CODE_TRIES = 5


RESET_OPEN_FOR = timedelta(hours=24)
"""How long a colleague may take to confirm that a second factor is to be removed."""


IDLE = timedelta(minutes=30)


STAFF_LONGEST = timedelta(hours=8)


APPLICANT_LONGEST = timedelta(hours=12)


PROOF_PER_ADDRESS = Limit("proof/address", 20, QUARTER)


PROOF_PER_ACCOUNT = Limit("proof/account", 10, QUARTER)
"""Face checks begun and signed challenges handed in: from an address, and by somebody signed in."""


LINK_WITHIN = timedelta(minutes=5)
"""How long after the proof the password may be given that links it."""
