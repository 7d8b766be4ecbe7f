"""Files to import: bytes to a ParsedList, a ParsedList and the known works to an ImportPlan."""
