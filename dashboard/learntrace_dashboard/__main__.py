"""`python -m learntrace_dashboard` serves the dashboard on DASHBOARD_HOST and DASHBOARD_PORT."""

import sys
from pathlib import Path

from streamlit import config
from streamlit.web import bootstrap

from learntrace_dashboard.config import SettingsError, load_settings


def main() -> int:
    """Serve until told to stop; 2 with a sentence on stderr when a setting is missing."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    script = str(Path(__file__).with_name("app.py"))
    options = {
        "server_address": settings.dashboard_host,
        "server_port": settings.dashboard_port,
        "server_headless": True,
        "browser_gatherUsageStats": False,
        "client_showErrorDetails": "none",
        "client_toolbarMode": "viewer",
    }
    config._main_script_path = script
    bootstrap.load_config_options(flag_options=options)
    bootstrap.run(script, False, [], options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
