"""Terms whose definition disagrees with their aspect."""
