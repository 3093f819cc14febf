"""Classification of texts, and its evaluation."""
