"""How fast papertui is, measured against a bare Textual app in the same run."""
