from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tmam.web"
    label = "web"

    def ready(self) -> None:
        from tmam.web.plain_words import speak_plainly

        speak_plainly()  # before any form is defined

        from allauth.socialaccount.signals import social_account_added, social_account_removed

        from tmam.web.account import proofs, remember_browser, required_factor, workplaces
        from tmam.web.account.sessions import in_use
        from tmam.web.account.sso.adapter import log_connected, log_disconnected

        social_account_added.connect(log_connected, dispatch_uid="sso.connected")
        social_account_removed.connect(log_disconnected, dispatch_uid="sso.disconnected")
        required_factor.add_reason(workplaces.is_asked_by_team)
        in_use.connect()
        proofs.connect()
        remember_browser.connect()
