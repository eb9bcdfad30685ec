"""The shape of the code, kept by machine: doors, sizes, words, and who may know what.

Every complaint says where, what, and how to put it right. The direction of imports is kept by .importlinter.
"""

import ast
import configparser
import re
import statistics
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src/bothands"
FILE_LINES_MAX = 400
FILE_LINES_P90_MAX = 250
TEST_FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
PARAMETERS_MAX = 7
METHODS_MAX = 20
DOOR_DOCSTRING_LINES_MAX = 10

NOT_OURS = {"node_modules", "weights", "static", "dist", "__pycache__", "test-results", "versions"}
WRITTEN = {".py", ".ts", ".tsx", ".css", ".mjs"}
TEXTS = WRITTEN | {".md", ".toml", ".json", ".html", ".csv", ".lock", ".txt", ".sh", ".yaml", ".cfg", ""}
AVOIDED = (
    "bot bots handler handlers helper helpers manager managers misc processor session sessions "
    "status statuses ticket tickets user users util utils v2"
).split()
DOMAIN_WORDS = (
    "agent assistant brief charter contact conversation decision desk handoff holder inbox "
    "reading skill timeline topic turn"
).split()
CLOCKS_AND_DICE = {
    "time.time": "clock.now()",
    "time.time_ns": "clock.now()",
    "time.monotonic": "clock.monotonic()",
    "datetime.now": "clock.now()",
    "datetime.utcnow": "clock.now()",
    "datetime.today": "clock.now()",
    "date.today": "clock.now().date()",
    "uuid.uuid1": "ids.new(prefix)",
    "uuid.uuid4": "ids.new(prefix)",
    **{
        f"random.{name}": "the random.Random you are given"
        for name in (
            "random",
            "randint",
            "randrange",
            "choice",
            "choices",
            "shuffle",
            "sample",
            "uniform",
            "gauss",
        )
    },
}

Complaints = Iterator[tuple[ast.AST | int, str]]  # where (a node or a line), and what


