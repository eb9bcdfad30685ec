"""Write one import contract per store.py into .importlinter: a room's tables are its own.

One contract for all (bothands.*.store) would also lock each room out of its own store, hence one per room.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARK = "# Written by tools/protect_stores.py: below this line one contract per store.\n"


def contract(room: str) -> str:
    stores = sorted((ROOT / "src/bothands" / room).glob("*store.py"))
    modules = "".join(f"\n    bothands.{room}.{store.stem}" for store in stores)
    return (
        f"\n[importlinter:contract:{room}-keeps-its-tables]\n"
        f"name = {room.capitalize()} keeps its tables\n"
        "type = protected\n"
        f"protected_modules ={modules}\n"
        f"allowed_importers = bothands.{room}\n"
    )


def main() -> None:
    file = ROOT / ".importlinter"
    head = file.read_text().partition(MARK)[0].rstrip() + "\n\n"
    stores = (ROOT / "src/bothands").glob("*/store.py")
    rooms = sorted(store.parent.name for store in stores if (store.parent / "__init__.py").exists())
    file.write_text(head + MARK + "".join(contract(room) for room in rooms))
    print(f".importlinter: {len(rooms)} stores protected")


if __name__ == "__main__":
    main()
