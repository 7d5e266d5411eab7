"""Keys at rest: Fernet under a key derived from SECRET_KEY; SECRET_KEY_FALLBACKS keep old ones readable."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class KeyUnreadable(Exception):
    """The stored key was encrypted under a SECRET_KEY that is no longer known."""


def _fernet() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"upstream key:" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def encrypt(text: str) -> bytes:
    return _fernet().encrypt(text.encode()) if text else b""


def decrypt(token: bytes) -> str:
    """Raises KeyUnreadable."""
    try:
        return _fernet().decrypt(token).decode() if token else ""
    except InvalidToken as error:
        raise KeyUnreadable("The stored key cannot be read: SECRET_KEY has changed. Enter the key again.") from error
