"""The reference code of RetinaFace, ParseNet and CodeFormer: facexlib, and facelib and basicsr out of `codeformer-pip`, each
from its pinned package.

Only the modules that are asked for are run. What else the packages import (downloads, other detectors and parsers) is
replaced by names that stand for nothing: it is not needed here, and some of it no longer runs.
"""
import importlib
import io
import logging
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import torch

from packages import PackageFile, fetch

FACEXLIB = PackageFile(
    "facexlib", "0.3.0", "", "245d58861537b820c616e8b3ef618ccfad2a24724a2d74be2b0542643c01a878",
    ("--only-binary", ":all:"),
)
CODEFORMER = PackageFile(
    "codeformer-pip", "0.0.4", "", "b0f7e1bcf9003b2abcf714265b83ec9b6cf30c2243e5a56f4c4f8d42a0262045",
    ("--no-binary", ":all:"),
)
CPU = torch.device("cpu")
# Kept for as long as Python runs: modules are imported out of them.
FOLDERS = []


@dataclass(frozen=True)
class Library:
    """`detection` has the class `RetinaFace`, `helper` the class `FaceRestoreHelper` that uses it."""
    detection: ModuleType
    helper: ModuleType


def facexlib() -> Library:
    folder = unpacked(FACEXLIB)
    for name in ("facexlib", "facexlib.utils"):
        package(name, folder)
    package("facexlib.detection", folder, init_detection_model=None)
    package("facexlib.parsing", folder, init_parsing_model=lambda **_: None)
    return Library(*map(importlib.import_module, (
        "facexlib.detection.retinaface", "facexlib.utils.face_restoration_helper",
    )))


def parsenet() -> ModuleType:
    """facexlib's module of the class `ParseNet`; CodeFormer's differs in quotation marks only."""
    facexlib()
    return importlib.import_module("facexlib.parsing.parsenet")


def facelib() -> Library:
    """CodeFormer's, which the package calls `codeformer.facelib`."""
    open_codeformer()
    return Library(*map(importlib.import_module, (
        "codeformer.facelib.detection.retinaface.retinaface", "codeformer.facelib.utils.face_restoration_helper",
    )))


@dataclass(frozen=True)
class RestorationCode:
    """`network` has the class `CodeFormer`, `parts` what it is made of, `pictures` the functions from and to tensors."""
    network: ModuleType
    parts: ModuleType
    pictures: ModuleType


def codeformer() -> RestorationCode:
    open_codeformer()
    return RestorationCode(*map(importlib.import_module, (
        "codeformer.basicsr.archs.codeformer_arch", "codeformer.basicsr.archs.vqgan_arch", "codeformer.basicsr.utils.img_util",
    )))


@cache
def open_codeformer() -> None:
    """Makes the package's modules importable."""
    folder = unpacked(CODEFORMER) / "codeformer-pip-0.0.4"
    for name in ("codeformer", "codeformer.facelib", "codeformer.facelib.utils", "codeformer.basicsr", "codeformer.basicsr.archs"):
        package(name, folder)
    package("codeformer.facelib.detection", folder, init_detection_model=lambda *_, **__: None)
    package("codeformer.facelib.parsing", init_parsing_model=lambda **_: None)
    package("codeformer.basicsr.utils", folder, get_root_logger=logging.getLogger)
    package("codeformer.basicsr.utils.misc", get_device=lambda: CPU)
    package("codeformer.basicsr.utils.download_util", load_file_from_url=None)


def unpacked(source: PackageFile) -> Path:
    archive, folder = io.BytesIO(fetch(source)), tempfile.TemporaryDirectory()
    FOLDERS.append(folder)
    if zipfile.is_zipfile(archive):
        zipfile.ZipFile(archive).extractall(folder.name)
    else:
        archive.seek(0)
        tarfile.open(fileobj=archive).extractall(folder.name, filter="data")
    return Path(folder.name)


def package(name: str, root: Path | None = None, **names) -> None:
    """A package that has the given names only; below `root`, its modules are found but its own `__init__` is not run."""
    module = ModuleType(name)
    module.__path__ = [str(root.joinpath(*name.split(".")))] if root else []
    vars(module).update(names)
    sys.modules[name] = module
