"""The product server's entry point (Granian runs it, see `tmam web`)."""

import os

from django.core.wsgi import get_wsgi_application

from tmam.platform.logs import configure_logs
from tmam.platform.settings import current_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmam.web.settings")
configure_logs(current_settings().log_format)
django_application = get_wsgi_application()

from tmam.web.account.door import SignInDoor  # noqa: E402 - what these import needs Django's apps
from tmam.web.me.download_door import DownloadDoor, standing_allowances  # noqa: E402 - as above
from tmam.web.page_cache import PageCache  # noqa: E402 - as above
from tmam.web.whole_body import WholeBody  # noqa: E402 - as above

application = WholeBody(PageCache(DownloadDoor(SignInDoor(django_application))))
standing_allowances.start()
