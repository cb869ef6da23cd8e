"""Cut the .text section out of an ELF file: what a kernel is on the device."""

import os
from ctypes import byref
from typing import Union

from davsim_library import Blob, BytesLike, PathLike, library_call


def extract_text_section(elf_input: Union[PathLike, BytesLike]) -> bytes:
    """The bytes of the .text section of a 64-bit ELF file, of whatever machine and byte order.

    Args:
        elf_input: the name of a file, or its contents

    Raises:
        OSError: there is no such file (FileNotFoundError), or it cannot be read
        ValueError: this is no ELF file, it is cut short, or it has no .text with contents
    """
    if isinstance(elf_input, (bytes, bytearray, memoryview)):
        return _extract(elf_input)
    if not os.path.exists(elf_input):
        raise FileNotFoundError(f"cannot read ELF file {os.fspath(elf_input)}: there is no such file")
    with open(elf_input, "rb") as file:
        contents = file.read()
    try:
        return _extract(contents)
    except ValueError as error:
        raise ValueError(f"{os.fspath(elf_input)}: {error}") from None


def _extract(contents: BytesLike) -> bytes:
    text = Blob()
    library_call("pto_extract_text", byref(Blob.of(contents, "the ELF file")), byref(text), error=ValueError)
    return text.take()
