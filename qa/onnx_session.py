"""Exported encoders run by ONNX Runtime: token ids go in, the last layer's vectors come out.

Without torch: importing that takes longer than all else that one question needs.

On the processors that were tried a text's vectors are the same to the last bit whether it runs
alone, padded in a batch, or in more threads: the sums over a row are taken in one order.
`tests/test_onnx_session.py` holds that.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.types import Vectors

__all__ = ["EncoderSession", "cores"]

_SLOW_FUSIONS = ["SkipLayerNormFusion"]
"""Joining the sum with the layer norm after it makes that step eight times as slow: 2.5 in place of
0.3 ms of 18, for 130 tokens (profiled with ONNX Runtime 1.32; `python
tests/benchmarks/encoders.py`)."""


_NO_MEMORY = "bad_alloc"
"""What the library's message has where the system gave it no memory."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class EncoderSession:
    """An exported encoder, loaded. Several threads may run it at once."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """Loads the file; `threads` share the work of one run, 0 for as many as there are cores.

        Between the steps of a run, and a moment after it, they wait for work without sleeping: a
        question is encoded in 0.18 of what sentence-transformers takes, in place of 0.25 (`python
        tests/benchmarks/encoders.py`).

        Raises ModelError where ONNX Runtime cannot load it.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or cores()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "1")
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=_SLOW_FUSIONS,
            )
        except Exception as error:  # the library raises whatever its parts raise
            if isinstance(error, MemoryError) or _NO_MEMORY in str(error):
                raise ModelError(
                    f"There is not enough memory to load the model {path}. Close other programs, "
                    "or give the process more memory, and try again."
                ) from error
            raise ModelError(
                f"The exported model {path} cannot be loaded ({type(error).__name__}: {error}). "
                f"Delete the folder {path.parent} and run `qa build`: it is exported anew."
            ) from error
        self._inputs = tuple(one.name for one in self._session.get_inputs())

    def hidden(
        self,
        ids: NDArray[np.int64],
        mask: NDArray[np.int64] | None = None,
        types: NDArray[np.int64] | None = None,
    ) -> Vectors:
        """The vectors of all tokens, float32 (rows, length, dim), for ids (rows, length).

        `mask` is 1 for a token and 0 for padding, `types` the number of a token's segment; what the
        model does not take is not given to it. Without a mask no row may be padded.
        """
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids) if mask is None else mask,
            "token_type_ids": np.zeros_like(ids) if types is None else types,
        }
        [found] = self._session.run(None, {name: given[name] for name in self._inputs})
        return np.asarray(found, dtype=np.float32)
