"""Measurements of papertui beside a bare Textual app in the same run."""
