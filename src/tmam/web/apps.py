from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tmam.web"
    label = "web"

    def ready(self) -> None:
        from tmam.web.account import proofs, remember_browser
        from tmam.web.account.sessions import in_use

        in_use.connect()
        proofs.connect()
        remember_browser.connect()
