"""One folder per gateway."""
