"""A saved model made into one for another engine, or without its encoder, and what that costs."""
