"""What the dashboard asks of the API about consent and a student's whole record."""

from collections.abc import Sequence
from urllib.parse import quote

from learntrace_dashboard import contract_privacy as contract
from learntrace_dashboard.wire import FILE_TIMEOUT_S, Wire


def _of_student(student_id: str, what: str) -> str:
    return f"/students/{quote(student_id, safe='')}/{what}"


class PrivacyClient(Wire):
    """Privacy of the students in a person's sight."""

    def consent_policy(self) -> contract.ConsentPolicy:
        """Which consents the school requires, and for how many students each stands how."""
        return self._get("/schools/consent-policy", contract.ConsentPolicy)

    def put_consent_policy(self, required: Sequence[str]) -> contract.ConsentPolicy:
        """Require these kinds and no others, at once."""
        body = {"required": list(required)}
        return self._post("/schools/consent-policy", body, contract.ConsentPolicy, "PUT")

    def class_consents(self, class_id: str) -> contract.ClassConsents:
        """How consents stand for each student of a class."""
        path = f"/classes/{quote(class_id, safe='')}/consents"
        return self._get(path, contract.ClassConsents)

    def consents(self, student_id: str, cursor: str | None = None) -> contract.Consents:
        """How a student's consents stand, with a page of their history."""
        return self._get(_of_student(student_id, "consents"), contract.Consents, {"cursor": cursor})

    def put_consents(
        self, student_ids: Sequence[str], kind: str, state: str, note: str | None
    ) -> contract.Changed:
        """Note the same consent of 1 to 500 students: of all or of none."""
        body = {"student_ids": list(student_ids), "kind": kind, "state": state, "note": note}
        return self._post("/consents", body, contract.Changed)

    def export(self, student_id: str) -> bytes:
        """Everything about a student, as a zip archive."""
        path = _of_student(student_id, "export")
        return self._request("GET", path, timeout_s=FILE_TIMEOUT_S).content

    def erase(self, student_id: str, confirm: str) -> contract.ErasureReceipt:
        """Erase a student; `confirm` is the name, letter for letter."""
        path = _of_student(student_id, "erasure")
        return self._post(path, {"confirm": confirm}, contract.ErasureReceipt)
