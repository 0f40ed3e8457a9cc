"""The tables of the room.  Private to it: others ask `queries` and `permissions`."""

from __future__ import annotations

from yincai.people.models.account import CLOSED, Account, AccountManager, ClosedName, DestroyedKey
from yincai.people.models.history import SignIn
from yincai.people.models.identity import (
    Agreement,
    AgreementAcceptance,
    ApplicationGrant,
    Assurance,
    FormerIdentity,
    Identity,
    Profile,
)
from yincai.people.models.sign_in import (
    ContactCode,
    OutgoingMail,
    PasswordReset,
    PhoneCheck,
    RecentAttempts,
)
from yincai.people.models.staff import (
    Leave,
    Reading,
    ReadingPass,
    SecondFactorReset,
    StaffAppointment,
    StaffDocument,
)

__all__ = [
    "CLOSED",
    "Account",
    "AccountManager",
    "Agreement",
    "AgreementAcceptance",
    "ApplicationGrant",
    "Assurance",
    "ClosedName",
    "DestroyedKey",
    "ContactCode",
    "FormerIdentity",
    "Identity",
    "Leave",
    "OutgoingMail",
    "PasswordReset",
    "PhoneCheck",
    "Profile",
    "Reading",
    "ReadingPass",
    "RecentAttempts",
    "SecondFactorReset",
    "SignIn",
    "StaffAppointment",
    "StaffDocument",
]
