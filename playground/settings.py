"""All settings, each from the environment (or `.env`); a bad value is refused with a sentence, never guessed."""

import hashlib
import ipaddress
import zoneinfo
from importlib.util import find_spec
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("PLAYGROUND_DATA", default=str(BASE_DIR / "var"))).resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(
        f"PLAYGROUND_DATA: {DATA_DIR} cannot be made ({error.strerror}). Name a folder that this user may write to."
    ) from error


def _secret(name: str) -> str:
    """The secret from the environment, or one made on first use and kept beside the database."""
    from django.core.management.utils import get_random_secret_key

    path = DATA_DIR / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _secret("secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "playground.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "apps.accounts",
    "apps.work",
    "apps.sandbox",
    "apps.upstreams",
    "apps.usage",
    "apps.media",
    "apps.conversations",
    "apps.runs",
    "apps.live",
    "apps.studio",
    "apps.sharing",
    "apps.oversight",
    "apps.prompts",
    "apps.transfer",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "playground.middleware.headers",
    "apps.accounts.middleware.preferences",
    "playground.middleware.size",
    "apps.accounts.middleware.first_run",
    "apps.accounts.middleware.provider_page",
]

ROOT_URLCONF = "playground.urls"
ASGI_APPLICATION = "playground.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "builtins": ["playground.ui"],
        },
    }
]


def _database() -> dict:
    config = env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'playground.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
        }
        config["CONN_MAX_AGE"] = 60
        config["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    elif config["ENGINE"].endswith("postgresql"):
        config.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=20)}
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    # No read limit: the layer waits for messages by a blocking command of its own length.
    _REDIS = {"address": REDIS_URL, "socket_timeout": None}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [_REDIS]}}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "apps.work.layer.MemoryLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["playground.sign_in.Backend"]
SESSION_ENGINE = "playground.sign_in"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "apps.accounts.passwords.Length", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="none")
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"login": "apps.accounts.sign_in.SignInForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.forms.SignupForm"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Failed sign-ins: of one address ten a minute, for one account five in five minutes, whoever tries. Links likewise.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "share_password": "10/m/ip,5/5m/key"}
# How many reverse proxies of ours append to X-Forwarded-For; 0 trusts none, and throttles by the socket's address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="webmaster@localhost")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
SOCIALACCOUNT_PROVIDERS = env.json("SOCIALACCOUNT_PROVIDERS", default={})
for _provider in SOCIALACCOUNT_PROVIDERS:
    if not find_spec(f"allauth.socialaccount.providers.{_provider}"):
        raise ImproperlyConfigured(f"SOCIALACCOUNT_PROVIDERS: django-allauth has no provider {_provider}.")
    INSTALLED_APPS.append(f"allauth.socialaccount.providers.{_provider}")
