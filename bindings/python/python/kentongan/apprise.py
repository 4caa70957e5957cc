"""Delivery through Apprise, which knows more than a hundred services: ``pip install 'kentongan[apprise]'``.

::

    deliver = Channels({
        "pager": "ntfys://{address}",
        "email": "mailtos://user:password@example.org?to={address}",
        "slack": "slack://TokenA/TokenB/TokenC/{address}",
    })
    async with Host(policy, deliver, journal="night.journal") as host: ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from apprise import Apprise, NotifyType

from kentongan.data import Purpose
from kentongan.effects import Effect, Notify
from kentongan.errors import KentonganError

__all__ = ["Channels"]

_TYPES = {Purpose.PAGE: NotifyType.FAILURE, Purpose.REMIND: NotifyType.WARNING, Purpose.DO_BY_HAND: NotifyType.WARNING}


class Channels:
    """A handler for :class:`kentongan.asyncio.Host` that sends each notification to the service of its channel.

    What it does not know how to do, such as opening a channel, it raises; the engine then asks a person to do it by
    hand. Effects that ask for nothing, such as a breach, it leaves alone.
    """

    def __init__(self, channels: Mapping[str, str]) -> None:
        """A handler for some channels.

        Args:
            channels: By the policy's channel, the URL of the service as Apprise writes it, with ``{address}`` where the
                address goes.
        """
        self.channels = dict(channels)

    async def __call__(self, effect: Effect) -> None:
        """Delivers an effect.

        Raises:
            KentonganError: The channel is not known (``unknown_channel``), its URL is none (``invalid_url``), or the
                service did not take the message (``not_delivered``).
        """
        if not isinstance(effect, Notify):
            if effect.wants_report:
                raise KentonganError("unsupported", f"Apprise cannot do `{effect.kind}`", "do it by hand")
            return
        template = self.channels.get(effect.channel)
        if template is None:
            known = "`, `".join(self.channels)
            raise KentonganError("unknown_channel", f"no service for channel `{effect.channel}`", f"known are `{known}`")
        # Its `add` has no types.
        service: Any = Apprise()
        if not service.add(template.replace("{address}", quote(effect.address, safe="+@"))):
            raise KentonganError("invalid_url", f"Apprise does not know the URL of `{effect.channel}`")
        kind = _TYPES.get(effect.purpose, NotifyType.INFO)
        if not await service.async_notify(title=effect.subject, body=effect.text, notify_type=kind):
            raise KentonganError("not_delivered", f"the service of `{effect.channel}` did not take it")
