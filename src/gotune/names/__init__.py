"""Names of terms in text: the dictionary, the labels that it gives, and made-up sentences."""
