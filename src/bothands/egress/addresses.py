"""Is an address out on the internet? By a list of our own: that of Python differs from release to release."""

import ipaddress

# IANA's special-purpose registries, and what is handed out next to machines in clouds.
NOT_OUTSIDE_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host, from inside
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
OUTSIDE_6 = ipaddress.IPv6Network("2000::/3")
NOT_OUTSIDE_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address to a relay
        "2620:4f:8000::/48",
        "3fff::/20",  # documentation
    )
)
MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# The middle of an ISATAP address, which is followed by an IPv4 one.
ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: str) -> bool:
    """Whether this numeric address is one of the public internet's, however it is dressed up."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv4Address):
        return not any(known in network for network in NOT_OUTSIDE_4)
    if known.scope_id is not None:
        return False
    number = int(known)
    if known in MAPPED or known in NAT64:
        return is_public(str(ipaddress.IPv4Address(number & 0xFFFF_FFFF)))
    if (number >> 32) & 0xFFFF_FFFF in ISATAP:
        return False
    return known in OUTSIDE_6 and not any(known in network for network in NOT_OUTSIDE_6)
