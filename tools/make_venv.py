"""Make a virtual environment with pip in it, also where Python came without ensurepip.

    python3 tools/make_venv.py FOLDER

Needs no package. Debian splits ensurepip off into python3-venv; then the pip that is there is asked to
install itself into the new environment.
"""

import subprocess
import sys
from pathlib import Path

PYTHON_MIN = (3, 11)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.version_info < PYTHON_MIN:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Python: {found} is too old. Install Python 3.11 or newer, or name it: make PYTHON=python3.11 …"
        )
    folder = Path(sys.argv[1])
    inside = folder / "bin/python"
    if has_pip(inside):
        return
    run("-m", "venv", "--clear", str(folder))
    if not has_pip(inside):
        run("-m", "venv", "--clear", "--without-pip", str(folder))
        run("-m", "pip", "--python", str(inside), "install", "--quiet", "pip")
    if not has_pip(inside):
        sys.exit("The virtual environment: it has no pip. Install python3-venv or python3-pip and try again.")


def has_pip(python: Path) -> bool:
    return (
        python.exists()
        and not subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode
    )


def run(*arguments: str) -> None:
    # Quietly: what counts is whether pip is there in the end, and the cure for that is always the same.
    subprocess.run([sys.executable, *arguments], capture_output=True)


if __name__ == "__main__":
    main()
