"""Puts trained weights into the app: public/models/eyes and its entry in the catalog.

    python tools/train/ship.py .cache/train/runs/NAME/weights.pt

Prints what export.py prints, and changes nothing where the file is beyond its limits. The pack's NOTICE.md is CREDITS.md: licences.txt
of the built app shows it.
"""
import shutil
import sys
import tempfile
from pathlib import Path

import onnx
import torch

import export
from vision import ROOT

sys.path.append(str(ROOT / "tools/models"))
import catalog  # noqa: E402

PACK = ROOT / "public/models/eyes"
GRAPH, NOTICE = "open_eyes.onnx", "NOTICE.md"
CREDITS = Path(__file__).parent / "CREDITS.md"
# Opening it and running it adds as much to a process that has onnxruntime-web loaded (Node 20, rounded up).
WORKING_SET_BYTES = 100_000_000


def entry(weights: Path, graph: bytes, model: onnx.ModelProto) -> dict:
    saved = torch.load(weights, "cpu", weights_only=True)
    files = [catalog.file_entry(GRAPH, graph), catalog.file_entry(NOTICE, CREDITS.read_bytes())]
    return {
        "id": "eyes",
        "title": "Opener of both eyes",
        "purpose": "Opens both eyes in one photo; ships with the app, loaded when it is needed.",
        "licence": {"id": "MIT", "url": "https://opensource.org/license/mit"},
        "provenance": [{
            "path": GRAPH, "licence": "MIT", "notice": NOTICE,
            "package": "own:tools/train", "version": f"{saved['kind']}, step {saved['step']}",
            "file": weights.name, "sourceSha256": catalog.sha256(weights.read_bytes()),
            "about": "Trained by tools/train on the pictures named in tools/train/CREDITS.md, weights in float16",
        }],
        "revision": catalog.revision_of(files), "workingSetBytes": WORKING_SET_BYTES,
        "files": files, "tensors": [catalog.tensors_of(GRAPH, model)],
    }


def main() -> None:
    weights = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / GRAPH
        network = export.load(weights)
        export.export(network, made)
        export.check(network, made)
        graph, model = made.read_bytes(), onnx.load(str(made))
    PACK.mkdir(parents=True, exist_ok=True)
    (PACK / GRAPH).write_bytes(graph)
    shutil.copy(CREDITS, PACK / NOTICE)
    catalog.put_shipped_pack(catalog.CATALOG, entry(weights, graph, model))


if __name__ == "__main__":
    main()
