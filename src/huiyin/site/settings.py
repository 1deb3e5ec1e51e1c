"""Django's settings, one module for every process; the zone decides which doors it opens.

What an operator may set is in `environment.py`. `checks.py` refuses to start with an unsafe combination.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from huiyin.core.vocabulary import OFFICERS
from huiyin.site import environment as env

ZONE = env.zone()
DATA_DIR = env.data_dir()
HTTPS = env.yes("HUIYIN_HTTPS")
DEBUG = env.yes("HUIYIN_DEBUG")
# Each zone signs with its own secret, so that a cookie of one means nothing to the other.
SECRET_KEY = env.secret_file(DATA_DIR, f"{ZONE}.secret")
# Seals what officers prove themselves with; the public process has no use for it.
SECOND_FACTOR_SECRET = env.secret_file(DATA_DIR, "second-factor.secret") if ZONE != "public" else ""
SECOND_FACTOR = env.second_factor()
# Whose sign-in is taken beside a password of ours; no secret of it is read in the public process.
OIDC = env.oidc(OFFICERS | {"relief"}) if ZONE != "public" else None
ALLOWED_HOSTS = [name.strip() for name in env.setting("HUIYIN_HOSTS").split(",") if name.strip()]
ORIGIN = env.setting("HUIYIN_ORIGIN")
PUBLIC_URL = env.setting("HUIYIN_PUBLIC_URL").rstrip("/")
JURISDICTION = env.setting("HUIYIN_JURISDICTION")
RULEBOOKS_DIR = Path(env.setting("HUIYIN_RULEBOOKS_DIR") or DATA_DIR / "rulebooks")
FILINGS_A_MINUTE = env.at_least("HUIYIN_FILINGS_A_MINUTE", 60)
BUSY_FROM = env.at_least("HUIYIN_BUSY_FROM", 60)
REQUESTS_A_MINUTE = env.at_least("HUIYIN_REQUESTS_A_MINUTE", 60)
ATTACHMENTS_DIR = DATA_DIR / "attachments"
# Classes of the operator's own, where they take the place of what is built in.
ATTACHMENTS_STORE = env.named("HUIYIN_ATTACHMENTS")
KEY_HOLDER = env.named("HUIYIN_KEY_HOLDER")
LOG_DIR = Path(env.setting("HUIYIN_LOG_DIR") or DATA_DIR / "log")
LOG_EVERY = env.at_least("HUIYIN_LOG_EVERY", 10)
INCLUDE_WITHIN = env.at_least("HUIYIN_INCLUDE_WITHIN", 600)
GEOREPORT_KEYS = env.key_hashes("HUIYIN_GEOREPORT_KEYS")
WITNESSES = env.setting("HUIYIN_WITNESSES")
NOTICES_DIR = DATA_DIR / "calendars"  # official holiday notices entered after this release

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "huiyin.site",
    "huiyin.registry",
    "huiyin.vault",
    "huiyin.vault.store",
]

MIDDLEWARE = [
    "huiyin.site.headers.on_every_answer",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "huiyin.site.assets.Packed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.site.headers.Policy",
    "huiyin.site.health.on_every_question",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
if ZONE != "public":
    # Only officers have accounts: the public process keeps no session and knows no sign-in.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.locale.LocaleMiddleware"),
        "django.contrib.sessions.middleware.SessionMiddleware",
    )
    MIDDLEWARE += [
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
MIDDLEWARE += ["django.contrib.messages.middleware.MessageMiddleware"]
if ZONE != "desk":
    MIDDLEWARE += ["huiyin.site.ease.on_every_answer"]
METRICS = env.address("HUIYIN_METRICS")
if METRICS:
    # Behind those who ask whether it lives: they are not whom it works for.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("huiyin.site.health.on_every_question") + 1, "huiyin.site.metrics.timed"
    )
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

ROOT_URLCONF = f"huiyin.site.urls_{ZONE}"
WSGI_APPLICATION = "huiyin.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [
            Path(__file__).resolve().parent.parent / "doors" / door / "templates"
            for door in ("petitioner", "officer", "public")
        ],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "huiyin.site.context.house",
                *(["django.contrib.auth.context_processors.auth"] if ZONE != "public" else []),
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR), "keys": env.key_store(DATA_DIR), **env.standby()}
KEY_BACKUP_DAYS = env.days("HUIYIN_KEY_BACKUP_DAYS")
DATABASE_ROUTERS = ["huiyin.vault.store.router.Router", "huiyin.site.standby.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.Officer"
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())  # one working day, however busy
SESSION_IDLE = timedelta(minutes=30)  # and no longer than this without a page
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = "/desk/" if ZONE == "desk" else "/"
SESSION_COOKIE_NAME = "huiyin_desk"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = f"huiyin_{ZONE}_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # no cookie outlasts the visit: all end with the browser
CSRF_COOKIE_PATH = SESSION_COOKIE_PATH
CSRF_FAILURE_VIEW = "huiyin.site.errors.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Chinese (simplified)")),
    ("zh-hant", _("Chinese (traditional)")),
    ("en", _("English")),
]
LANGUAGE_COOKIE_NAME = "huiyin_language"
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the package: nothing to collect before the first start
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = int(timedelta(days=365).total_seconds())  # each address names its content
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "huiyin.site.assets.Versioned"},
}

# Uploads: five files of ten megabytes, and the text.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["huiyin.site.uploads.InMemory"]  # never through a file on the disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 20

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []

DEFAULT_FROM_EMAIL = env.setting("HUIYIN_MAIL_FROM")
MAILS = env.setting("HUIYIN_MAIL") != "none"  # whether anybody is written to by e-mail
globals().update(env.mail(env.setting("HUIYIN_MAIL")))
# Whether news goes out as short messages; how, only the process that sends them needs to know.
TEXTS = env.texts(sends=ZONE != "public")
IMAP = env.imap(env.setting("HUIYIN_IMAP"))
IMAP_ADDRESS = env.imap_address(env.setting("HUIYIN_IMAP"))
IMAP_PLUS = env.yes("HUIYIN_IMAP_PLUS")
IMAP_ASIDE = env.setting("HUIYIN_IMAP_ASIDE")
IMAP_JUNK = env.setting("HUIYIN_IMAP_JUNK")
LETTERS_DIR = Path(folder) if (folder := env.setting("HUIYIN_LETTERS_DIR")) else None
WEBHOOKS_INSIDE = {each.strip() for each in env.setting("HUIYIN_WEBHOOKS_INSIDE").split(",") if each.strip()}
BROKER_LOGIN = env.content_of("HUIYIN_BROKER_LOGIN").strip() if ZONE != "public" else ""
# Seals the secrets that subscribers check signatures with.
WEBHOOKS_SECRET = env.secret_file(DATA_DIR, "webhooks.secret") if ZONE != "public" else ""
# Keys the digests by which a message is known again, and the tokens of replies.
MAIL_SECRET = env.secret_file(DATA_DIR, "mail.secret")

# Requests are never logged with their address line or body: a reference in a log is a trace of a person.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "huiyin.site.logs.Plain", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "huiyin.site.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": env.logs()}},
    "loggers": {
        "huiyin": {"handlers": ["console"], "level": "INFO", "propagate": True},
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
    },
}
