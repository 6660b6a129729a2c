"""The pages: scripts that Streamlit runs, one file each."""
