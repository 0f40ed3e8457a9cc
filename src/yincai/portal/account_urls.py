"""The addresses of the account pages.  The names are those that allauth looks up."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from yincai.portal import account_views as views
from yincai.portal import reset_views as reset
from yincai.portal import signing_in
from yincai.portal.account_views import confirmed, private, with_codes_held
from yincai.portal.proving import certificate, entering, face, history, identity, outside, passkeys, phone

urlpatterns = [
    path("login/", signing_in.SignIn.as_view(), name="account_login"),
    path("signup/", views.Register.as_view(), name="account_signup"),
    path("check/<slug:purpose>/", views.new_check, name="account_check"),
    path("registered/", views.registered, name="account_registered"),
    path("face/", face.start, name="account_face"),
    path("face/<uuid:check_id>/", face.check, name="account_face_check"),
    path("face/<uuid:check_id>/state/", face.state, name="account_face_state"),
    path("face/<uuid:check_id>/finish/", face.finish, name="account_face_finish"),
    path("certificate/", certificate.start, name="account_certificate"),
    path("certificate/<uuid:challenge_id>/", certificate.sign, name="account_certificate_sign"),
    path("certificate/<uuid:challenge_id>/challenge.txt", certificate.text, name="account_certificate_text"),
    path("outside/", outside.start, name="outside_login"),
    path("outside/callback/", outside.callback, name="outside_callback"),
    path("link/", entering.link, name="account_link"),
    path("identity/", identity.standing, name="account_identity"),
    path("identity/phone/", phone.prove, name="account_phone"),
    path("identity/consent/", identity.consent, name="account_consent"),
    path("data/", include("yincai.portal.data.urls")),
    path("history/", history.history, name="account_history"),
    path("logout/", never_cache(views.SignOut.as_view()), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", private(views.ConfirmPassword.as_view()), name="account_reauthenticate"),
    path("password/", private(views.ChangePassword.as_view()), name="account_change_password"),
    path(
        "password/set/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("password/forgotten/", reset.forgotten, name="account_reset_password"),
    path("password/forgotten/document/", reset.by_document, name="account_reset_by_document"),
    path("password/forgotten/code/<uuid:reset_id>/", reset.new_password, name="account_reset_by_code"),
    path("password/forgotten/email/", views.ForgottenPassword.as_view(), name="account_reset_by_email"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(views.NewPassword.as_view()),
        name="account_reset_password_from_key",
    ),
    path("email/", confirmed(views.Email.as_view()), name="account_email"),
    re_path(
        r"^email/confirm/(?P<key>[-:\w]+)/$", never_cache(account.confirm_email), name="account_confirm_email"
    ),
    path("sessions/", private(views.Devices.as_view()), name="usersessions_list"),
    path("second-factor/", private(views.SecondFactor.as_view()), name="mfa_index"),
    path("second-factor/show/", views.ShowCode.as_view(), name="mfa_authenticate"),
    path("second-factor/confirm/", private(views.ConfirmCode.as_view()), name="mfa_reauthenticate"),
    path("second-factor/enrol/", confirmed(views.Enrol.as_view()), name="mfa_activate_totp"),
    path("second-factor/enrol/code.svg", views.enrolment_code, name="mfa_enrolment_code"),
    path("passkeys/login/", never_cache(passkeys.SignIn.as_view()), name="mfa_login_webauthn"),
    path("passkeys/add/", confirmed(passkeys.Add.as_view()), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", confirmed(passkeys.Remove.as_view()), name="mfa_remove_webauthn"),
    path("second-factor/remove/", confirmed(views.Disenrol.as_view()), name="mfa_deactivate_totp"),
    path(
        "recovery-codes/",
        confirmed(with_codes_held(recovery_codes.view_recovery_codes)),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        confirmed(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        confirmed(with_codes_held(recovery_codes.download_recovery_codes)),
        name="mfa_download_recovery_codes",
    ),
]
