"""One SQLite file: the journal, what is derived from it, and copies of both."""
