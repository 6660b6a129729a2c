"""What is verified where there is no such user."""

from learntrace.accounts import secrets


def testnobodys_hash_costs_what_a_users_does_and_fits_no_password() -> None:
    stored = secrets.nobodys_hash()
    assert not secrets.needs_rehash(stored)
    assert not secrets.verify_password(stored, "")
    assert stored != secrets.nobodys_hash()
    assert [len(part) for part in stored.split("$")] == [
        len(part) for part in secrets.hash_password("a password").split("$")
    ]
