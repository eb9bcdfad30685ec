"""Sockets: hints go out, truth is fetched by `seq`."""
