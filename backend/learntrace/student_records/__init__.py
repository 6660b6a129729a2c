"""Everything about one student: handed out, and erased."""
