"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Also rewrites the imports between our ES modules, or a page could mix two versions of them."""

    support_js_module_import_aggregation = True
