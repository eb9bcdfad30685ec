"""The channels there are: a folder with a manifest each."""

import tomllib
from pathlib import Path

import msgspec

from bothands.channels.model import Channel

MANIFEST = "channel.toml"


def list_channels(folder: Path = Path(__file__).parent) -> list[Channel]:
    """Read every manifest below `folder`; a wrong one is an error that names the file."""
    found = []
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            found.append(msgspec.convert(tomllib.loads(manifest.read_text()), Channel))
        except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
            raise ValueError(f"Channel {manifest.parent.name}: {error}. Correct its {MANIFEST}.") from None
    return found
