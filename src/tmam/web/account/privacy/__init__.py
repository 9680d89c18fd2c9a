"""A person's own data: what they agreed to, all of it in one file, and the end of it."""
