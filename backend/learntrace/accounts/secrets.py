"""Making and recognising secrets: tokens, passwords and the codes that pupils type."""

import base64
import hashlib
import re
import secrets
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

LIVE_KEY = "lt_live_"
SANDBOX_KEY = "lt_sandbox_"
PLAYER_TOKEN = "lt_player_"  # noqa: S105 - a prefix, no secret
ACCESS_TOKEN = "lt_access_"  # noqa: S105 - a prefix, no secret
REFRESH_TOKEN = "lt_refresh_"  # noqa: S105 - a prefix, no secret
RESET_TOKEN = "lt_reset_"  # noqa: S105 - a prefix, no secret
SIGN_IN = "lt_signin_"

# Nobody can mistake one of these for another: no 0 O 1 I L.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

_HEX = re.compile(r"[0-9a-f]{32}")

_PASSWORDS = PasswordHasher()


def nobodys_hash() -> str:
    """A hash that no password is known to lead to, checked in the time that a real one takes.

    Written, not computed: no password is known to lead to it, and hashing one would cost every
    process a fifth of a second at its start.
    """
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (_PASSWORDS.salt_len, _PASSWORDS.hash_len)
    )
    cost = f"m={_PASSWORDS.memory_cost},t={_PASSWORDS.time_cost},p={_PASSWORDS.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


_NOBODY = nobodys_hash()


def new_token(prefix: str) -> str:
    """`prefix` and 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def new_sign_in_token(prefix: str, sign_in_id: UUID) -> str:
    """`prefix`, the sign-in it belongs to, and 256 random bits."""
    return new_token(f"{prefix}{sign_in_id.hex}_")


def sign_in_of(prefix: str, token: str) -> UUID | None:
    """The sign-in that a token made with this prefix names; `None` for anything else."""
    named, _, secret = token.removeprefix(prefix).partition("_")
    if not token.startswith(prefix) or not secret or not _HEX.fullmatch(named):
        return None
    return UUID(hex=named)


def token_hash(token: str) -> bytes:
    """SHA-256 of a token, 32 bytes; enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def new_code(length: int) -> str:
    """`length` random characters of the unambiguous alphabet."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def normal_code(typed: str) -> str:
    """A code as stored, however it was typed: upper case, without spaces or hyphens."""
    return "".join(c for c in typed.upper() if c.isalnum())


def hash_password(password: str) -> str:
    """Argon2id with the library's parameters, salted."""
    return _PASSWORDS.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; `None` is nobody's and takes as long."""
    try:
        return _PASSWORDS.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return _PASSWORDS.check_needs_rehash(stored)
