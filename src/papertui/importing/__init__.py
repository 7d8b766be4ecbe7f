"""Reading lists and libraries that come in from outside."""
