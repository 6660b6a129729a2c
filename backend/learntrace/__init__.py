"""Learntrace: an open backend for learning games."""

__version__ = "0.1.0"
