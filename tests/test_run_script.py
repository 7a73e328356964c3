"""The decisions of run.py: when it installs, when it hands over, and what it says when it cannot go on."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

RUN_SCRIPT = Path(__file__).resolve().parents[1] / "run.py"

pytestmark = pytest.mark.unit


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module that lives in an empty folder, so that no test touches the real environment."""
    spec = importlib.util.spec_from_file_location("run_script", RUN_SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    environment = tmp_path / ".venv"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", environment)
    monkeypatch.setattr(module, "VENV_PYTHON", environment / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", environment / "stresstest-install.stamp")
    monkeypatch.setattr(module, "package_folder", lambda: tmp_path / "src" / "stresstest")
    monkeypatch.setenv(module.RESTARTED, "")  # so that a mark left by a test is put back afterwards
    monkeypatch.delenv(module.RESTARTED)
    return module


@pytest.fixture
def commands(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that run.py would have started; each one succeeds, and making the environment makes its Python."""
    seen: list[list[str]] = []

    def pretend(command: list[str], **_options: object) -> SimpleNamespace:
        seen.append(command)
        if "--clear" in command:
            script.STAMP.unlink()
        if "venv" in command:
            script.VENV_PYTHON.parent.mkdir(parents=True, exist_ok=True)
            script.VENV_PYTHON.touch()
        return SimpleNamespace(returncode=0, stdout=b"")

    monkeypatch.setattr(subprocess, "run", pretend)
    monkeypatch.setattr(subprocess, "call", lambda command, **options: pretend(command, **options).returncode)
    monkeypatch.setattr(script.os, "execv", lambda _path, command: pretend(command).returncode)
    return seen


def without(script: ModuleType, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let run.py believe that exactly ``names`` cannot be imported."""
    monkeypatch.setattr(script, "missing", lambda wanted: [name for name in wanted if name in names])


def finish_install(script: ModuleType, stamp: str) -> None:
    """Leave an environment with ``stamp`` in it, as a finished install does."""
    script.VENV_PYTHON.parent.mkdir(parents=True)
    script.VENV_PYTHON.touch()
    script.STAMP.write_text(stamp, encoding="utf-8")


def test_first_start_installs_with_constraints_then_hands_over(script, commands, monkeypatch, capsys):
    """With nothing installed, .venv is made, filled under the constraints, stamped, and given the same arguments."""
    without(script, monkeypatch, "stresstest")
    assert script.main(["run", "study.toml"]) == 0
    make, fill, hand_over = commands
    assert make[1:] == ["-m", "venv", str(script.VENV)]
    assert fill[0] == str(script.VENV_PYTHON)
    assert fill[-4:] == ["-e", ".[test]", "-c", "constraints.txt"]
    assert hand_over == [str(script.VENV_PYTHON), str(script.ROOT / "run.py"), "run", "study.toml"]
    assert script.installed()
    told = capsys.readouterr()
    assert told.out == ""
    assert "Installing into .venv" in told.err


def test_a_changed_dependency_file_means_a_new_install(script, commands, monkeypatch):
    """A finished install whose dependency files have changed since is cleared and redone under the constraints."""
    without(script, monkeypatch, "stresstest")
    finish_install(script, script.stamp())
    (script.ROOT / "constraints.txt").write_text("numpy==9.9.9", encoding="utf-8")
    assert script.main([]) == 0
    make, fill, _hand_over = commands
    assert "--clear" in make
    assert fill[fill.index("-c") + 1] == "constraints.txt"
    assert script.installed()


def test_another_python_or_a_moved_folder_means_a_new_install(script, monkeypatch, tmp_path):
    """The stamp changes with the Python series and with the folder, as an install answers to both."""
    here = script.stamp()
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (moved / name).write_text(name, encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(script, "ROOT", moved)
        there = script.stamp()
    monkeypatch.setattr(script.sys, "version_info", (3, 99, 0))
    assert len({here, there, script.stamp()}) == 3


def test_a_finished_install_is_used_without_another(script, commands, monkeypatch, capsys):
    """With a matching stamp there is one command only, the hand-over, and not a word is said."""
    without(script, monkeypatch, "stresstest")
    finish_install(script, script.stamp())
    assert script.main(["check", "study.toml"]) == 0
    assert commands == [[str(script.VENV_PYTHON), str(script.ROOT / "run.py"), "check", "study.toml"]]
    assert capsys.readouterr().err == ""


def test_hand_over_happens_once(script, commands, monkeypatch, capsys):
    """If .venv is stamped and still lacks the package, the second start stops and says what to do."""
    without(script, monkeypatch, "stresstest")
    finish_install(script, script.stamp())
    script.main([])
    assert script.main([]) == 2
    assert len(commands) == 1
    assert "delete that folder" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "absent"), [([], "numba"), (["test"], "pytest"), (["test", "-q"], "hypothesis")])
def test_what_each_job_needs(script, commands, monkeypatch, arguments, absent):
    """The main job cannot start without the engine's libraries, nor the tests without pytest and hypothesis."""
    without(script, monkeypatch, absent)
    assert script.main(arguments) == 0
    assert any("pip" in command for command in commands)


def test_the_main_job_does_not_need_the_test_tools(script, commands, monkeypatch):
    """Without pytest the program runs where it is, with the arguments as given, and its exit code comes back."""
    without(script, monkeypatch, "pytest")
    seen: list[list[str]] = []
    monkeypatch.setitem(sys.modules, "stresstest.cli", SimpleNamespace(main=lambda argv: seen.append(argv) or 4))
    assert script.main(["verify", "a-run"]) == 4
    assert seen == [["verify", "a-run"]]
    assert commands == []


def test_test_runs_pytest_in_the_project_folder(script, commands, monkeypatch, capsys):
    """``run.py test`` is pytest under the running Python, in run.py's folder, with further arguments passed on."""
    without(script, monkeypatch)
    folders: list[Path] = []
    monkeypatch.setattr(subprocess, "call", lambda command, cwd: commands.append(command) or folders.append(cwd) or 1)
    assert script.main(["test", "-k", "law"]) == 1
    assert commands == [[sys.executable, "-m", "pytest", "-k", "law"]]
    assert folders == [script.ROOT]
    assert capsys.readouterr().err == ""


def test_all_tests_run_on_all_processors(script, commands, monkeypatch):
    """Without arguments the kernels are compiled once, then every processor takes test files; one processor does neither."""
    without(script, monkeypatch)
    monkeypatch.setattr(script.os, "cpu_count", lambda: 2)
    assert script.main(["test"]) == 0
    every = [sys.executable, "-m", "pytest"]
    assert commands == [[sys.executable, "-m", "stresstest", "warm"], [*every, "-n", "auto", "--dist", "loadfile"]]
    commands.clear()
    monkeypatch.setattr(script.os, "cpu_count", lambda: 1)
    assert script.main(["test"]) == 0
    assert commands == [every]


def test_a_package_from_elsewhere_is_named(script, commands, monkeypatch, capsys, tmp_path):
    """If the package that would run is not the one beside run.py, a line on stderr says where it comes from."""
    without(script, monkeypatch)
    elsewhere = tmp_path.parent / "another-copy" / "stresstest"
    monkeypatch.setattr(script, "package_folder", lambda: elsewhere)
    assert script.main(["test"]) == 0
    assert str(elsewhere) in capsys.readouterr().err


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13)])
def test_an_old_python_is_refused(script, commands, capsys, version):
    """An old Python gets one sentence with both versions in it, exit code 2, and nothing is started."""
    assert script.main([], version) == 2
    told = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in told
    assert ".".join(map(str, version)) in told
    assert commands == []


