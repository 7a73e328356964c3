"""How the columns of a simulated table are encoded in Parquet: chosen for each part from a sample of its own numbers.

    whole numbers   differences, bit-packed; lz4 where the sample holds one value only
    few values      dictionary: counts of years, yes and no
    repeated ones   lz4: what is nought in many futures, amounts at a cap
    all different   as they are: lz4 takes three times as long on such numbers and saves nothing

Measured on the main study, in nanoseconds of processor time a number with its checksum: all different 6 against 7 to 13 under
lz4; counts of years 7 in 0.5 bytes against 9 in 2.2; numbers of futures 4 in 0.02 bytes against 10 in 4. Byte-stream split with
lz4 saves 8% more bytes for 10% more time, zstd level 1 15% for twice the time. The choice follows from the numbers alone, so that
a chunk which is done twice leaves the same bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from . import schema

#: Numbers of a column that are looked at; most different ones for a dictionary; share of different ones from which lz4 is idle.
SAMPLE, FEW, DIFFERENT = 1024, 32, 0.8
LZ4, PLAIN, DICTIONARY, DIFFERENCES = "lz4", "plain", "dictionary", "differences"


def sample_of(column: pa.ChunkedArray) -> np.ndarray:
    """At most about SAMPLE numbers of a column, evenly spread over its rows."""
    step = max(1, len(column) // SAMPLE)
    return np.concatenate([chunk.to_numpy(zero_copy_only=False)[::step] for chunk in column.chunks] or [np.zeros(0)])


def kind_for(column: pa.ChunkedArray) -> str:
    """LZ4, PLAIN, DICTIONARY or DIFFERENCES for a column of numbers or of yes and no."""
    if pa.types.is_boolean(column.type):
        return LZ4
    sample = np.sort(sample_of(column))
    different = 1 + np.count_nonzero(sample[1:] != sample[:-1])
    if different == 1:
        return LZ4
    if pa.types.is_integer(column.type):
        return DIFFERENCES
    if different <= FEW:
        return DICTIONARY
    return LZ4 if different <= DIFFERENT * sample.size else PLAIN


def settings(name: str, table: pa.Table) -> dict[str, Any]:
    """Arguments of pyarrow's writer for table `name`: compression, dictionaries and encodings by column.

    Tables that are not simulated are small: lz4, with dictionaries for words.
    """
    words = schema.names(name, schema.TEXT)
    if name not in schema.SIMULATED:
        return {"compression": LZ4, "use_dictionary": words}
    kinds = {column: kind_for(table.column(column)) for column in table.column_names if column not in words}
    chosen = {kind: [column for column, own in kinds.items() if own == kind] for kind in (LZ4, DICTIONARY, DIFFERENCES)}
    return {
        "compression": {column: LZ4 if kinds.get(column) == LZ4 else "none" for column in table.column_names},
        "use_dictionary": [*words, *chosen[DICTIONARY]],
        "column_encoding": dict.fromkeys(chosen[DIFFERENCES], "DELTA_BINARY_PACKED"),
    }
