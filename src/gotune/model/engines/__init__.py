"""What computes the logits of a model: one module for each library that can."""
