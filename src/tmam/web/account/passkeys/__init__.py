"""Passkeys and security keys as people meet them: signing in, the list, adding one, the quiet offer."""
