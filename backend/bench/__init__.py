"""How far Learntrace is from the limit of the machine: `python -m bench --help` in `backend`."""
