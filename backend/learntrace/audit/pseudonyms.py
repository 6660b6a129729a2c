"""Whom the log tells of: a digest under a random key that stands in the student's own row.

Whoever has the row can tell whether an entry is of that student. With the row, an erasure destroys
the key: from then on the entry is of nobody, whatever ids one tries.
"""

from typing import Final

# Of the student's row `s`; 16 of the 32 bytes. Key and id are of fixed length, so that a digest of
# one after the other is as good as an HMAC.
PSEUDONYM_SQL: Final = "encode(substr(sha256(s.audit_key || uuid_send(s.id)), 1, 16), 'hex')::uuid"
