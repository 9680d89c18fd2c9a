"""Event tables are written in SQL beside their migrations: constraints and storage are the point of them."""

from __future__ import annotations

from importlib import resources

from django.db import migrations


def run_schema(package: str, file_name: str) -> migrations.RunSQL:
    """The migration operation that executes `<package>/migrations/<file_name>`."""
    text = resources.files(f"{package}.migrations").joinpath(file_name).read_text(encoding="utf-8")
    return migrations.RunSQL(text, migrations.RunSQL.noop)
