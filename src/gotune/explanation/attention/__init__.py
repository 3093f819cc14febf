"""Which word pieces look at which."""
