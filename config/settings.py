"""Django's settings: one file for every kind of node, environment read at the top.

Owns: which apps, middleware and limits are in force. Promises: the defaults start an embedded
node with SQLite; DATABASE_URL and REDIS_URL in the environment make it a node in service; safe
values are the defaults and nothing here is executed from elsewhere. Must not know: any rule of
an emergency office; those are data.
"""

from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from config import environment as env

BASE_DIR = env.BASE_DIR
NODE_ID = env.node_id()
VAR_DIR = Path(env.text("VAR", str(BASE_DIR / "var")))
NODE_DIR = env.own(VAR_DIR / NODE_ID)
FILES_DIR = NODE_DIR / "files"
DISK_LOW_MB, DISK_FULL_MB = env.number("DISK_LOW_MB", 1024), env.number("DISK_FULL_MB", 16)
KEYS_DIR = NODE_DIR / "keys"
MARKER_FILE = Path(env.text("MARKER", str(VAR_DIR / "markers" / f"{NODE_ID}.json")))
PORT = env.number("PORT", 8000)
NODE_NAME = env.text("NODE_NAME", "西安市")
NODE_NAME_EN = env.text("NODE_NAME_EN", "Xi'an" if NODE_NAME == "西安市" else NODE_NAME)
REDIS_URL = env.text("REDIS_URL")
TLS = env.flag("TLS", False)  # served behind TLS: cookies and headers then insist on it
ORIGINS = env.words("ORIGINS", f"http://127.0.0.1:{PORT},http://localhost:{PORT}")

DEBUG = False
SECRET_KEY = env.secret(Path(env.text("SECRET_KEY_FILE", str(KEYS_DIR / "secret"))))
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = ORIGINS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "channels",
    "ninja",
    "realtime",
    "gis",
    "emergency",
    "drills",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.strict.ApiErrors",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "emergency.sessions.SessionRules",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # the page of the API's description comes with its library
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "config.pages.node",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# One database per node: SQLite without a server, PostgreSQL in service. Durable either way; the
# node refuses to start on weaker settings (realtime/durability.py).
_sqlite = NODE_DIR / "db" / "node.sqlite3"
DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL") or f"sqlite:///{_sqlite}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA busy_timeout=20000"
        ),
    }
    # a real file also under test: an in-memory database has one connection and other locks
    DATABASES["default"]["TEST"] = {"NAME": str(_sqlite.with_name("test.sqlite3"))}
else:  # every request has a thread of its own, so connections are kept in a pool
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 20, "timeout": 10},
        "options": "-c synchronous_commit=on",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who signs in, and how
AUTH_USER_MODEL = "emergency.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "sign-in"
# all: nobody signs in by a password alone; roles: as the security administrator has set by role
_asked = "all" if env.text("DATABASE_URL") else "roles"
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("all", "roles"), _asked)
# Sign-in by a city's unified identity (OpenID Connect), where an issuer is named
OIDC_ISSUER, OIDC_CLIENT = env.text("OIDC_ISSUER"), env.text("OIDC_CLIENT")
OIDC_SECRET = env.file("OIDC_SECRET_FILE")
OIDC_NAME = env.text("OIDC_NAME", "统一身份认证")
OIDC_FACTOR = env.words("OIDC_FACTOR", "mfa")  # values of `amr` that are a second factor
AXES_FAILURE_LIMIT = env.number("LOCKOUT_FAILURES", 5)
AXES_COOLOFF_TIME = env.number("LOCKOUT_MINUTES", 15) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username"]
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]
AXES_LOCKOUT_CALLABLE = "emergency.views.sessions.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "code", "old", "new", "again"]

# Sessions: cookie names carry the node id, because cookies ignore ports
SESSION_ENGINE = "emergency.session_store"
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = env.number("SESSION_HOURS", 12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
_prefix = "__Host-" if TLS else ""
SESSION_COOKIE_NAME = f"{_prefix}bt-{NODE_ID}"
CSRF_COOKIE_NAME = f"{_prefix}bt-csrf-{NODE_ID}"
LANGUAGE_COOKIE_NAME = f"bt-language-{NODE_ID}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Limits of what one request may carry
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("maplibre", BASE_DIR / "node_modules" / "maplibre-gl" / "dist"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0  # revalidated each time: a node that was upgraded is seen at once

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "daphne.http_protocol": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "pyogrio": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
