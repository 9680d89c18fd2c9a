"""Text messages through Twilio, by its own SDK.

Source: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

from __future__ import annotations

import http
from dataclasses import dataclass

from tmam.accounts.sms.ports import SmsLaterError, SmsRefusedError

TIMEOUT_S = 10.0
SERVICE_PREFIX = "MG"


@dataclass(frozen=True)
class TwilioSender:
    """One account at Twilio. `sender` is a number of ours, or a messaging service (`MG…`)."""

    account: str
    token: str
    sender: str
    base: str = ""

    def send(self, to: str, text: str) -> str:
        """See `SmsSender.send`; returns Twilio's message sid."""
        # Loading the SDK costs every start two tenths of a second; the web never needs it.
        import requests
        from twilio.base.exceptions import TwilioException, TwilioRestException
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        client = Client(self.account, self.token, http_client=TwilioHttpClient(timeout=TIMEOUT_S))
        if self.base:
            client.api.base_url = self.base
        how = {"messaging_service_sid" if self.sender.startswith(SERVICE_PREFIX) else "from_": self.sender}
        try:
            message = client.messages.create(to=to, body=text, **how)
        except TwilioRestException as error:
            # Not str(error): it repeats the number. Twilio's own code says what is the matter.
            said = f"status {error.status}, code {error.code}"
            raise (SmsLaterError(said) if _is_passing(error.status) else SmsRefusedError(said)) from None
        except (requests.RequestException, TwilioException) as error:
            raise SmsLaterError(type(error).__name__) from None
        return str(message.sid or "")


def _is_passing(status: int) -> bool:
    return status == http.HTTPStatus.TOO_MANY_REQUESTS or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
