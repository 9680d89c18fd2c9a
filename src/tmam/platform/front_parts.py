"""Parts of the front's configuration (a Caddyfile) that depend on no setting: limits of bodies, pages for errors."""

from __future__ import annotations

from collections.abc import Sequence

# What any form but an upload may have; the product server takes no more either (DATA_UPLOAD_MAX_MEMORY_SIZE).
BODY_LIMIT_KIB = 256
# Forms that take a picture, and what their bodies may have: the picture and a little beside it.
UPLOAD_PATHS = "^/studio/(organizers/[^/]+|events/[0-9]+)/design/$"
UPLOAD_LIMIT_MB = 2


def error_page(name: str, conditions: Sequence[str], page: str, status: int) -> str:
    """Say an error with a page of ours where all conditions hold."""
    lines = "".join(f"\n\t\t\t{each}" for each in conditions)
    return f"""		@{name} {{{lines}
		}}
		handle @{name} {{
{page_of(page, status)}
		}}
"""


def page_of(page: str, status: int) -> str:
    """The page of this name, in the visitor's language and kind, with this status."""
    return f"""			rewrite * /{page}.{{vars.page_language}}.{{vars.page_kind}}
			file_server {{
				status {status}
			}}"""


def quoted(value: object) -> str:
    """A Caddyfile string in backquotes is taken literally; a backquote itself cannot be in a path of ours."""
    return f"`{value}`"


def _longer_than(limit_bytes: int) -> str:
    """A matcher for requests that say they are longer."""
    length = "{header.Content-Length}"
    return f'expression `{length} != "" && int({length}) > {limit_bytes}`'


MATCHERS = f"""	@upload path_regexp {UPLOAD_PATHS}
	@no_upload not path_regexp {UPLOAD_PATHS}
	@too_large {{
		not path_regexp {UPLOAD_PATHS}
		{_longer_than(BODY_LIMIT_KIB * 1024)}
	}}
	@upload_too_large {{
		path_regexp {UPLOAD_PATHS}
		{_longer_than(UPLOAD_LIMIT_MB * 1_000_000)}
	}}"""
BODY_LIMITS = f"""		error @too_large 413
		error @upload_too_large 413
		request_body @no_upload {{
			max_size {BODY_LIMIT_KIB}KiB
		}}
		request_body @upload {{
			max_size {UPLOAD_LIMIT_MB}MB
		}}"""
