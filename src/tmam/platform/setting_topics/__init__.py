"""The settings by topic. Each topic builds on the one before; `platform.settings.Settings` is all of them."""
