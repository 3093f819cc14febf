"""Why a model says what it says: attention, attribution, neighbours, maps."""
