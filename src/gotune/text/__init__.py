"""Text of people: documents, sentences and tables, and what can be told of it without a model."""
