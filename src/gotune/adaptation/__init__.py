"""A model made to fit the sentences of its user."""
