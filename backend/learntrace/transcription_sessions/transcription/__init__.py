"""Speech to text: the port, the engines behind it and which of them are here."""
