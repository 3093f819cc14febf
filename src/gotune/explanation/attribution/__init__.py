"""Which words speak for an aspect."""
