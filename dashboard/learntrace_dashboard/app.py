"""What `streamlit run` is given; the app itself is in `front`."""

from learntrace_dashboard.front import main

main()
