"""A phone number for codes by SMS: typed, proven, removed."""
