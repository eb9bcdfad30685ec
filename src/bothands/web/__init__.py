"""HTTP and sockets, the only room that serves them: one table of routes, thin handlers, live hints.

`build_app(WebDesk(…))` makes the application, `serve` runs it; `app` hands in every part.
"""

from bothands.web.api.invitations import join_url
from bothands.web.app import UndeclaredRoute, build_app
from bothands.web.desk import STATIC_FOLDER, Demo, WebDesk
from bothands.web.limiting import Proxies, Rates
from bothands.web.live.hub import Hub
from bothands.web.metering import Meters
from bothands.web.problems import name_codes
from bothands.web.routes import ROUTES, Route
from bothands.web.serving import Server, make_server, serve

__all__ = [
    "ROUTES",
    "STATIC_FOLDER",
    "Demo",
    "Hub",
    "Meters",
    "Proxies",
    "Rates",
    "Route",
    "Server",
    "UndeclaredRoute",
    "WebDesk",
    "build_app",
    "join_url",
    "make_server",
    "name_codes",
    "serve",
]
