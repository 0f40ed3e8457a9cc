"""How allauth works here: our limits, our accounts, our letters, our sentences."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from yincai.foundation.encryption import seal, unseal
from yincai.people import actions, closing, devices, guessing, history
from yincai.people.letters import post_letter
from yincai.people.models import Account
from yincai.people.queries import applicant_of, staff_roles
from yincai.people.vocabulary import USERNAME_TAKEN_SENTENCE, Outcome, TooManyAttempts, plain_name

SECRET_CONTEXT = "mfa_authenticator.data"  # noqa: S105 - the name of a column
TOLD = {
    "account/messages/logged_out.txt": "您已退出登录。",
    "account/messages/password_changed.txt": "密码已更改。其他设备上的登录已全部退出。",
    "account/messages/email_confirmation_sent.txt": "验证邮件已发出，请在 3 天内点开信中的链接。",
    "account/messages/email_confirmed.txt": "邮箱已验证。",
    "account/messages/email_confirmation_failed.txt": "这个邮箱无法验证，可能已属于其他账号。请换一个。",
    "account/messages/email_deleted.txt": "邮箱已删除。",
    "account/messages/primary_email_set.txt": "联系邮箱已更改。",
    "mfa/messages/totp_activated.txt": "动态验证码已启用。请把下面的恢复码抄下来或下载保存，手机丢失时要用。",
    "mfa/messages/totp_deactivated.txt": "动态验证码已停用。",
    "mfa/messages/recovery_codes_generated.txt": "新的恢复码已生成，旧的恢复码全部作废。",
    "usersessions/messages/sessions_logged_out.txt": "其他设备上的登录已全部退出。",
}
"""What is said after an act, by the name of the template that allauth would have used; others stay silent."""


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account flows on our accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "这个账号已停用。如有疑问，请联系受理窗口。",
        "username_password_mismatch": "用户名或密码不正确。请检查后重新输入，注意大小写和输入法。",
        "username_taken": USERNAME_TAKEN_SENTENCE,
        "username_blacklisted": USERNAME_TAKEN_SENTENCE,
        "incorrect_password": "密码不正确。请重新输入。",
        "enter_current_password": "原密码不正确。请重新输入；忘记了可以退出后用手机短信或邮箱找回。",
        "invalid_password_reset": "这个链接无效或已用过。请重新申请找回密码。",
        "invalid_or_expired_key": "这个链接无效或已过期。请重新申请。",
        "duplicate_email": "这个邮箱已经在您的账号里了。",
        "cannot_remove_primary_email": "联系邮箱不能直接删除。请先改用另一个邮箱。",
        "unverified_primary_email": "请先验证这个邮箱，再把它设为联系邮箱。",
        "same_as_current": "新内容与现在的相同。",
        "rate_limited": "操作太频繁，请稍后再试。",
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A user name that may be taken: nobody has it, and nobody had it who gave their account up."""
        name: str = super().clean_username(username, shallow=shallow)
        if not shallow and closing.is_closed_name(name):
            raise self.validation_error("username_taken")
        return name

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this guess before any password is looked at; at the limit raise with a sentence."""
        try:
            self._guess = guessing.count_guess(request, str(credentials.get("username", "")))
        except TooManyAttempts as error:
            self._note_refused(request, credentials, Outcome.TOO_MANY)
            _too_many(error)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note the wrong password in the history of the account, if there is one."""
        self._note_refused(request, credentials, Outcome.WRONG)

    def _note_refused(self, request: HttpRequest, credentials: dict[str, Any], outcome: Outcome) -> None:
        name = plain_name(str(credentials.get("username", "")))
        history.note_refused(request, name, outcome=outcome)

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth's name for: the password was right, so this was no guess."""
        for attempt in self._guess:
            attempt.give_back()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: a reset by letter leaves the count as it is; it runs out within 15 minutes."""

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Go on after a complete sign-in, with the device remembered and the history written."""
        how = history.first_step(request, user)
        history.note_sign_in(request, user.pk, method=how, outcome=Outcome.SIGNED_IN)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember_device(request, response, user.pk)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk, residents to their applications; who asked for their account to be erased
        goes where that is taken back."""
        if isinstance(request.user, Account) and request.user.closing_at:
            return "/account/data/"
        return "/desk/" if isinstance(request.user, Account) and staff_roles(request.user) else "/my/"

    def set_password(self, user: Any, password: str) -> None:
        """Change the password through our action, which records it."""
        how = "changed" if self.request is not None and self.request.user.is_authenticated else "reset"
        actions.change_password(user, actor=applicant_of(user), password=password, how=how)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Mark the address as proven and record it."""
        with transaction.atomic():
            proven: bool = super().confirm_email(request, email_address)
            if proven:
                actions.record_verified_email(email_address.user_id)
        return proven

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: the password alone never removes a second factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        stronger = [method for method in methods if method["id"] != "reauthenticate"]
        return stronger or methods

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say a sentence of ours, or nothing."""
        sentence = message or TOLD.get(message_template or "")
        if sentence:
            messages.add_message(request, level, sentence, extra_tags=extra_tags)

    def format_email_subject(self, subject: str) -> str:
        """The subject as our template has it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the letter to the worker, so that a known address takes no longer than an unknown one."""
        message = self.render_mail(
            template_prefix, email, {"email": email, "request": self.request, **context}
        )
        post_letter(to=email, subject=str(message.subject), body=str(message.body))


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's second factors with their secrets sealed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不正确或已经用过。请等手机上显示新的 6 位数字后再输入。",
        "unverified_email": "请先验证您的邮箱，再启用动态验证码。",
        "cannot_delete_authenticator": "动态验证码不能停用。",
        "cannot_generate_recovery_codes": "请先启用动态验证码，再生成恢复码。",
    }

    def encrypt(self, text: str) -> str:
        """The secret, sealed, as hex."""
        return seal(text.encode(), context=SECRET_CONTEXT).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of a sealed one; `CannotDecrypt` when it was altered."""
        return unseal(bytes.fromhex(encrypted_text), context=SECRET_CONTEXT).decode()

    def get_totp_label(self, user: Any) -> str:
        """What the authenticator app shows: the user name, never the address."""
        return str(user.get_username())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff cannot go without; residents may."""
        return not (
            authenticator.type == Authenticator.Type.TOTP
            and Account.objects.get(pk=authenticator.user_id).is_staff_member
        )


def _too_many(error: TooManyAttempts) -> NoReturn:
    raise ValidationError(
        error.sentence,
        code="too_many_attempts",
        params={"retry_after": int(error.retry_after.total_seconds())},
    ) from error
