"""Text as people have it: documents, sentences, tables, and what can be told of them without a model."""
