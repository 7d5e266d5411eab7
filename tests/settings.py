"""The product's settings on a data folder that lives as long as the test process.

What a developer's `.env` says about upstreams must not leak into tests; DATABASE_URL and REDIS_URL of the real
environment do count: that is how the suite runs on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="playground-tests-")
os.mkdir(f"{_data}/static")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["PLAYGROUND_DATA"] = _data
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_data}/playground.sqlite3")
os.environ.setdefault("REDIS_URL", "")
for _name in ("PLAYGROUND_UPSTREAM_URL", "PLAYGROUND_UPSTREAM_KEY", "PLAYGROUND_UPSTREAM_NAME", "PLAYGROUND_SIGNUP"):
    os.environ[_name] = ""
os.environ["PLAYGROUND_LOCAL_MODEL"] = "0"
os.environ["DEBUG"] = "0"

from playground.settings import *  # noqa: E402, F403
from playground.settings import DATABASES, INSTALLED_APPS  # noqa: E402

# A file, not memory: threads and the journal need what the product has, WAL and a write lock that waits.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": f"{_data}/test.sqlite3"}

# The `flush` of the first; the second as if SOCIALACCOUNT_PROVIDERS named it.
INSTALLED_APPS = ["tests", *INSTALLED_APPS, "allauth.socialaccount.providers.openid_connect"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # or each client of a test would look at every file
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
