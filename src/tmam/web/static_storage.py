"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Also rewrites the imports between our ES modules, or a page could mix two versions of them.

    A page names dozens of files, so each address is worked out once for the manifest that is loaded.
    """

    support_js_module_import_aggregation = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._addresses: dict[str, str] = {}
        super().__init__(*arguments, **options)

    def save_manifest(self) -> None:
        """Write the manifest of what was just collected, and go by it from now on."""
        self._addresses = {}
        super().save_manifest()

    def url(self, name: str, force: bool = False) -> str:  # type: ignore[override]  # the stubs lack `force`
        """The address of a file under its hashed name."""
        if force:
            return super().url(name, force)
        address = self._addresses.get(name)
        if address is None:
            address = self._addresses[name] = super().url(name)
        return address
