"""A model that answers: encoders, word pieces, calibration, decisions, and the folder it is saved in."""
