"""The pages, one function each.

Not called `pages`: Streamlit runs the scripts of a folder of that name by itself, before the
app has asked who is there.
"""
