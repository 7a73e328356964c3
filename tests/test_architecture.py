"""The house rules that a machine can check: who imports whom, who may do what, and what every name must have."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import stresstest
from stresstest.levers import LEVERS
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit

PACKAGE = Path(stresstest.__file__).resolve().parent
TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)

# Each row may import from itself and from the rows above it.
LAYERS = (
    ("", "errors", "units", "_link", "_jit", "_single", "_lane_types", "_lane_views", "_lanes", "layout"),
    ("futures",),
    ("sampling",),
    ("drivers",),
    ("terms",),
    ("levers",),
    ("kernel",),
    ("place", "wiring", "contract", "strategy", "hurdles", "study", "assumptions"),
    ("review",),
    ("config",),
    ("results",),
    ("settlement",),
    ("backends", "progress"),
    ("chunks",),
    ("runner",),
    ("batches",),
    ("measures",),
    ("methods",),
    ("analysis",),
    ("gaming",),
    ("advice",),
    ("report",),
    ("until",),
    ("verbs",),
    ("contract_verbs",),
    ("gaming_verbs",),
    ("report_verbs",),
    ("advice_verbs",),
    ("sign_verbs", "changes_verbs", "storage_verbs"),
    ("warm_verbs",),
    ("batch_verbs",),
    ("national_verbs",),
    ("bench",),
    ("bench_verbs",),
    ("batch_options", "advice_options", "report_options", "bench_options"),
    ("cli",),
    ("__main__",),
)
LAYER = {name: number for number, row in enumerate(LAYERS) for name in row}
# Within the row of frozen domain objects the order is fixed too: a place knows no contract, a strategy no study.
DOMAIN = ("place", "wiring", "contract", "strategy", "hurdles", "study", "assumptions")
PURE = ("terms", "levers", "futures", "drivers", "kernel")
HEAVY = {"pandas", "pyarrow", "joblib", "matplotlib", "seaborn", "scipy", "jinja2", "pydantic", "rich", "sklearn", "SALib"}
# llvmlite is numba's own compiler and markupsafe jinja2's own escaping: both come with their parent and never without.
COMES_WITH = {"llvmlite": "numba", "markupsafe": "jinja2", "tomli_w": "tomli-w", "sklearn": "scikit-learn"}
CHANCE = {"random", "secrets", "uuid"}
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_LOOP = 400, 50, 80


def name_of(path: Path) -> str:
    """Dotted name of a file below the package: "" for its __init__, "terms.vat_leak"."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}


def in_folders(*folders: str) -> list[str]:
    """Modules of the given top-level folders or files."""
    return [name for name in MODULES if name.split(".")[0] in folders]


@cache
def tree(module: str) -> ast.Module:
    """The parsed source of a module."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def _relative(module: str, node: ast.ImportFrom) -> str:
    """Dotted base of `from .a import b` below the package."""
    package = module.split(".") if MODULES[module].name == "__init__.py" else module.split(".")[:-1]
    package = [part for part in package if part]
    base = package[: len(package) - (node.level - 1)]
    return ".".join(base + (node.module.split(".") if node.module else []))


def imports(module: str) -> Iterator[tuple[str, bool, int]]:
    """(dotted name, inside the package?, line) of everything that a module imports, wherever in the file."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom):
            base = _relative(module, node) if node.level else str(node.module)
            inside = bool(node.level) or base.split(".")[0] == "stresstest"
            base = base.removeprefix("stresstest").lstrip(".") if not node.level else base
            for alias in node.names:
                deeper = f"{base}.{alias.name}".lstrip(".")
                yield (deeper if inside and deeper in MODULES else base), inside, node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                inside = alias.name.split(".")[0] == "stresstest"
                yield (alias.name.removeprefix("stresstest").lstrip(".") if inside else alias.name), inside, node.lineno


def layer(module: str) -> int:
    """Number of the module's row of LAYERS."""
    return LAYER[module.split(".")[0]]


