"""What happened to webhooks."""

import msgspec


class EndpointDisabled(msgspec.Struct, frozen=True):
    """Nothing is sent there any more until somebody enables it again; `reason` says why."""

    endpoint_id: str
    reason: str
