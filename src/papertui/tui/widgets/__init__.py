"""Widgets: lines painted from what a screen hands them."""
