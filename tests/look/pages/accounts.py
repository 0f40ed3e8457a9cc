"""The pages of an account: opening one, signing in, the second factor, a lost password."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.look.pages.album import Album, Cast
from yincai.people import actions as people
from yincai.people.models import PasswordReset

WRONG = {
    "username": "a",
    "password1": "12345678",
    "password2": "87654321",
    "phone": "12",
    "email": "nobody",
    "check_answer": "0",
}


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `account/`, empty and with what can be wrong."""
    take_signed_out(album)
    take_signed_in(album, cast)
    take_second_factor(album, cast)
    take_lost_password(album, cast)


def take_signed_out(album: Album) -> None:
    """Opening an account and signing in."""
    anybody = Client()
    album.take("registration, empty", anybody, reverse("account_signup"))
    album.take("registration, wrong", anybody, reverse("account_signup"), WRONG, status=422)
    album.take("sign in, empty", anybody, reverse("account_login"))
    album.take("sign in, nothing typed", anybody, reverse("account_login"), {}, status=422)
    wrong = {"login": "nobody", "password": "wrong"}
    album.take("sign in, wrong", anybody, reverse("account_login"), wrong, status=422)
    album.take("account closed", anybody, reverse("account_inactive"))
    album.take("address not confirmed", anybody, reverse("account_confirm_email", args=["nothing"]))


def take_signed_in(album: Album, cast: Cast) -> None:
    """A resident's and an officer's own pages, before and after the password was shown once more."""
    for who, account in (("resident", with_password("owner")), ("officer", officer_with_password(cast))):
        browser = personas.sign_in(account, second_factor=who == "officer")
        for name in ("account_registered", "account_logout", "account_change_password", "usersessions_list"):
            album.take(f"{name}, {who}", browser, reverse(name))
        album.take(f"second factor, {who}", browser, reverse("mfa_index"))
        change = reverse("account_change_password")
        mistyped = {"oldpassword": "no", "password1": "12345678", "password2": "x"}
        album.take(f"password, wrong, {who}", browser, change, mistyped, status=422)
        confirm = reverse("account_reauthenticate")
        album.take(f"confirm, {who}", browser, confirm)
        album.take(f"confirm, wrong, {who}", browser, confirm, {"password": "no"}, status=422)
        email = reverse("account_email")
        trust(browser, account, "password")
        album.take(f"address, {who}", browser, email)
        album.take(f"address, wrong, {who}", browser, email, {"email": "x", "action_add": ""}, status=422)
    typed = {"login": "owner", "password": personas.PASSWORD}
    signed_in = Client()
    signed_in.post(reverse("account_login"), typed)
    album.take("devices, one", signed_in, reverse("usersessions_list"))
    without = cast.resident().browser
    album.take("no password yet", without, reverse("account_set_password"))


def take_second_factor(album: Album, cast: Cast) -> None:
    """Enrolling, showing, the codes for a lost phone, taking it off."""
    account = with_password("enrolling")
    browser = personas.sign_in(account, second_factor=False)
    trust(browser, account, "password")
    enrol = reverse("mfa_activate_totp")
    album.take("enrol", browser, enrol)
    album.take("enrol, wrong", browser, enrol, {"code": "000000"}, status=422)
    people.enrol_totp(account)
    signing_in = Client()
    asked = {"login": account.get_username(), "password": personas.PASSWORD}
    album.take("second step", signing_in, reverse("account_login"), asked)
    album.take("second step, wrong", signing_in, reverse("mfa_authenticate"), {"code": "000000"}, status=422)
    confirm = reverse("mfa_reauthenticate")
    album.take("code once more", browser, confirm)
    album.take("code once more, wrong", browser, confirm, {"code": "000000"}, status=422)
    trust(browser, account, "mfa")
    album.take("second factor on", browser, reverse("mfa_index"))
    album.take("passkey, to be added", browser, reverse("mfa_add_webauthn"))
    album.take("passkey, wrong", browser, reverse("mfa_add_webauthn"), {"name": "办公室电脑"}, status=422)
    passkey = Authenticator.objects.create(user=account, type="webauthn", data={"name": "办公室电脑"})
    album.take("second factor with a passkey", browser, reverse("mfa_index"))
    album.take("passkey, to be removed", browser, reverse("mfa_remove_webauthn", args=[passkey.pk]))
    album.take("passkey, unknown", Client(), reverse("mfa_login_webauthn"), {"credential": "{}"})
    album.take("take off", browser, reverse("mfa_deactivate_totp"))
    make = reverse("mfa_generate_recovery_codes")
    album.take("new codes", browser, make)
    album.take("codes", browser, make, {})


def take_lost_password(album: Album, cast: Cast) -> None:
    """A code on the phone, or a letter with a link; the pages behind both, good and used up."""
    asked, anybody = reverse("account_reset_password"), Client()
    album.take("forgotten, empty", anybody, asked)
    album.take("forgotten, wrong", anybody, asked, {}, status=422)
    take_code(album)
    letter = reverse("account_reset_by_email")
    album.take("forgotten, by letter", anybody, letter)
    album.take("forgotten, by letter, wrong", anybody, letter, {"email": "x"}, status=422)
    album.take("forgotten, sent", anybody, reverse("account_reset_password_done"))
    account = with_password("forgetful")
    key = (user_pk_to_url_str(account), default_token_generator.make_token(account))
    album.take("new password", anybody, reverse("account_reset_password_from_key", args=key))
    there = reverse("account_reset_password_from_key", args=(key[0], "set-password"))
    album.take("new password, wrong", anybody, there, {"password1": "1", "password2": "2"}, status=422)
    album.take("link used up", Client(), reverse("account_reset_password_from_key", args=("0", "nothing")))
    album.take("password changed", anybody, reverse("account_reset_password_from_key_done"))


def take_code(album: Album) -> None:
    """The page for the code, its mistakes, and the choice where one phone has two accounts."""
    first = with_password("forgetting_a")
    with_password("forgetting_b")  # the same phone: its number comes from the length of the name
    reset = people.ask_reset_code(name_or_phone=f"1370000{len(first.get_username()):04}")
    people.make_reset_code(reset)
    page, anybody = reverse("account_reset_by_code", args=[reset]), Client()
    album.take("code and password", anybody, page)
    album.take("code and password, wrong", anybody, page, {"code": "000000"}, status=422)
    again = {"password1": personas.PASSWORD, "password2": personas.PASSWORD}
    code = PasswordReset.objects.get(pk=reset).code
    album.take("code, two accounts", anybody, page, again | {"code": code}, status=422)


def with_password(name: str) -> Any:
    """A resident who signs in with `personas.PASSWORD`."""
    phone = f"1370000{len(name):04}"
    return people.register_account(
        username=name, password=personas.PASSWORD, phone=phone, email=f"{name}@example.org"
    )


def officer_with_password(cast: Cast) -> Any:
    """A member of staff who does."""
    account = cast.account("colleague")
    account.set_password(personas.PASSWORD)
    account.save()
    return account


def trust(browser: Client, account: Any, method: str) -> None:
    """As if the password, or a code, had been shown a moment ago."""
    session = browser.session
    shown = {"method": method, "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [shown | ({"type": "totp"} if method == "mfa" else {})]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
