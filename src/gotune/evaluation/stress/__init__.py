"""What a model makes of cut, changed and foreign texts."""
