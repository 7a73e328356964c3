"""Views for compiled rules: rows of futures in groups, and arrays that all futures share.

A view borrows an array's numbers. It costs nothing to hand on or to take a part of, where numba counts the users of every
array and of every part by a step that stops all other work; a block of futures takes thousands of parts.
"""

from __future__ import annotations

import operator
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin

from ._lane_types import LONG, PLAIN, VECTOR, _as, _Rows, _Shared, lanes
from ._single import blank, block_of, rows_of, shared_of
from .layout import BLOCK

__all__ = ["blank", "block_of", "rows_of", "shared_of"]


@infer_global(rows_of)
class _RowsOf(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        array = args[0]
        fits = isinstance(array, types.Array) and array.dtype == types.float64
        return signature(_Rows(array.ndim), array) if fits else None


@infer_global(block_of)
class _BlockOf(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        array = args[0]
        fits = isinstance(array, types.Array) and array.dtype == types.float64 and array.layout == "C"
        return signature(_Rows(array.ndim, 8 * BLOCK), array) if fits else None


@infer_global(shared_of)
class _SharedOf(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        array = args[0]
        if not isinstance(array, types.Array):
            return None
        return signature(_Shared(array.ndim, array.dtype, array.layout == "C"), array)


@lower_builtin(block_of, types.Array)
def _lower_block_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    array = context.make_array(sig.args[0])(context, builder, args[0])
    width = cgutils.unpack_tuple(builder, array.shape)[-1]
    with builder.if_then(builder.icmp_signed("!=", width, LONG(BLOCK)), likely=False):
        context.call_conv.return_user_exc(builder, ValueError, (f"rows of a block hold {BLOCK} futures",))
    return _lower_rows_of(context, builder, sig, args)


@lower_builtin(rows_of, types.Array)
@lower_builtin(shared_of, types.Array)
def _lower_rows_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    array = context.make_array(sig.args[0])(context, builder, args[0])
    view = cgutils.create_struct_proxy(sig.return_type)(context, builder)
    view.data = builder.bitcast(array.data, view.data.type)
    view.shape = array.shape
    steps = cgutils.unpack_tuple(builder, array.strides)[: sig.return_type.steps]
    view.strides = context.make_tuple(builder, types.UniTuple(types.intp, len(steps)), steps)
    return view._getvalue()


#: Bytes of a group: sixteen numbers.
GROUP_BYTES = 8 * 16


def _indices(index: Any) -> tuple[Any, ...]:
    return tuple(index) if isinstance(index, types.BaseTuple) else (index,)


def _element(view: Any, index: Any) -> Any:
    """What view[index] is: lanes, a number, or a view with fewer indices; None where it is no view or does not fit."""
    if not isinstance(view, (_Rows, _Shared)) or not all(isinstance(k, types.Integer) for k in _indices(index)):
        return None
    left = view.ndim - len(_indices(index))
    if isinstance(view, _Rows):
        return None if left < 0 else _Rows(left, view.pitch) if left else lanes
    return None if left < 0 else _Shared(left, view.dtype, view.close) if left else view.dtype


@infer_global(blank)
class _Blank(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        rows = args[0]
        block, plain = isinstance(rows, _Rows) and rows.pitch, isinstance(rows, types.Array)
        fits = (block or plain) and rows.ndim == 2
        return signature(types.none, rows, types.intp, types.intp, types.intp) if fits else None


@lower_builtin(blank, _Rows, types.intp, types.intp, types.intp)
def _lower_blank(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    pitch = LONG(sig.args[0].pitch)
    view = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0])
    start = builder.gep(view.data, [builder.mul(args[1], pitch)], inbounds=True)
    cgutils.memset(builder, start, builder.mul(args[2], pitch), 0)
    return context.get_dummy_value()


@lower_builtin(blank, types.Array, types.intp, types.intp, types.intp)
def _lower_blank_array(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    def one_by_one(rows: Any, first: int, count: int, n: int) -> None:
        for k in range(first, first + count):
            for i in range(n):
                rows[k, i] = 0.0

    return context.compile_internal(builder, one_by_one, sig, args)


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        view, index = args
        found = _element(view, index)
        return signature(found, view, index) if found is not None else None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        view, index, value = args
        found, plain = _element(view, index), isinstance(value, PLAIN)
        fits = value == lanes or plain if found == lanes else plain and isinstance(found, PLAIN)
        return signature(types.none, view, index, value) if fits else None


def _step(context: Any, kind: Any, k: int) -> Any:
    """Bytes from one index k to the next, which the compiler knows."""
    if isinstance(kind, _Rows):
        return LONG(GROUP_BYTES) if k == kind.ndim - 1 else LONG(kind.pitch)
    return LONG(context.get_abi_sizeof(context.get_data_type(kind.dtype)))


def _address(context: Any, builder: Any, sig: Any, args: Any) -> tuple[Any, Any]:
    """(the view's struct, address of view[index] as a number of bytes)."""
    kind, index = sig.args[:2]
    view = cgutils.create_struct_proxy(kind)(context, builder, value=args[0])
    numbers = cgutils.unpack_tuple(builder, args[1]) if isinstance(index, types.BaseTuple) else [args[1]]
    strides = cgutils.unpack_tuple(builder, view.strides)
    offset = LONG(0)
    for k, (number, at) in enumerate(zip(_indices(index), numbers, strict=True)):
        size = strides[k] if k < kind.steps else _step(context, kind, k)
        offset = builder.add(offset, builder.mul(context.cast(builder, at, number, types.intp), size))
    return view, builder.gep(view.data, [offset], inbounds=True)


@lower_builtin(operator.getitem, _Rows, types.Integer)
@lower_builtin(operator.getitem, _Rows, types.BaseTuple)
@lower_builtin(operator.getitem, _Shared, types.Integer)
@lower_builtin(operator.getitem, _Shared, types.BaseTuple)
def _lower_getitem(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    view, address = _address(context, builder, sig, args)
    if sig.return_type == lanes:
        return builder.load(builder.bitcast(address, VECTOR[lanes].as_pointer()), align=8)
    if not isinstance(sig.return_type, (_Rows, _Shared)):
        place = builder.bitcast(address, context.get_data_type(sig.return_type).as_pointer())
        return context.unpack_value(builder, sig.return_type, place)
    part = cgutils.create_struct_proxy(sig.return_type)(context, builder)
    used = sig.args[0].ndim - sig.return_type.ndim
    part.data = address
    for name in ("shape", "strides"):
        sizes = cgutils.unpack_tuple(builder, getattr(view, name))[used:]
        setattr(part, name, context.make_tuple(builder, types.UniTuple(types.intp, len(sizes)), sizes))
    return part._getvalue()


@lower_builtin(operator.setitem, _Rows, types.Integer, types.Any)
@lower_builtin(operator.setitem, _Rows, types.BaseTuple, types.Any)
@lower_builtin(operator.setitem, _Shared, types.Integer, types.Any)
@lower_builtin(operator.setitem, _Shared, types.BaseTuple, types.Any)
def _lower_setitem(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    _, address = _address(context, builder, sig, args)
    if isinstance(sig.args[0], _Shared):
        kind = sig.args[0].dtype
        value = context.cast(builder, args[2], sig.args[2], kind)
        context.pack_value(builder, kind, value, builder.bitcast(address, context.get_data_type(kind).as_pointer()))
        return context.get_dummy_value()
    value = _as(context, builder, args[2], sig.args[2], lanes)
    builder.store(value, builder.bitcast(address, VECTOR[lanes].as_pointer()), align=8)
    return context.get_dummy_value()
