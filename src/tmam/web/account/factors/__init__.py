"""Second factors: a registry of ways to prove who one is, and the pages that use it.

`method` says what a way to prove is, `registry` lists them. `prove` runs one check, with the limit on guesses;
`sign_in_page` (after the password) and `tmam.web.account.step_up_page` (before something important) are shells of it.
"""
