"""Django's settings, derived from the program's own (`tmam.platform.settings`)."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from tmam.platform.front_parts import BODY_LIMIT_KIB
from tmam.platform.keys import secret_key
from tmam.platform.settings import current_settings
from tmam.web.account.sso.provider_file import allauth_settings, load_providers

TMAM = current_settings()
WEB = Path(__file__).parent

SECRET_KEY = secret_key(TMAM)
DEBUG = False
ALLOWED_HOSTS = [TMAM.host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [TMAM.origin]
ROOT_URLCONF = "tmam.web.urls"
WSGI_APPLICATION = "tmam.web.wsgi.application"
SITE_ORIGIN = TMAM.origin
# Under HTTPS no sibling domain can plant or read our cookies; browsers refuse the prefix over plain HTTP.
COOKIE_PREFIX = "" if TMAM.is_loopback else "__Host-"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "tmam.platform",
    "tmam.accounts",
    "tmam.organizers",
    "tmam.catalog",
    "tmam.inventory",
    "tmam.tickets",
    "tmam.payments",
    "tmam.payments.adapters.sandbox",
    "tmam.ledger",
    "tmam.orders",
    "tmam.gates",
    "tmam.fulfilment",
    "tmam.notifications",
    "tmam.web",
]

MIDDLEWARE = [
    "tmam.web.security_headers.SecurityHeadersMiddleware",
    "tmam.web.middleware.RequestContextMiddleware",
    "tmam.web.operations.access.AccessMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tmam.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tmam.web.account.sessions.in_use.SessionInUseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tmam.web.account.step_up.StepUpMiddleware",
    "tmam.web.middleware.DomainErrorMiddleware",
    "tmam.web.account.required_factor.WaitForFactorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tmam.web.context.page_context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tmam.web.templatetags.tmam",
                "tmam.web.templatetags.design",
                "tmam.web.templatetags.drawn_once",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    """Django's words for a DATABASE_URL; what Django has no word for (TLS, timeouts) goes to libpq unchanged."""
    parts = conninfo_to_dict(url) if url else {}
    named = {
        "NAME": parts.pop("dbname", "tmam"),
        "USER": parts.pop("user", "tmam"),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", "127.0.0.1"),
        "PORT": str(parts.pop("port", "")),
    }
    # All statements are short: compiling one (jit) would take longer than running it.
    ours = "-c statement_timeout=15000 -c lock_timeout=5000 -c TimeZone=UTC -c jit=off"
    theirs = parts.pop("options", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "options": f"{theirs} {ours}".strip()},
    }


DATABASES = {"default": _database(TMAM.database_url)}
# Two caches. allauth's limits must hold across processes and restarts: they are in PostgreSQL. What a process may
# work out again at any time stays in its memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_ratelimit",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["tmam.accounts.hashing.BoundedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tmam.accounts.passwords.LengthValidator"},
    {"NAME": "tmam.accounts.passwords.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["tmam.web.account.backend.SignInBackend"]

ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if TMAM.is_loopback else "https"
ACCOUNT_ADAPTER = "tmam.web.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tmam.web.account.forms.LoginForm",
    "signup": "tmam.web.account.forms.SignupForm",
    "reset_password": "tmam.web.account.forms.ResetPasswordForm",
    "reset_password_from_key": "tmam.web.account.forms.NewPasswordForm",
    "change_password": "tmam.web.account.forms.ChangePasswordForm",
    "add_email": "tmam.web.account.forms.AddEmailForm",
    "change_email": "tmam.web.account.forms.ChangeEmailForm",
    "confirm_email_verification_code": "tmam.web.account.forms.EmailCodeForm",
    "confirm_password_reset_code": "tmam.web.account.forms.ResetCodeForm",
    "request_login_code": "tmam.web.account.forms.AskForCodeForm",
    "confirm_login_code": "tmam.web.account.forms.SignInCodeForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# What guesses or sends mail to strangers is counted by tmam.accounts.lockout instead. Of allauth's limits those stay that
# keep signed-in people from flooding, and `login_failed`, which nothing but its second factors uses now.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/15m/key",
    "recover_account": "10/5m/ip",
    "upload_logo": "20/10m/key",  # of an organizer: `web.studio.design`
    "request_login_code": None,
    "reset_password": None,
    "reset_password_from_key": None,
    "signup": None,
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = TMAM.step_up_minutes * 60
MFA_ADAPTER = "tmam.web.account.factors.mfa_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]  # recovery codes are ours: `tmam.accounts.recovery_codes`
ACCOUNT_SESSION_REMEMBER = True  # how long really: tmam.web.account.sessions.store
ACCOUNT_LOGIN_TIMEOUT = 30 * 60  # of all steps together; each code in them has its own, shorter time
# Six digits: at most 3 wrong ones, then a new mail; 15 minutes.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the front, which replaces what a client claims in X-Forwarded-For
SOCIALACCOUNT_ADAPTER = "tmam.web.account.sso.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = allauth_settings(load_providers(TMAM))
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_FORMS = {"signup": "tmam.web.account.forms.ServiceSignupForm"}
LOGIN_REDIRECT_URL = "/me/tickets/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/me/tickets/"
LOGIN_URL = "/accounts/login/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}tmam_language"
FORM_COOKIE_NAME = f"{COOKIE_PREFIX}tmam_form"  # in which form tickets were taken here last
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
STATIC_ROOT = TMAM.state / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": TMAM.state / "files"},
    },
    "staticfiles": {
        "BACKEND": "tmam.web.static_storage.HashedStaticFiles"
        if TMAM.mode != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_KIB * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = ["tmam.web.uploads.BoundedUploads"]
SESSION_ENGINE = "tmam.web.account.sessions.store"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}tmam_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}tmam_csrf"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}tmam_device"
LINK_COOKIE_NAME = f"{COOKIE_PREFIX}tmam_links"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not TMAM.is_loopback
SECURE_PROXY_SSL_HEADER = None if TMAM.is_loopback else ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = False
CSRF_FAILURE_VIEW = "tmam.web.problems.csrf_failure"
DEFAULT_FROM_EMAIL = TMAM.mail_from
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # each capability's jobs.py
LOGGING_CONFIG = None  # structlog is set up by tmam.platform.logs at process start
