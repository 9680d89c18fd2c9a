"""Ticket design in the studio: colour, logo, code and words of an organizer's tickets, or of one event's."""
