"""What stands in a study's files for whatever has a name or an id here. Pure."""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

KEY_BYTES: Final = 32
# 80 bits: among a million, the chance that any two are alike is one in two million million.
_DIGEST_BYTES: Final = 10


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """One study's: HMAC-SHA-256 (RFC 2104) under its key, 16 letters and digits.

    The same thing has the same pseudonym in every file of the study, and another in every other
    study. Who does not have the key can tell nothing from one.
    """

    key: bytes = field(repr=False)

    def student(self, student_id: UUID) -> str:
        return self._of("student", str(student_id))

    def rater(self, user_id: UUID) -> str:
        return self._of("rater", str(user_id))

    def game(self, game_id: UUID) -> str:
        return self._of("game", str(game_id))

    def skill(self, game_id: UUID, skill: str) -> str:
        """Of a game's own skill: what play names may have been made up by a pupil."""
        return self._of("skill", f"{game_id}:{skill}")

    def item(self, game_id: UUID, item: str) -> str:
        """Likewise of an item."""
        return self._of("item", f"{game_id}:{item}")

    def _of(self, kind: str, what: str) -> str:
        digest = hmac.digest(self.key, f"{kind}:{what}".encode(), sha256)
        return b32encode(digest[:_DIGEST_BYTES]).decode().lower()
