"""The pages: scripts that Streamlit runs, one file each.

Not called `pages`: Streamlit runs the scripts of a folder of that name by itself, before the
app has asked who is there.
"""
