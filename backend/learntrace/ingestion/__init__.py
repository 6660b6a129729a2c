"""How events arrive: a raw body becomes events and verdicts, and the writer stores the events."""
