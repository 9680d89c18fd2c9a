"""Help with signing in: one decision a page, each way as strong as what it replaces (`accounts.recovery_rules`)."""
