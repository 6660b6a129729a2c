"""Tutor-led work that is no game: scenarios, content, vocabulary reviews, conversations."""
