"""Reads exported data symbols out of a 64-bit little-endian ELF shared library (no third-party parser needed)."""
import struct

SHT_PROGBITS, SHT_DYNSYM = 1, 11


class SharedLibrary:
    """`bytes_of(name)` returns the initialised bytes of one exported data symbol."""

    def __init__(self, data: bytes):
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("not a 64-bit little-endian ELF file")
        self.data = data
        (table,) = struct.unpack_from("<Q", data, 40)
        size, count, _ = struct.unpack_from("<HHH", data, 58)
        # name, type, flags, address, offset, size, link, info, align, entry size
        self.sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + i * size) for i in range(count)]
        self.symbols = dict(self._symbols())

    def _symbols(self):
        dynsym = next(s for s in self.sections if s[1] == SHT_DYNSYM)
        strings = self.sections[dynsym[6]][4]
        for i in range(dynsym[5] // 24):
            name, _, _, _, value, size = struct.unpack_from("<IBBHQQ", self.data, dynsym[4] + i * 24)
            end = self.data.index(b"\0", strings + name)
            yield self.data[strings + name : end].decode(), (value, size)

    def offset_of(self, address: int) -> int:
        for _, kind, _, start, offset, size, *_ in self.sections:
            if kind == SHT_PROGBITS and start <= address < start + size:
                return offset + address - start
        raise KeyError(f"no initialised section holds address {address:#x}")

    def bytes_of(self, name: str) -> bytes:
        address, size = self.symbols[name]
        offset = self.offset_of(address)
        return self.data[offset : offset + size]
