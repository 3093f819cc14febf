"""GO releases: fetch, read, cache and ask."""
