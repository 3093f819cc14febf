"""GO releases: fetch, read, cache, ask, and walk."""