@pytest.mark.parametrize(("step", "advice"), [("venv", "python3-venv"), ("pip", "package index")])
def test_a_failed_install_ends_with_advice(script, monkeypatch, capsys, step, advice):
    """When a step fails, its last lines and what to do are shown, the code is 2 and no stamp is left behind."""
    without(script, monkeypatch, "stresstest")

    def fail(command: list[str], **_options: object) -> SimpleNamespace:
        script.VENV.mkdir(exist_ok=True)
        lines = "\n".join(f"line {number}" for number in range(40)).encode()
        return SimpleNamespace(returncode=int(step in command), stdout=lines)

    monkeypatch.setattr(subprocess, "run", fail)
    assert script.main([]) == 2
    told = capsys.readouterr().err
    assert "line 39" in told
    assert "line 20" not in told
    assert advice in told
    assert "Traceback" not in told
    assert not script.STAMP.exists()


def test_an_interrupted_install_is_redone(script, commands, monkeypatch):
    """Ctrl-C gives exit code 130 and no stamp, and the next start installs from the beginning."""
    without(script, monkeypatch, "stresstest")
    patient = subprocess.run

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupt)
    assert script.main([]) == 130
    assert not script.STAMP.exists()
    monkeypatch.setattr(subprocess, "run", patient)
    assert script.main([]) == 0
    assert len(commands) == 3


def test_windows_hands_over_to_a_child(script, commands, monkeypatch):
    """On Windows the hand-over waits for a child and returns that child's exit code."""
    monkeypatch.setattr(script, "os", SimpleNamespace(name="nt", environ={}))
    monkeypatch.setattr(subprocess, "call", lambda command: commands.append(command) or 130)
    assert script.restart(["run"]) == 130
    assert commands == [[str(script.VENV_PYTHON), str(script.ROOT / "run.py"), "run"]]


def test_a_folder_of_that_name_is_not_the_package(script, tmp_path, monkeypatch):
    """A bare folder named like the package does not count as an install of it."""
    (tmp_path / "hollow_package").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert script.missing(("hollow_package", "json")) == ["hollow_package"]
