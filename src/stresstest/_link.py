"""How rules and kernels are compiled: a rule is kept as intermediate code, and a kernel alone becomes machine code.

numba compiles every function that it meets down to machine code, with entries for the interpreter and for C, and optimises
at each level again all that lies below. Nobody ever runs that code: rules are called by kernels only. So a rule's library
holds its own intermediate code and no more (`RuleLibrary`); a kernel's library (`KernelLibrary`) gathers the libraries of
all rules below it, links each once, and optimises and compiles the whole once. The machine code is as fast and gives the
same bits; compiling takes about a quarter of the time. A rule called from Python (tests do so) is compiled then, as a kernel
that is not cached.

It rests on numba's hook for compilers of one's own (`pipeline_class`) and on two methods of its code libraries.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba
from numba.core import event
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import AnnotateTypes

#: Compiling makes millions of objects that live until its end: looking through them for rubbish costs a sixth of the time.
PATIENCE = 300_000
OPTIONS = {"nogil": True, "error_model": "numpy"}


class _Linked(JITCodeLibrary):
    """A library that takes in rules' libraries as they are, without making machine code of them."""

    _linking_libraries: list[Any]

    def add_linking_library(self, library: Any) -> None:
        """Remember a library that this one's code calls."""
        if not isinstance(library, RuleLibrary):
            library._ensure_finalized()
        self._linking_libraries.append(library)


class RuleLibrary(_Linked):
    """The intermediate code of one rule; it never becomes machine code by itself."""

    environment: tuple[str, Any] | None = None

    def finalize(self) -> None:
        """Close the library: nothing is linked, optimised or compiled here."""
        self._finalized = True

    def _optimize_functions(self, module: Any) -> None:
        """Leave the code as it is: it is optimised in the kernel that contains it."""
        module.data_layout = self._codegen._data_layout

    def get_pointer_to_function(self, name: str) -> int:
        """There is no machine code to point to."""
        return 0

    @property
    def codegen(self) -> Any:
        """What numba hands the rule's constants to."""
        return _Constants(self)


class _Constants:
    """Keeps the constants of a rule until a kernel that contains it has machine code."""

    def __init__(self, library: RuleLibrary) -> None:
        self.library = library

    def set_env(self, name: str, environment: Any) -> None:
        """Remember where the constants belong."""
        self.library.environment = (name, environment)


def _below(libraries: list[Any], seen: dict[Any, None]) -> dict[Any, None]:
    """All libraries that these need, each once, in the order met."""
    for library in libraries:
        if library not in seen:
            seen[library] = None
            if isinstance(library, RuleLibrary):
                _below(library._linking_libraries, seen)
    return seen


class _Whole:
    """A library as it is linked: all of its functions, wanted yet or not.

    numba marks them so that the linker leaves out what nothing refers to at that moment. One that is wanted later, by another
    version of the same rule, would then be missing, and the call would jump to nowhere.
    """

    def __init__(self, library: Any) -> None:
        self.library, self._reload_init = library, library._reload_init

    def _get_module_for_linking(self) -> Any:
        self.library._ensure_finalized()
        module = self.library._final_module.clone()
        for function in module.functions:
            if not function.is_declaration and function.linkage.name in ("external", "linkonce_odr"):
                function.linkage = "weak_odr"
        return module


