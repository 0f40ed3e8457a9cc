"""Every table of the platform: in which part of a copy it is, or why in none.

A test holds this list against the tables that there are, so that none is forgotten when a room is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Covered:
    """What becomes of one table.  `copied`: the part of a copy that has it (`room.part`); else `not_copied`
    says why it has nothing that a copy could give."""

    copied: str = ""
    not_copied: str = ""


NOBODY = "holds nothing about a resident"
INDEX = "keyed digests, by which values are found that the copy has"
SECRET = "a secret or a code; giving it away would open the account"  # noqa: S105 - a reason, no password
IN_EVENTS = "who entered a case for whom is in the events of its chain, which the copy has"
PASSING = "lives for minutes or until it is sent"

COVERAGE: Final[Mapping[str, Covered]] = {
    "account.EmailAddress": Covered("people.emails"),
    "account.EmailConfirmation": Covered(not_copied=SECRET),
    "mfa.Authenticator": Covered("people.second_factors"),
    "socialaccount.SocialAccount": Covered("people.outside_accounts"),
    "usersessions.UserSession": Covered("people.sessions"),
    "people.Account": Covered("people.account"),
    "people.Agreement": Covered(not_copied=NOBODY),
    "people.AgreementAcceptance": Covered("people.agreements"),
    "people.ApplicationGrant": Covered("people.applications"),
    "people.Assurance": Covered("people.proofs"),
    "people.ClosedName": Covered(not_copied=INDEX),
    "people.ContactCode": Covered(not_copied=SECRET),
    "people.DestroyedKey": Covered(not_copied="there is nobody left to ask for a copy"),
    "people.FormerIdentity": Covered("people.former_identities"),
    "people.Identity": Covered("people.identity"),
    "people.Leave": Covered("people.leaves"),
    "people.OutgoingMail": Covered(not_copied=PASSING),
    "people.PasswordReset": Covered(not_copied=SECRET),
    "people.PhoneCheck": Covered("people.phone_check"),
    "people.Profile": Covered("people.profile"),
    "people.Reading": Covered("people.readings"),
    "people.ReadingPass": Covered("people.reading_passes"),
    "people.RecentAttempts": Covered(not_copied=INDEX),
    "people.SecondFactorReset": Covered("people.second_factor_resets"),
    "people.SignIn": Covered("people.sign_ins"),
    "people.StaffAppointment": Covered("people.appointments"),
    "people.StaffDocument": Covered("people.staff_documents"),
    "registries.Consent": Covered("registries.consents"),
    "registries.RealNameAnswer": Covered("registries.real_name_answers"),
    "registries.FaceCheck": Covered("registries.face_checks"),
    "registries.CertificateChallenge": Covered(not_copied="belongs to a browser, not to a person"),
    "documents.Document": Covered("documents.documents"),
    "documents.Page": Covered("documents.documents"),
    "documents.LibraryEntry": Covered("documents.documents"),
    "directory.Record": Covered(not_copied=NOBODY),
    "directory.Version": Covered(not_copied="what its requester wrote is in their request"),
    "directory.Request": Covered("directory.requests"),
    "directory.Right": Covered("directory.rights"),
    "directory.Ticket": Covered("directory.tickets"),
    "directory.TicketMessage": Covered("directory.ticket_messages"),
    "directory.Complaint": Covered("directory.complaints"),
    "directory.PlacedWriting": Covered(not_copied=NOBODY),
    "programmes.Publication": Covered(not_copied=NOBODY),
    "casework.Case": Covered("casework.applications"),
    "casework.CaseKey": Covered(not_copied=INDEX),
    "casework.SectionRevision": Covered("casework.applications"),
    "casework.Material": Covered("casework.applications"),
    "casework.Round": Covered("casework.applications"),
    "casework.Step": Covered("casework.applications"),
    "casework.Correction": Covered("casework.applications"),
    "casework.CorrectionItem": Covered("casework.applications"),
    "casework.Invitation": Covered("casework.invitations"),
    "casework.InvitedDocument": Covered(not_copied=IN_EVENTS),
    "casework.CounterHelp": Covered(not_copied=IN_EVENTS),
    "casework.CounterConfirmation": Covered(not_copied=IN_EVENTS),
    "casework.Export": Covered("casework.exports"),
    "casework.ReasonCode": Covered(not_copied=NOBODY),
    "casework.CountedDay": Covered(not_copied=NOBODY),
    "casework.StepCount": Covered(not_copied=NOBODY),
    "casework.TimeCount": Covered(not_copied=NOBODY),
    "cards.Card": Covered("cards.cards"),
    "cards.CardLayout": Covered(not_copied=NOBODY),
    "cards.NumberSeries": Covered(not_copied=NOBODY),
    "cards.Substitute": Covered("cards.cards"),
    "yincai_messages.Message": Covered("messages.messages"),
    "yincai_messages.SwitchedOff": Covered("messages.channels_off"),
    "partners.Partner": Covered(not_copied=NOBODY),
    "partners.Key": Covered(not_copied=NOBODY),
    "partners.Spent": Covered(not_copied=NOBODY),
    "partners.Endpoint": Covered(not_copied=NOBODY),
    "partners.Delivery": Covered(not_copied=NOBODY),
    "partners.Answer": Covered(not_copied="an answer to a system, kept for a day to be repeated"),
    "partners.Event": Covered(not_copied="names a case, of which the copy has everything"),
    "partners.Handover": Covered(not_copied="its values are forgotten once the case has them"),
    "privacy.Amendment": Covered("privacy.amendments"),
    "privacy.DataCopy": Covered("privacy.copies"),
    "ledger.Entry": Covered("ledger.events"),
    "ledger.Words": Covered("ledger.looks"),
    "ledger.Chain": Covered(not_copied=INDEX),
    "ledger.Delivery": Covered(not_copied=NOBODY),
    "ledger.DeliveryTrouble": Covered(not_copied=NOBODY),
    "ledger.Checkpoint": Covered(not_copied=NOBODY),
    "foundation.CalendarDay": Covered(not_copied=NOBODY),
}
