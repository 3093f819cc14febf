"""What inference and evaluation give back: frozen dataclasses without torch, ready to be written or drawn."""
