"""Formats that are an archive of XML: opened only when what they unpack to is of a sane size."""

import io
import zipfile

from assistant.errors import ReadError

LARGEST = 300_000_000
# A member that is large and so many times its packed size is there to fill the memory.
_LARGE = 20_000_000
_MOST_TIMES = 200
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def open_archive(raw: bytes, path: str, kind: str) -> zipfile.ZipFile:
    """The archive of a file of some ``kind``, such as "Word". Raises ReadError."""
    if raw.startswith(_OLD_OFFICE):
        raise ReadError(
            path,
            "it is protected by a password or in the format of before 2007: save it as .docx, "
            "without a password",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ReadError(path, f"it is no {kind} file, or is cut short: get it again") from error
    for member in members:
        times = member.file_size / max(member.compress_size, 1)
        if member.file_size > _LARGE and times > _MOST_TIMES:
            raise ReadError(
                path, f"'{member.filename}' in it unpacks to {times:,.0f} times its size"
            )
    total = sum(member.file_size for member in members)
    if total > LARGEST:
        raise ReadError(path, f"it unpacks to {total:,} bytes, over {LARGEST:,}: divide it")
    return archive
