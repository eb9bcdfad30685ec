"""Ways into the company's own systems, each READ or WRITE, each through `egress`."""
