"""The order process of the made-up shop Alder & Loft: a small HTTP program of its own.

    python examples/retail/shop --port 8010

It stands for the system a real company already has. Days in orders.json are counted from today, so the
orders never grow old. SHOP_FAULT makes it slow, down, garbage or forgetful, to see how the desk bears it.
"""

import argparse
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from serving import FAULTS, open_shop


def main() -> int:
    """Serve until interrupted; the first line printed is the address."""
    parser = argparse.ArgumentParser(prog="shop", description="The order process of Alder & Loft.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010, help="0 picks a free port")
    parser.add_argument("--orders", type=Path, default=Path(__file__).with_name("orders.json"))
    parser.add_argument("--fault", choices=FAULTS, default=os.environ.get("SHOP_FAULT", "none"))
    parser.add_argument("--slow-seconds", type=float, default=float(os.environ.get("SHOP_SLOW_SECONDS", "8")))
    parser.add_argument("--with-parent", action="store_true", help="end when the standard input ends")
    given = parser.parse_args()
    if given.fault not in FAULTS:
        parser.error(f"SHOP_FAULT {given.fault!r} is not known: use one of {', '.join(FAULTS)}")
    try:
        shop = open_shop(given.host, given.port, given.orders, given.fault, given.slow_seconds)
    except OSError as error:
        parser.exit(2, f"Port {given.port}: it cannot be opened ({error}). Choose another with --port.\n")
    except (ValueError, KeyError) as error:
        parser.exit(2, f"Orders {given.orders}: they cannot be read ({error}). Correct the file.\n")
    if given.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    host, port = shop.server_address[:2]
    print(f"http://{host!s}:{port}", flush=True)
    try:
        shop.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        shop.server_close()
    return 0


def _end_with_parent() -> None:
    """Whoever started us holds the other end of the pipe: when they are gone, however, so are we."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
