"""Dates in the studio: when they take place, where one goes in, and telling their holders of changes."""
