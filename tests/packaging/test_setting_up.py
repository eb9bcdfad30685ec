"""A virtual environment with pip, also where Python has no ensurepip."""

import ensurepip
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE_VENV = ROOT / "tools/make_venv.py"
# The interpreter the virtual environment of this run was made from.
PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


def has_pip(folder: Path) -> bool:
    return not subprocess.run(
        [folder / "bin/python", "-m", "pip", "--version"], capture_output=True
    ).returncode


@pytest.mark.slow
def test_it_is_made_once_and_mended_when_its_pip_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    subprocess.run([PYTHON, MAKE_VENV, folder], check=True)
    assert has_pip(folder)
    mark = folder / "mark"
    mark.touch()
    subprocess.run([PYTHON, MAKE_VENV, folder], check=True)
    assert mark.exists()
    for packages in folder.glob("lib/python3*/site-packages/pip*"):
        shutil.rmtree(packages)
    subprocess.run([PYTHON, MAKE_VENV, folder], check=True)
    assert has_pip(folder)


@pytest.mark.slow
@pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("unshare"), reason="hiding ensurepip takes root and unshare"
)
def test_it_is_made_without_ensurepip(tmp_path: Path) -> None:
    folder, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    hidden = Path(ensurepip.__file__).parent
    hide = (
        f'mount --bind "{empty}" "{hidden}" && ! "{PYTHON}" -c "import ensurepip; ensurepip.version()" 2>&-'
    )
    script = f'{hide} && "{PYTHON}" "{MAKE_VENV}" "{folder}"'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True)
    if "unshare failed" in done.stderr or "permission denied" in done.stderr:
        pytest.skip(f"this machine does not let us hide ensurepip: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert has_pip(folder)


def test_an_old_python_is_refused_with_the_cure(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.version_info = (3, 9, 2); sys.argv = ['make_venv.py', {str(tmp_path / 'venv')!r}]; "
    )
    code += (
        f"exec(compile(open({str(MAKE_VENV)!r}).read(), 'make_venv.py', 'exec'), {{'__name__': '__main__'}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode
    assert "3.9.2 is too old. Install Python 3.11" in done.stderr
