"""The sandbox: a pretend bank (`bank.py`, `pages.py`) and the adapter that talks to it (`gateway.py`)."""
