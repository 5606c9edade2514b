"""The built-in network in onnxruntime on one thread: what the app is measured against.

    python tools/bench/builtin.py GRAPH

Answers each line with a line {"ms", "sum"}: the time of the network for one face, fed with noise, and the sum of its answer.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))
from self_check import noise  # noqa: E402


def main() -> None:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    network = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    feeds = {value.name: noise(i + 1, value.shape).astype(np.float32) for i, value in enumerate(network.get_inputs())}
    network.run(None, feeds)
    for _ in sys.stdin:
        start = time.perf_counter()
        (eyes,) = network.run(None, feeds)
        ms = (time.perf_counter() - start) * 1000
        print(json.dumps({"ms": ms, "sum": float(eyes.sum(dtype=np.float64))}), flush=True)


if __name__ == "__main__":
    main()