def names_used(module: str) -> set[str]:
    """Names of the layout that a module reads: L.NAME, layout.NAME, or imported from it."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("L", "layout"):
            found.add(node.attr)
        if isinstance(node, ast.ImportFrom) and node.module == "layout":
            found |= {alias.name for alias in node.names}
    return found


def functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods and inner ones included."""
    for node in ast.walk(tree(module)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


# ── who imports whom ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_one_way(module):
    """A module imports only from its own row of the house or from rows above it, and from modules that exist."""
    assert module.split(".")[0] in LAYER, f"{module} stands in no row of the house"
    for target, inside, line in imports(module):
        if inside:
            assert target in MODULES, f"{module}:{line} imports {target}, which does not exist"
            assert layer(target) <= layer(module), f"{module}:{line} imports {target}, which stands below it"


@pytest.mark.parametrize("module", DOMAIN)
def test_domain_objects_stand_in_order(module):
    """A place knows no contract, a contract no strategy, a strategy no study."""
    below = DOMAIN[DOMAIN.index(module) + 1 :]
    assert not {target for target, inside, _ in imports(module) if inside} & set(below)


def test_no_module_imports_itself_in_a_circle():
    """Within a row, too, imports form no circle (a folder's own modules and its __init__ counted as one)."""
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for target, inside, _ in imports(module):
                if inside and target in MODULES and target and not f"{module}.".startswith(f"{target}."):
                    visit(target, (*path, module))
            done.add(module)

    for module in sorted(MODULES):
        visit(module, ())


@pytest.mark.parametrize("module", in_folders(*PURE))
def test_rules_import_no_heavy_library(module):
    """Clauses, levers, futures, drivers and the machine know numpy and nothing that reads, writes or draws."""
    outside = {target.split(".")[0] for target, inside, _ in imports(module) if not inside}
    assert not outside & HEAVY
    assert not [
        target for target, inside, _ in imports(module) if inside and target.split(".")[0] in ("config", "results")
    ]


def test_few_modules_import_numba():
    """Everything compiled goes through _jit, whose cache can never serve an old rule; its neighbours say how."""
    users = {m for m in MODULES for target, inside, _ in imports(m) if not inside and target.split(".")[0] == "numba"}
    assert users == {"_jit", "_link", "_lanes", "_lane_types", "_lane_views"}


def test_the_cache_is_named_by_all_that_is_compiled():
    """Compiled functions stand in the parts that name the cache's folder, and these import nothing from elsewhere."""
    from stresstest._jit import RULES

    # compiled to be timed and part of no result: their one file and the cache's folder move when anything they compile does
    timed = "bench.probes"

    def inside(module: str) -> bool:
        return MODULES[module].relative_to(PACKAGE).parts[0] in RULES

    for module in MODULES:
        compiled = [
            f.name for f in functions(module)
            if {getattr(d, "id", "") for d in f.decorator_list} & {"rule", "kernel"}
        ]  # fmt: skip
        calls = {getattr(n.func, "id", "") for n in ast.walk(tree(module)) if isinstance(n, ast.Call)}
        made = compiled or calls & {"rule", "kernel", "switch_amount", "switch_action"}
        assert inside(module) or module == timed or not made, module
        if inside(module):
            own = [target for target, within, _ in imports(module) if within]
            assert all(inside(target) for target in own if target in MODULES), module


def test_only_results_write_parquet():
    """No other module calls a writer of Parquet."""
    writers = {"write_table", "ParquetWriter", "write_dataset", "to_parquet"}
    for module in MODULES:
        if not module.startswith("results"):
            calls = {
                getattr(n.func, "attr", getattr(n.func, "id", ""))
                for n in ast.walk(tree(module))
                if isinstance(n, ast.Call)
            }
            assert not calls & writers, module


def test_only_config_reads_configuration_files():
    """No module below config opens a study's files, and nothing but config and readers of whole runs parses TOML."""
    for module in in_folders("futures", "drivers", "terms", "levers", "kernel", "place", "contract", "strategy"):
        assert "tomllib" not in {target for target, _, _ in imports(module)}, module
        calls = {
            getattr(n.func, "id", getattr(n.func, "attr", ""))
            for n in ast.walk(tree(module))
            if isinstance(n, ast.Call)
        }
        assert not calls & {"open", "read_text", "read_bytes"}, module


def test_importing_the_package_is_light():
    """Importing the package, its command line included, loads no heavy library."""
    heavy = ("pandas", "matplotlib", "scipy", "numba", "seaborn", "pyarrow", "joblib", "pydantic", "jinja2", "sklearn", "SALib")
    code = f"import sys, stresstest, stresstest.cli; print(*[m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment(), cwd=ROOT
    )
    assert done.stdout.split() == []


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}


def test_every_library_that_is_imported_is_declared():
    """Whatever the package imports beyond the standard library is among the dependencies or the extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"]) + [
        one for extra in project["optional-dependencies"].values() for one in extra
    ]
    declared = {"".join(c if c.isalnum() or c in "-_" else " " for c in one).split()[0].lower() for one in wanted}
    declared |= {"numpy"} if "numpy" in declared else set()
    for module in MODULES:
        for target, inside, line in imports(module):
            library = target.split(".")[0]
            if not inside and library not in sys.stdlib_module_names:
                known = {library.lower(), COMES_WITH.get(library, library)}
                assert known & declared, f"{module}:{line} imports {library}, which pyproject.toml does not declare"


# ── chance, speed and money ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_chance_but_the_streams(module):
    """No module draws from another generator, or takes a seed from the clock."""
    outside = {target.split(".")[0] for target, inside, _ in imports(module) if not inside}
    # a run's name ends in a few letters of chance, and no number depends on it; the plain loop is timed and nothing else
    assert not outside & CHANCE or module.startswith(("results.", "bench.loop"))
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and node.attr == "random":
            used = isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")
            assert not used, f"{module}:{node.lineno} uses numpy's random numbers"
        if isinstance(node, (ast.Assign, ast.keyword)):
            target = node.arg if isinstance(node, ast.keyword) else getattr(node.targets[0], "id", "")
            if target and "seed" in target.lower():
                assert "time" not in {getattr(n, "id", getattr(n, "attr", "")) for n in ast.walk(node.value)}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_unsafe_arithmetic(module):
    """Nothing is compiled with fast arithmetic or numba's own threads, and no division error is left to an accident."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.keyword):
            assert node.arg not in ("fastmath", "parallel"), f"{module}: {node.arg}"


