"""Corpus runs: what a model or an index says of millions of texts, in shards that survive anything."""
