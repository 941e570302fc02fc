"""The settings of accounts, sign-in and sessions: a part of settings.py."""

from typing import Any

from crsmonitor.env import env_bool, env_int, env_list, env_str, env_url
from crsmonitor.mode import PRODUCTION

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
AUTH_PASSWORD_VALIDATORS.append(
    {
        "NAME": "crsmonitor.accounts.sign_in.context_words.ContextWordsValidator",
        "OPTIONS": {"words": env_list("CRS_PASSWORD_WORDS")},
    }
)
# Of this host alone: no other host of the domain can write or read them (RFC 6265bis). Under TLS only.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True  # scripts read none: forms and htmx's headers carry the key that the page holds
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no word of a record in a cookie
SESSION_ENGINE = "crsmonitor.database.read_only"
# A long shift, counted from the full sign-in; on an enrolled tablet a PIN or a badge is enough for as long.
SESSION_COOKIE_AGE = env_int("CRS_SHIFT_HOURS", default=12, at_least=1) * 60 * 60  # seconds
SESSION_SAVE_EVERY_REQUEST = False  # so that use does not prolong it
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "crsmonitor.accounts.views.preferences.refused_form"
CSRF_COOKIE_SECURE = PRODUCTION
IDLE_LOCK_MINUTES = env_int("IDLE_LOCK_MINUTES", default=10, at_least=1)  # nobody at the tablet: sign out

PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds: how long a mailed link holds
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# Operators see every study, so a key that was guessed opens all of them.
OPERATOR_SECOND_FACTOR = env_bool("OPERATOR_SECOND_FACTOR", default=PRODUCTION)

# --- django-allauth: passwords, second factors, single sign-on, sessions ----------------------
ACCOUNT_ADAPTER = "crsmonitor.accounts.library.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever opens an account says its address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = False  # accounts/sign_in/guessing.py is the one limit: theirs are kept by each process
ACCOUNT_FORMS = {
    "change_password": "crsmonitor.accounts.views.forms.OwnPasswordForm",
    "reset_password": "crsmonitor.accounts.views.forms.ResetForm",
    "reauthenticate": "crsmonitor.accounts.views.forms.ProveForm",
}
MFA_ADAPTER = "crsmonitor.accounts.library.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a finger, a face or a PIN: who has the key alone signs nothing
MFA_TOTP_TOLERANCE = 1  # a phone's clock half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by whoever opens an account
MFA_FORMS = {
    "authenticate": "crsmonitor.accounts.views.forms.CodeForm",
    "reauthenticate": "crsmonitor.accounts.views.forms.ProveByCodeForm",
    "add_webauthn": "crsmonitor.accounts.views.forms.NewPasskeyForm",
    "authenticate_webauthn": "crsmonitor.accounts.views.forms.SecondPasskeyForm",
    "login_webauthn": "crsmonitor.accounts.views.forms.PasskeyForm",
    "reauthenticate_webauthn": "crsmonitor.accounts.views.forms.ProveByPasskeyForm",
    "activate_totp": "crsmonitor.accounts.views.forms.ActivateTOTPForm",
}

# --- Single sign-on (OpenID Connect), off unless it is set --------------------------------------
SOCIALACCOUNT_ADAPTER = "crsmonitor.accounts.library.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address that a provider says opens no account: only a link does
SINGLE_SIGN_ON = "hospital"  # in addresses and in what is linked
SINGLE_SIGN_ON_NAME = env_str("OIDC_NAME", default="Single sign-on")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": []}}
if env_str("OIDC_URL", default=""):
    _server = env_url("OIDC_URL", schemes=("https",) if PRODUCTION else ("https", "http"))
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": SINGLE_SIGN_ON,
                "name": SINGLE_SIGN_ON_NAME,
                "client_id": env_str("OIDC_CLIENT_ID"),
                "secret": env_str("OIDC_SECRET"),
                "settings": {
                    "server_url": env_url("OIDC_URL", schemes=("https",) if PRODUCTION else ("https", "http"))
                },
            }
        ],
    }
