"""Entries of public/models/catalog.json: what each shipped file is, whose it is, and how to check it."""
import hashlib
import json
from pathlib import Path

import onnx

CATALOG = Path(__file__).resolve().parents[2] / "public/models/catalog.json"
CHUNK_BYTES = 64 * 1024 * 1024
PACK_KEYS = (
    "id", "title", "purpose", "origin", "licence", "restricted", "revision", "baseUrl", "provenance", "files", "tensors", "gpu",
    "workingSetBytes",
)
ELEMENT_TYPES = {
    onnx.TensorProto.FLOAT: "float32", onnx.TensorProto.FLOAT16: "float16", onnx.TensorProto.INT64: "int64",
    onnx.TensorProto.INT32: "int32", onnx.TensorProto.DOUBLE: "float64", onnx.TensorProto.UINT8: "uint8",
}


def entry_of(pack_id: str) -> dict:
    (entry,) = (pack for pack in json.loads(CATALOG.read_text())["packs"] if pack["id"] == pack_id)
    return entry


def write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def revision_of(files: list[dict]) -> str:
    """Of a pack's file entries: other bytes make another revision."""
    return sha256("".join(file["sha256"] for file in files).encode())[:12]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_entry(path: str, data: bytes) -> dict:
    chunks = [data[i : i + CHUNK_BYTES] for i in range(0, len(data), CHUNK_BYTES)]
    return {
        "path": path, "bytes": len(data), "approximate": False, "sha256": sha256(data),
        "chunkBytes": CHUNK_BYTES, "chunkSha256": [sha256(c) for c in chunks],
    }


def tensors_of(path: str, model: onnx.ModelProto) -> dict:
    # Old exporters list weights among the inputs.
    weights = {tensor.name for tensor in model.graph.initializer}

    def describe(value):
        kind = value.type.tensor_type
        # A free dimension may have no name; those of one tensor need not be alike.
        dims = [d.dim_param or d.dim_value or f"{value.name}?{i}" for i, d in enumerate(kind.shape.dim)]
        return {"name": value.name, "type": ELEMENT_TYPES[kind.elem_type], "dims": dims}

    return {
        "path": path,
        "inputs": [describe(v) for v in model.graph.input if v.name not in weights],
        "outputs": [describe(v) for v in model.graph.output],
    }


def converted_pack(
    pack_id: str, folder: Path, names: list[str], source: dict | None, needs: dict, activation_bytes: int,
) -> dict:
    """
    The catalog's entry with what it cannot know before its files are made.
    @param names files of the folder, the graph first. @param source of the weights: provenance without what the entry says;
    none: nothing to tell. @param needs what of the GPU's part changes
    """
    entry, graph = entry_of(pack_id), names[0]
    files = [file_entry(name, (folder / name).read_bytes()) for name in names]
    told = {"path": graph, "licence": entry["licence"]["id"], "notice": None}
    return {
        **entry,
        "revision": revision_of(files),
        "provenance": [{**told, **source}] if source else [],
        "files": files,
        "tensors": [tensors_of(graph, onnx.load(str(folder / graph), load_external_data=False))],
        "gpu": {**entry["gpu"], **needs},
        "workingSetBytes": sum(file["bytes"] for file in files) + activation_bytes,
    }


def put_shipped_pack(catalog: Path, pack: dict) -> None:
    """Adds the pack, or replaces the one with its id; other packs stay as they are."""
    content = json.loads(catalog.read_text())
    packs = [p for p in content["packs"] if p["id"] != pack["id"]]
    shipped = {"origin": "shipped", "restricted": None, "baseUrl": None, "gpu": None, **pack}
    content["packs"] = sorted([*packs, {key: shipped[key] for key in PACK_KEYS}], key=lambda p: p["id"])
    write_json(catalog, content)
