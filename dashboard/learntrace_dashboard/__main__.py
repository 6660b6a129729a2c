"""`python -m learntrace_dashboard` serves the dashboard on DASHBOARD_HOST and DASHBOARD_PORT."""

import sys
from pathlib import Path

from streamlit.starlette import App

from learntrace_dashboard.config import SettingsError, load_settings
from learntrace_dashboard.transfer import Transfer


def main() -> int:
    """Serve until told to stop; 2 with a sentence on stderr when a setting is missing."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    transfer = Transfer(str(settings.api_url))
    script = Path(__file__).with_name("app.py")
    app = App(script, routes=transfer.routes, lifespan=transfer.lifespan)
    app.run(
        config={
            "server.address": settings.dashboard_host,
            "server.port": settings.dashboard_port,
            "server.headless": True,
            "browser.gatherUsageStats": False,
            "client.showErrorDetails": "none",
            "client.toolbarMode": "viewer",
        }
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
