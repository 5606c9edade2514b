"""Exports SDXL's twins in float16, each compared with PyTorch on the CPU, for tools/fp16.mjs: halves.py OUT_FOLDER"""
import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1] / "models"
sys.path[:0] = [str(MODELS / "sdxl"), str(MODELS)]
import export  # noqa: E402
from twin import Twin  # noqa: E402


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for graph in Twin().graphs.values():
        difference = export.export(graph, folder, half=True)["difference"]
        print(f"{graph.name} float16 on the CPU: largest difference {difference:.1e} of the largest value", file=sys.stderr)


if __name__ == "__main__":
    main()
