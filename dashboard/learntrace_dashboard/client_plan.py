"""What the dashboard asks of the API about a school's plan."""

from learntrace_dashboard import contract_plan as contract
from learntrace_dashboard.wire import Wire


class PlanClient(Wire):
    """What the school may use, and what it has used."""

    def plan(self) -> contract.CurrentPlan:
        """The school's plan."""
        return self._get("/plans/current", contract.CurrentPlan)

    def usage(self) -> contract.Usage:
        """What was used this month."""
        return self._get("/plan/current-usage", contract.Usage)

    def budget(self) -> contract.Budget:
        """What may be spent this month on paid engines, and what was."""
        return self._get("/plan/budget", contract.Budget)

    def put_budget(self, budget_micro: int) -> contract.Budget:
        """Let so much be spent a month from now on."""
        body = {"budget_micro": budget_micro}
        return self._post("/plan/budget", body, contract.Budget, "PUT")