@cache
def files_below(folder: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            if path.name not in NOT_OURS and not path.name.startswith("."):
                found.extend(files_below(path))
        else:
            found.append(path)
    return tuple(found)


def our_files(*folders: str, kinds: set[str] = WRITTEN) -> list[Path]:
    return [file for folder in folders for file in files_below(ROOT / folder) if file.suffix in kinds]


def modules() -> list[Path]:
    return our_files("src/bothands", kinds={".py"})


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def room_of(file: Path) -> str:
    return file.relative_to(SRC).parts[0]


def at(file: Path, node: ast.AST | int) -> str:
    line = node if isinstance(node, int) else getattr(node, "lineno", 1)
    return f"{file.relative_to(ROOT)}:{line}"


def check(rule: Callable[[Path], Complaints], files: list[Path]) -> None:
    complaints = [f"{at(file, where)}: {what}" for file in files for where, what in rule(file)]
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def imports_of(tree: ast.AST) -> Iterator[tuple[ast.stmt, str, tuple[str, ...]]]:
    """Each imported module, with the names taken from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module, tuple(alias.name for alias in node.names)


# Doors


@cache
def offered_by(room: str) -> frozenset[str]:
    door = SRC / room / "__init__.py"
    if not door.is_file():
        return frozenset()
    for node in tree_of(door).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def other_rooms_through_their_door(file: Path) -> Complaints:
    for node, module, names in imports_of(tree_of(file)):
        parts = module.split(".")
        if parts[0] != "bothands" or len(parts) < 2 or parts[1] == room_of(file):
            continue
        door = ".".join(parts[:2])
        if len(parts) > 2:
            yield node, f"{module} is behind the door. Import from {door}, which re-exports."
        for name in names if len(parts) == 2 else ():
            if name not in offered_by(parts[1]):
                yield node, f"{door} does not offer {name}. Add it to the door's __all__, or do without."


def test_rooms_use_each_other_only_through_the_door() -> None:
    check(other_rooms_through_their_door, modules())


def late_imports(file: Path) -> Complaints:
    for function in ast.walk(tree_of(file)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node, module, _ in imports_of(function):
                if module.split(".")[0] == "bothands":
                    yield (
                        node,
                        f"{module} is imported inside {function.name}(), which hides a knot. "
                        "Import it at the top; if that is a cycle, move the shared part down the stairs.",
                    )


def test_nothing_of_ours_is_imported_late() -> None:
    check(late_imports, modules())


def a_door_only_offers(file: Path) -> Complaints:
    tree = tree_of(file)
    docstring = ast.get_docstring(tree)
    if not docstring or len(docstring.splitlines()) > DOOR_DOCSTRING_LINES_MAX:
        yield 1, f"a door opens with 1 to {DOOR_DOCSTRING_LINES_MAX} lines on what the room owns."
    for node in tree.body[1:]:
        names = [getattr(target, "id", "") for target in node.targets] if isinstance(node, ast.Assign) else []
        if not (isinstance(node, ast.Import | ast.ImportFrom) or names in (["__all__"], ["__version__"])):
            yield node, "a door holds imports and __all__ only. Move this into a file of the room."


def test_a_door_only_offers() -> None:
    check(
        a_door_only_offers,
        [file for file in modules() if file.name == "__init__.py" and len(file.relative_to(SRC).parts) == 2],
    )


# Sizes


def is_generated(file: Path) -> bool:
    return "generated" in file.read_text("utf-8").partition("\n")[0].lower()


def small_enough(file: Path) -> Complaints:
    is_test = "tests" in file.relative_to(ROOT).parts
    limit = TEST_FILE_LINES_MAX if is_test else FILE_LINES_MAX
    lines = len(file.read_text("utf-8").splitlines())
    if lines > limit and not is_generated(file):
        yield lines, f"{lines} lines, at most {limit}. Give one of its abilities a file of its own."


def test_files_are_small() -> None:
    check(small_enough, [*our_files("src", "tests", "tools", "ui", "benchmarks"), ROOT / "hatch_build.py"])


def test_nine_of_ten_files_are_really_small() -> None:
    sizes = [len(file.read_text("utf-8").splitlines()) for file in our_files("src")]
    assert statistics.quantiles(sizes, n=10)[-1] <= FILE_LINES_P90_MAX, "split the longest files of src/"


def functions_and_classes(file: Path) -> Complaints:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            parameters = [one for one in given if one.arg not in ("self", "cls")]
            if lines > FUNCTION_LINES_MAX:
                yield node, f"{node.name}() has {lines} lines, at most {FUNCTION_LINES_MAX}. Name its parts."
            if len(parameters) > PARAMETERS_MAX:
                yield (
                    node,
                    f"{node.name}() takes {len(parameters)} parameters, at most {PARAMETERS_MAX}. "
                    "Those that belong together are a Struct.",
                )
        elif isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
            if len(methods) > METHODS_MAX:
                yield node, f"{node.name} has {len(methods)} methods, at most {METHODS_MAX}. Split it."


def test_functions_and_classes_are_small() -> None:
    check(
        functions_and_classes,
        [*our_files("src", "tests", "tools", "benchmarks", kinds={".py"}), ROOT / "hatch_build.py"],
    )


# Who may know what


# A store that grows too long is cut by noun: team_store.py beside store.py.
STORE = re.compile(r"(?:^|_)store\.py$")


def only_stores_know_sql(file: Path) -> Complaints:
    if STORE.search(file.name) or room_of(file) in ("storage", "jobs"):
        return
    for node, module, names in imports_of(tree_of(file)):
        taken = set(names) - {"Connection"}
        if module.split(".")[0] in ("sqlalchemy", "psycopg") and (taken or not names):
            what = ", ".join(sorted(taken)) or module
            yield node, f"{what}: statements live in store.py. Give store.py a function and call that."


def test_only_stores_know_sql() -> None:
    check(only_stores_know_sql, modules())


def only_training_knows_sklearn(file: Path) -> Complaints:
    for node, module, _ in imports_of(tree_of(file)):
        if module.split(".")[0] in ("sklearn", "scipy") and file.name != "training.py":
            yield node, f"{module} is slow to import. Train in training.py, serve with NumPy."


def test_only_training_knows_scikit_learn() -> None:
    check(only_training_knows_sklearn, modules())


def only_app_reads_the_environment(file: Path) -> Complaints:
    if room_of(file) == "app":
        return
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv", "os.putenv"):
            yield node, "settings are read in app alone. Take the value as a parameter."


def test_only_app_reads_the_environment() -> None:
    check(only_app_reads_the_environment, modules())


def clocks_and_dice_are_given(file: Path) -> Complaints:
    if room_of(file) == "kit":
        return
    for node, module, names in imports_of(tree_of(file)):
        for name in names:
            if f"{module}.{name}" in CLOCKS_AND_DICE:
                yield node, f"{name} cannot be replayed. Use {CLOCKS_AND_DICE[f'{module}.{name}']}."
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node).removeprefix("datetime.datetime").replace("datetime.date.", "date.")
            name = f"datetime{name}" if name.startswith(".") else name
            if name in CLOCKS_AND_DICE:
                yield node, f"{name} cannot be replayed. Use {CLOCKS_AND_DICE[name]}."


def test_time_ids_and_randomness_are_given() -> None:
    check(clocks_and_dice_are_given, modules())


# Words


def words_in(name: str) -> list[str]:
    return re.findall(r"v\d+|[a-z]+|[A-Z][a-z]*|\d+", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name))


def file_is_named_well(file: Path) -> Complaints:
    for part in file.relative_to(ROOT).parts:
        for word in words_in(part.split(".")[0]):
            if word.lower() in AVOIDED:
                yield 1, f"{word!r} says nothing here. Name the file after what it does (GLOSSARY.md)."


def test_files_are_named_after_what_they_do() -> None:
    check(file_is_named_well, our_files("src", "tests", "tools", "ui", "benchmarks"))


def things_are_named_well(file: Path) -> Complaints:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for word in words_in(node.name):
                if word.lower() in AVOIDED:
                    yield node, f"{node.name}: {word!r} is not one of our words (GLOSSARY.md)."


def test_things_are_named_with_our_words() -> None:
    check(things_are_named_well, modules())


def kit_is_without_domain(file: Path) -> Complaints:
    for node in ast.walk(tree_of(file)):
        name = getattr(node, "name", None) or getattr(node, "arg", None) or getattr(node, "id", None)
        for word in words_in(name) if isinstance(name, str) else ():
            if word.lower() in DOMAIN_WORDS:
                yield node, f"{name}: kit knows no domain word. Move it into the room it speaks of."


def test_kit_has_no_domain_words() -> None:
    check(kit_is_without_domain, our_files("src/bothands/kit", kinds={".py"}))


# The house itself


def contracts() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser()
    parsed.read(ROOT / ".importlinter")
    return parsed


def test_every_room_stands_on_the_stairs() -> None:
    stairs = re.findall(r"bothands\.(\w+)", contracts()["importlinter:contract:stairs"]["layers"])
    rooms = {folder.name for folder in SRC.iterdir() if (folder / "__init__.py").is_file()}
    assert rooms <= set(stairs), f"{rooms - set(stairs)}: put the room on a step in .importlinter"


def test_every_store_is_protected() -> None:
    protected = {
        module for section in contracts().values() for module in section.get("protected_modules", "").split()
    }
    stores = {f"bothands.{room_of(file)}.{file.stem}" for file in modules() if STORE.search(file.name)}
    missing = stores - protected
    assert not missing, (
        f"{sorted(missing)}: run `python tools/protect_stores.py`, which writes .importlinter's contracts"
    )


def names_no_machine(file: Path) -> Complaints:
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        if MACHINE.search(line):
            yield number, "names a path of one machine. Use a path inside the repository, or tmp_path."


MACHINE = re.compile(r"(?<![\w.\-/}*])/(?:work|root|tmp|home/\w+|opt)/[\w.]")


def test_the_repository_names_no_machine() -> None:
    folders = ("src", "tests", "tools", "ui", "docs", "benchmarks", "examples", "changes")
    top = [
        file
        for file in ROOT.iterdir()
        if file.is_file() and file.suffix in TEXTS | {".lock"} and file.name != ".git"
    ]
    check(names_no_machine, [*our_files(*folders, kinds=TEXTS), *top])
