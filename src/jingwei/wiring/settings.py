"""One settings module for every node; what differs stands in the environment.

JINGWEI_HOME      folder of the node's data (default: ./.jingwei)
JINGWEI_DATABASE  sqlite:///… or postgresql://… (default: node.sqlite3 in JINGWEI_HOME)
JINGWEI_NODE      the node's name in every entry (default: node)
JINGWEI_SECRET    secret key; made once and kept in JINGWEI_HOME when not given
JINGWEI_HOSTS     host names served, separated by commas (default: the machine itself)
JINGWEI_HTTPS     1 behind TLS: secure cookies, HSTS
JINGWEI_PROXIES   addresses and networks of the proxies in front, separated by commas: what these say of who
                  asked is believed (default: nobody's word)
JINGWEI_SECOND_FACTOR
                  required: posts that decide on the node act only with a second factor; offered (default)
JINGWEI_TILES     address of a tile server under the map, as https://host/{z}/{x}/{y}.png (default: none, the
                  map needs no internet); JINGWEI_TILES_BY: whose it is, as its terms ask
JINGWEI_MAP_APPROVAL  approval number of the map, shown beside outlines of divisions (default: none)
JINGWEI_COUNTRY   country of the node, ISO 3166-1 (default: CN): whose rules it holds; those of another
                  country are not loaded, and its pages say so
JINGWEI_TIME_ZONE time zone of the node (default: Asia/Shanghai)
JINGWEI_LANGUAGE  language of the pages for who has chosen none, zh-hans or en (default: the browser's, else
                  zh-hans)
JINGWEI_PUBLIC_POST  code of the post the public form acts for (default: none, the form is closed)
"""

import os
import re
import secrets
from pathlib import Path

from jingwei.doors.entry.addresses import read_proxies

from .database.address import databases

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("JINGWEI_HOME", ".jingwei")).resolve()
JINGWEI_NODE = os.environ.get("JINGWEI_NODE", "node")
JINGWEI_DATA = PACKAGE / "data"
JINGWEI_PUBLIC_POST = os.environ.get("JINGWEI_PUBLIC_POST", "")
JINGWEI_COUNTRY = os.environ.get("JINGWEI_COUNTRY", "CN")
if not re.fullmatch(r"[A-Z]{2}", JINGWEI_COUNTRY):
    raise ValueError("JINGWEI_COUNTRY is a country of two capital letters, as ISO 3166-1 has it")
JINGWEI_LANGUAGE = os.environ.get("JINGWEI_LANGUAGE", "")
if JINGWEI_LANGUAGE not in ("", "zh-hans", "en"):
    raise ValueError("JINGWEI_LANGUAGE is zh-hans or en")
JINGWEI_TILES = os.environ.get("JINGWEI_TILES", "")
JINGWEI_TILES_BY = os.environ.get("JINGWEI_TILES_BY", "")
JINGWEI_MAP_APPROVAL = os.environ.get("JINGWEI_MAP_APPROVAL", "")[:60]
if JINGWEI_TILES and not re.fullmatch(r"https?://[\w.-]+(:\d+)?/[^\s;,'\"]*\{z\}[^\s;,'\"]*", JINGWEI_TILES):
    raise ValueError("JINGWEI_TILES is an address with {z}, {x} and {y}")
DATABASE_URL = os.environ.get("JINGWEI_DATABASE", f"sqlite:///{HOME / 'node.sqlite3'}")
DATABASES = databases(DATABASE_URL)


def _secret() -> str:
    given = os.environ.get("JINGWEI_SECRET")
    if given:
        return given
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "secret"
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(fd, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _secret()
DEBUG = False
HTTPS = os.environ.get("JINGWEI_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("JINGWEI_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "jingwei.apps.journal",
    "jingwei.apps.clock",
    "jingwei.apps.places",
    "jingwei.apps.agencies",
    "jingwei.apps.seals",
    "jingwei.apps.hazards",
    "jingwei.apps.registers",
    "jingwei.apps.rosters",
    "jingwei.apps.resources",
    "jingwei.apps.stock",
    "jingwei.apps.risks",
    "jingwei.apps.areas",
    "jingwei.apps.reports",
    "jingwei.apps.incidents",
    "jingwei.apps.people",
    "jingwei.apps.plans",
    "jingwei.apps.tasks",
    "jingwei.apps.needs",
    "jingwei.apps.needlists",
    "jingwei.apps.roads",
    "jingwei.apps.dispatch",
    "jingwei.apps.purchases",
    "jingwei.apps.settlements",
    "jingwei.apps.advice",
    "jingwei.apps.shelters",
    "jingwei.apps.hospitals",
    "jingwei.apps.checkins",
    "jingwei.apps.sitreps",
    "jingwei.apps.releases",
    "jingwei.apps.papers",
    "jingwei.apps.assessments",
    "jingwei.doors.web",
]
MIDDLEWARE = [
    "jingwei.doors.entry.zipping.Zipped",
    "jingwei.doors.entry.headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "jingwei.doors.entry.languages.NodeLanguage",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jingwei.doors.entry.characters.AddressCharacters",
    "jingwei.doors.entry.callers.CallerMiddleware",
]
ROOT_URLCONF = "jingwei.wiring.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "jingwei.doors.web.page.page_context",
            ]
        },
    }
]

AUTH_USER_MODEL = "agencies.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
JINGWEI_PROXIES = read_proxies(os.environ.get("JINGWEI_PROXIES", ""))
JINGWEI_SECOND_FACTOR = os.environ.get("JINGWEI_SECOND_FACTOR", "offered")
if JINGWEI_SECOND_FACTOR not in ("required", "offered"):
    raise ValueError("JINGWEI_SECOND_FACTOR is required or offered")

LANGUAGE_CODE = JINGWEI_LANGUAGE or "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "jw_lang"
LOCALE_PATHS = [PACKAGE / "doors" / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("JINGWEI_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "jingwei.doors.entry.sessions"
# __Host-: the browser itself holds them to this host and to TLS. Source: RFC 6265bis section 4.1.3
SESSION_COOKIE_NAME = "__Host-jw_session" if HTTPS else "jw_session"
SESSION_COOKIE_AGE = 12 * 3600  # one shift. Source: our estimate, a duty shift of 12 hours, 2026-11-22
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-jw_csrf" if HTTPS else "jw_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jingwei.doors.web.views.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("JINGWEI_LOG", "WARNING")},
}
