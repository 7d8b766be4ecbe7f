"""Exports of works and weeks: BibTeX, CSV, Markdown. `dumps` returns the text of a file."""
