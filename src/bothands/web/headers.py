"""Security headers: strict by default, a few words more for pages that need them."""

from litestar.types import Message, Scope

# No 'unsafe-inline' anywhere: what a message carries can never run, whatever slips through elsewhere.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'"

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
# Unless an answer says otherwise.
USUALLY = {
    "content-security-policy": API_POLICY,
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
DEFAULTS = [(name.encode(), value.encode()) for name, value in (ALWAYS | USUALLY).items()]


async def add_headers(message: Message, scope: Scope) -> None:
    """Litestar's `before_send`: on every answer, errors included."""
    if message["type"] != "http.response.start":
        return
    headers = list(message["headers"])
    present = {name.lower() for name, _ in headers}
    headers += [pair for pair in DEFAULTS if pair[0] not in present]
    message["headers"] = headers
