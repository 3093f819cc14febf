"""Pages, pictures, tables and wording that several features share; it knows none of them."""
