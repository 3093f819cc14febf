"""Pictures of terms of an ontology and their relations."""
