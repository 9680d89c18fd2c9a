"""Sales rules in the studio: what one order, person, card and channel may have, and codes."""
