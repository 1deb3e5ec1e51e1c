"""The settings under test: the product's own, with a data directory that is thrown away.

Each process of a parallel run imports this once, so no two share a directory or a database.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

_house = Path(tempfile.mkdtemp(prefix="huiyin-test-"))
atexit.register(shutil.rmtree, _house, ignore_errors=True)
os.environ["HUIYIN_DATA_DIR"] = str(_house)
os.environ["HUIYIN_ZONE"] = "all"

from huiyin.site.settings import *  # noqa: E402, F403
from huiyin.site.settings import DATABASES  # noqa: E402

_database: dict[str, Any] = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, as in life: an in-memory database has other locks, and races would prove nothing.
    _database["TEST"] = {"NAME": str(_house / "test.sqlite3")}

# Hashing is made slow against guessing; here nobody guesses.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Two databases for every test.
DATABASES["keys"]["TEST"] = {}
if DATABASES["keys"]["ENGINE"].endswith("sqlite3"):
    DATABASES["keys"]["TEST"]["NAME"] = str(_house / "test-keystore.sqlite3")