SOCIALACCOUNT_ADAPTER = "apps.accounts.adapter.SocialAccountAdapter"
MFA_ADAPTER = "apps.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Playground"
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("简体中文"))]
LOCALE_PATHS = [BASE_DIR / "playground" / "locale"]
FORMAT_MODULE_PATH = "playground.formats"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    # Any of Django's storages, as django-storages' for S3 once that is installed.
    "default": {
        "BACKEND": env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("MEDIA_STORAGE_OPTIONS", default={}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "playground.storage.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Secure by default behind TLS; a plain http address on the own machine still works.
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# The product
HOST = env.str("PLAYGROUND_HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
MESSAGE_MAX_CHARS = env.int("MESSAGE_MAX_CHARS", default=4_000_000)
# What a person may attach: megabytes of one file of each kind, of all their files together (0: no limit), files a
# message, and what an image may unpack into.
_UPLOAD_MB = {"image": 20, "pdf": 32, "audio": 50, "video": 200, "text": 4}
UPLOAD_MB = {kind: env.int(f"UPLOAD_{kind.upper()}_MB", default=most) for kind, most in _UPLOAD_MB.items()}
UPLOAD_QUOTA_MB = env.int("UPLOAD_QUOTA_MB", default=2048)
UPLOAD_MEGAPIXELS = env.int("UPLOAD_MEGAPIXELS", default=50)
# What upstreams make: megabytes of one file, and seconds until it is here. It was paid for: no quota refuses it.
_RESULT_MB = {"image": 64, "audio": 256, "video": 1024}
RESULT_MB = {kind: env.int(f"RESULT_{kind.upper()}_MB", default=most) for kind, most in _RESULT_MB.items()}
RESULT_SECONDS = env.float("RESULT_SECONDS", default=1800.0)
RESULT_ORIGINS = env.list("RESULT_ORIGINS", default=[])  # private stores of results, as http://minio.lan:9000
# Jobs of the studios that this process has made at once; 0 leaves them to `manage.py worker`.
JOBS_AT_ONCE = env.int("PLAYGROUND_JOBS", default=8)
JOB_HOURS = env.float("PLAYGROUND_JOB_HOURS", default=1.0)  # a task without an end is no longer asked about
JOB_PACE = env.float("PLAYGROUND_JOB_PACE", default=1.0)  # of looks at a task: 0.1 is ten times as often
if JOBS_AT_ONCE < 0 or JOB_HOURS <= 0 or JOB_PACE <= 0:
    raise ImproperlyConfigured("PLAYGROUND_JOBS must not be negative, PLAYGROUND_JOB_HOURS and _PACE must be above 0.")
ATTACHMENTS_MAX = env.int("ATTACHMENTS_MAX", default=20)
# What may be imported: megabytes of the file, and of what a ZIP file unpacks into.
IMPORT_MB = env.int("IMPORT_MB", default=1024)
IMPORT_UNPACKED_MB = env.int("IMPORT_UNPACKED_MB", default=8192)
REQUEST_MAX_BYTES = (max(UPLOAD_MB.values()) + 1) * 1024 * 1024
SOCKET_CHECK_SECONDS = env.float("SOCKET_CHECK_SECONDS", default=10.0)
SANDBOX = env.bool("PLAYGROUND_SANDBOX", default=False)
SANDBOX_KEY = hashlib.sha256(b"sandbox:" + SECRET_KEY.encode()).hexdigest()
LOCAL_MODEL = env.bool("PLAYGROUND_LOCAL_MODEL", default=True)
UPSTREAM_URL = env.str("PLAYGROUND_UPSTREAM_URL", default="")
UPSTREAM_KEY = env.str("PLAYGROUND_UPSTREAM_KEY", default="")
UPSTREAM_NAME = env.str("PLAYGROUND_UPSTREAM_NAME", default="")
UPSTREAM_FIRST_BYTE_SECONDS = env.float("PLAYGROUND_FIRST_BYTE_SECONDS", default=120.0)
UPSTREAM_IDLE_SECONDS = env.float("PLAYGROUND_IDLE_SECONDS", default=300.0)
UPSTREAM_MEDIA_SECONDS = env.float("PLAYGROUND_MEDIA_SECONDS", default=600.0)  # until a picture or a sound is there
UPSTREAM_LONG_SECONDS = env.float("PLAYGROUND_LONG_SECONDS", default=1800.0)  # models that think long, background
UPSTREAM_POLL_SECONDS = env.float("PLAYGROUND_POLL_SECONDS", default=2.0)  # between looks at a background answer
WIRE_RECORD_DAYS = env.int("WIRE_RECORD_DAYS", default=30)  # 0 keeps none
WIRE_RECORD_MAX_BYTES = env.int("WIRE_RECORD_MAX_BYTES", default=16 * 1024 * 1024)  # of one call's replies
if WIRE_RECORD_DAYS < 0 or WIRE_RECORD_MAX_BYTES < 0:
    raise ImproperlyConfigured("WIRE_RECORD_DAYS and WIRE_RECORD_MAX_BYTES must not be negative.")
BUDGET_ZONE = env.str("PLAYGROUND_BUDGET_ZONE", default="UTC")  # by which days and months of budgets begin
if BUDGET_ZONE not in zoneinfo.available_timezones():
    raise ImproperlyConfigured("PLAYGROUND_BUDGET_ZONE must name a time zone, as Europe/Berlin.")
UPSTREAM_PROXIES = env.bool("PLAYGROUND_USE_PROXIES", default=True)  # HTTP_PROXY, HTTPS_PROXY, NO_PROXY
try:
    TOOL_NETWORKS = [ipaddress.ip_network(text) for text in env.list("PLAYGROUND_TOOL_NETWORKS", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(f"PLAYGROUND_TOOL_NETWORKS: {error}. Networks look like 10.1.0.0/16.") from error
SIGNUP = env.str("PLAYGROUND_SIGNUP", default="")
if SIGNUP not in {"", "closed", "invitation", "open"}:
    raise ImproperlyConfigured("PLAYGROUND_SIGNUP must be closed, invitation or open.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        name: {"level": "WARNING"} for name in ("httpx", "httpcore", "aiohttp", "asyncio", "daphne", "twisted")
    },
}