class KernelLibrary(_Linked):
    """The machine code of a kernel and of every rule below it, optimised as one."""

    _own: set[str]

    def finalize(self) -> None:
        """Link every rule once, optimise, compile, and put the rules' constants in place."""
        self._own = {function.name for function in self._final_module.functions if not function.is_declaration}
        below = list(_below(self._linking_libraries, {}))
        self._linking_libraries = [_Whole(library) for library in below]
        super().finalize()
        engine = self._codegen._engine
        for library in below:
            if isinstance(library, RuleLibrary) and library.environment and engine.is_symbol_defined(library.environment[0]):
                self._codegen.set_env(*library.environment)

    def _optimize_final_module(self) -> None:
        """Nobody outside calls the rules: say so, and one that is called in one place is written out there."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in self._own:
                function.linkage = "internal"
        super()._optimize_final_module()
        missing = [f.name for f in self._final_module.functions if f.is_declaration and f.name.startswith("_ZN")]
        if missing:
            raise RuntimeError(f"rules were not linked into their kernel: {missing[:3]}")


@register_pass(mutates_CFG=False, analysis_only=True)
class KeepRule(AnalysisPass):
    """Gives a rule its library."""

    _name = "keep_rule"
    library: type = RuleLibrary

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Set the library that the lowering writes into; nothing of the code changes."""
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


@register_pass(mutates_CFG=False, analysis_only=True)
class LinkKernel(KeepRule):
    """Gives a kernel its library."""

    _name = "link_kernel"
    library = KernelLibrary


class _Steady(Flags):
    """Compiler flags that know their hash: numba asks for it at every operator of every rule."""

    def __init__(self, flags: Flags) -> None:
        super().__init__(flags)
        self._hash = super().__hash__()

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or bool(super().__eq__(other))

    def copy(self) -> Flags:
        """Flags that may be changed."""
        return Flags(self)


_STEADY: dict[str, _Steady] = {}


class _Given(Flags):
    """The flags of one function, which all functions with equal flags share while they are compiled."""

    def copy(self) -> Flags:
        """The shared flags."""
        return _STEADY.setdefault(str(self.values()), _Steady(self))


class RuleCompiler(CompilerBase):
    """numba's own passes, and a rule's library."""

    own: type = KeepRule

    def __init__(
        self, typingctx: Any, targetctx: Any, library: Any, args: Any, return_type: Any, flags: Any, locals: Any
    ) -> None:
        super().__init__(typingctx, targetctx, library, args, return_type, _Given(flags), locals)

    def define_pipelines(self) -> list[Any]:
        """numba's passes in their order, with the library made just before the lowering."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(self.own, AnnotateTypes)
        passes.finalize()
        return [passes]


def _unheard(happening: Any) -> None:
    """Tell nobody."""


@contextmanager
def _patient() -> Iterator[None]:
    """Collect rubbish seldom for a while, and tell no clocks: numba starts one for every rule, and each hears of all below it.

    Both hold for the whole process; numba's own lock lets one thread compile at a time.
    """
    before, told = gc.get_threshold(), event.broadcast
    gc.set_threshold(PATIENCE, *before[1:])
    event.broadcast = _unheard
    try:
        yield
    finally:
        event.broadcast = told
        gc.set_threshold(*before)


class KernelCompiler(RuleCompiler):
    """numba's own passes, and a kernel's library."""

    own = LinkKernel

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        """Compile the kernel and, on the way, the rules below it."""
        with _patient():
            return super().compile_extra(func)


class Rule(CPUDispatcher):
    """A function that kernels and rules call; from Python it is compiled at the first call, with all below it."""

    def __init__(
        self, py_func: Callable[..., Any], locals: Any = None, targetoptions: Any = None, pipeline_class: Any = RuleCompiler
    ) -> None:
        super().__init__(py_func, locals or {}, targetoptions or {}, pipeline_class)
        self._whole: Any = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self._whole is None:
            self._whole = numba.njit(**OPTIONS, pipeline_class=KernelCompiler)(self.py_func)
        return self._whole(*arguments, **named)


def linked_rule(function: Callable[..., Any]) -> Any:
    """`function` as a rule; the function itself where nothing is compiled (NUMBA_DISABLE_JIT)."""
    if numba.config.DISABLE_JIT:
        return function
    return Rule(function, {}, {**OPTIONS, "nopython": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True})


def linked_kernel(function: Callable[..., Any]) -> Any:
    """`function` as a kernel, cached on disk."""
    return numba.njit(**OPTIONS, cache=True, no_cfunc_wrapper=True, pipeline_class=KernelCompiler)(function)
