"""Files from outside as reading lists, and the plan of an import."""
