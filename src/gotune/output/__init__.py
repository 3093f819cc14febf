"""Pictures, tables and reports made of results."""
