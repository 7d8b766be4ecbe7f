"""papertui, a terminal reading tracker for papers."""

__version__ = "0.1.0"