@pytest.mark.parametrize("module", in_folders("terms"))
def test_clauses_read_the_record_only(module):
    """A clause never looks at the world, nor at what the machine carries from year to year."""
    assert not {name for name in names_used(module) if name.startswith(("WORLD_", "S_", "CHOICE_"))}


@pytest.mark.parametrize("module", ["kernel.solvency", "kernel.measure"])
def test_losses_and_measures_see_the_world(module):
    """Solvency and measures read no record but the agreed budget and the expected acute spend."""
    records = {name for name in names_used(module) if name.startswith(("RECORD_", "AUDIT_"))}
    assert records <= {"RECORD_AGREED", "RECORD_ACUTE_EXPECTED"}


@pytest.mark.parametrize("lever", [kind.name for kind in LEVERS])
def test_levers_never_touch_money(lever):
    """A lever bends the world or the record; of money it only reads what was overpaid, and only once it is found out."""
    module = f"levers.{lever}"
    money = {name for name in names_used(module) if name.startswith(("PAID_", "LINE_", "X_"))}
    assert money <= {"PAID_LIST_OVER", "PAID_NEED_OVER", "PAID_SCORE_OVER"}
    for function in functions(module):
        inner = {n.attr for n in ast.walk(function) if isinstance(n, ast.Attribute)}
        if function.name != "overpaid":
            assert not {name for name in inner if name.startswith(("PAID_", "AUDIT_CLAIM"))}
        else:
            written = {t.slice for n in ast.walk(function) if isinstance(n, ast.Assign) for t in n.targets}
            assert {n.attr for t in written for n in ast.walk(t) if isinstance(n, ast.Attribute)} == {"AUDIT_CLAIM"}
        assert "ledger" not in {a.arg for a in function.args.args}


# ── what every name must have ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_public_name_says_what_it_is(module):
    """Modules, public classes and public functions have docstrings."""
    assert ast.get_docstring(tree(module)) or module == "__main__"
    classes = [n for n in tree(module).body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]
    for node in [tree(module), *classes]:
        for child in node.body:
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)) and not child.name.startswith("_"):
                assert ast.get_docstring(child), f"{module}:{child.lineno} {child.name}"


def _untyped(module: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    named = [a for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
    if not named:
        return []
    head = MODULES[module].read_text(encoding="utf-8").splitlines()[function.lineno - 1 : function.body[0].lineno - 1]
    excused = "type: ignore[no-untyped-def]" in "\n".join(head)
    jitted = {getattr(d, "id", "") for d in function.decorator_list} & {"rule", "kernel"}
    return [] if excused and jitted else [a.arg for a in named]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_argument_is_annotated(module):
    """Arguments carry their types; a compiled rule may leave them out only where its comment says so."""
    for function in functions(module):
        assert not _untyped(module, function), f"{module}:{function.lineno} {function.name}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules_and_functions_are_short(module):
    """No module is longer than 400 lines and no function than 50, one loop of the kernel excepted."""
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    for function in functions(module):
        length = int(function.end_lineno or 0) - function.lineno + 1
        most = LONGEST_LOOP if (module, function.name) == ("kernel.measure", "read_year") else LONGEST_FUNCTION
        assert length <= most, f"{module}:{function.lineno} {function.name} has {length} lines"


@pytest.mark.parametrize("name", [f"terms/{kind.name}" for kind in TERMS] + [f"levers/{kind.name}" for kind in LEVERS])
def test_every_clause_and_lever_is_tested(name):
    """Each entry of the two registers is one file with one test file of the same name."""
    folder, own = name.split("/")
    assert (PACKAGE / folder / f"{own}.py").is_file()
    assert (TESTS / "unit" / folder / f"test_{own}.py").is_file()


def test_every_file_of_a_register_is_in_it():
    """No clause and no lever lies beside its register, and no name stands there twice."""
    for folder, register in (("terms", TERMS), ("levers", LEVERS)):
        named = [kind.name for kind in register]
        assert len(set(named)) == len(named)
        with_kind = {
            m.split(".")[1] for m in in_folders(folder)
            if any(isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "KIND" for n in tree(m).body)
        }  # fmt: skip
        assert with_kind == set(named)
    codes = [kind.code for kind in LEVERS]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_is_left_for_later(module):
    """No file carries a mark of unfinished work or a path of one machine."""
    text = MODULES[module].read_text(encoding="utf-8")
    for word in ("TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError", "/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/"):
        assert word not in text, f"{module}: {word}"
