from tests.accounts.conftest import cheap_passwords, people, sign_in
from tests.classroom.conftest import day

__all__ = ["cheap_passwords", "day", "people", "sign_in"]
