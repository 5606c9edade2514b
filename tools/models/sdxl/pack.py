"""Makes pack.json, the app's description of a folder of graphs, from the catalog's entry and what was made."""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import onnx

import catalog

# Around the weights of the largest network: activations at 512 pixels, and a margin.
ACTIVATION_BYTES = 1_000_000_000


def pack_of(folder: Path, kind: str, channels: int, reports: list[dict], others: list[str]) -> dict:
    """The catalog's entry, with what it cannot know before the conversion."""
    entry = catalog.entry_of("sdxl-refiner" if kind == "refiner" else "sdxl-inpaint")
    names = [name for report in reports for name in report["files"]] + others
    files = [catalog.file_entry(name, (folder / name).read_bytes()) for name in names]
    sizes = {file["path"]: file["bytes"] for file in files}
    tensors = [
        catalog.tensors_of(report["graph"], onnx.load(str(folder / report["graph"]), load_external_data=False))
        for report in reports
    ]
    operators = [operator for operator in entry["gpu"]["operators"] if operator != "conv-12" or channels == 9]
    operators += ["matmul-4bit"] * any(report["weights"] == "int4" for report in reports)
    return {
        **entry,
        "revision": catalog.revision_of(files),
        "files": files,
        "tensors": tensors,
        "gpu": {
            "required": True,
            "features": ["shader-f16"] if any(report["arithmetic"] == "float16" for report in reports) else [],
            "operators": operators,
            "bufferBytes": max(report["largestTensorBytes"] for report in reports),
        },
        "workingSetBytes": max(sum(sizes[name] for name in report["files"]) for report in reports) + ACTIVATION_BYTES,
    }
