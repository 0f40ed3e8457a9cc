"""Who is signed in: the account behind a session, fetched at every request with a statement made once."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from yincai.foundation.statements import Rows
from yincai.people.models import Account

BY_ID = Rows(Account, "id = %(id)s")


class SignInBackend(AuthenticationBackend):
    """allauth's way to sign in."""

    def get_user(self, user_id: UUID) -> Account | None:
        """The account of a session; none when it may not sign in any more."""
        account = BY_ID.first(id=user_id)
        return account if account is not None and self.user_can_authenticate(account) else None
