"""Names of terms: their variants, the dictionary, abbreviations, and how far each name can be trusted."""
