"""Where this installation's servers are reached from this machine."""

import os

from learntrace.kit.config import Settings


def api_url(settings: Settings) -> str:
    """The API's address, without a path."""
    return f"http://{reachable(settings.api_host)}:{settings.api_port}"


def ops_url(settings: Settings) -> str:
    """The address of metrics, detailed health and API docs, without a path."""
    return f"http://{reachable(settings.metrics_host)}:{settings.metrics_port}"


def metrics_url(settings: Settings) -> str:
    """Where Prometheus reads the API's metrics."""
    return f"{ops_url(settings)}/metrics"


def worker_url(settings: Settings) -> str:
    """The address of the worker's metrics, without a path."""
    return f"http://{reachable(settings.metrics_host)}:{settings.worker_metrics_port}"


def dashboard_url(settings: Settings) -> str:
    """The dashboard's address; its host is the dashboard's own setting, DASHBOARD_HOST."""
    host = os.environ.get("DASHBOARD_HOST", "127.0.0.1")
    return f"http://{reachable(host)}:{settings.dashboard_port}"


def reachable(host: str) -> str:
    """An address that this machine can call, for one that a server listens on."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 -- compared, not listened on
    return anywhere.get(host, f"[{host}]" if ":" in host else host)
