"""Which file a script wanted from an address that does not answer, and where it belongs."""

import os
import re
import traceback

_FAILED = {"URLError", "HTTPError", "ContentTooShortError", "ConnectionError", "TimeoutError",
           "gaierror", "RequestException", "RemoteDisconnected"}
# (function, part of its file's path) -> its names of the address, and of the file.
_LOADERS = {("urlretrieve", "urllib"): ("url", "filename"), ("urlopen", "urllib"): ("url", None),
            ("retrieve", "urllib"): ("fullurl", "filename"), ("get_file", "keras"): (
                "origin", "fpath"), ("request", "requests"): ("url", None),
            ("download", "wget"): ("url", "out")}


def cause_of(error):
    """A line that names the address and the file, or None of an error of another kind."""
    if not _is_of_a_download(error):
        return None
    address, path = _wanted(error)
    if address is None:
        return None
    named = path or os.path.basename(address.partition("?")[0]) or "the file"
    where = f"save it as {path}" if path else "save it, and give the script its path"
    return (f"the script wants {named} from {address}, which could not be loaded; the address may "
            f"be gone: {where}")


def _is_of_a_download(error):
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & _FAILED) or re.match(r"URL fetch failure on", str(error)) is not None


def _wanted(error):
    """(Address, file) of the outermost function that loads one; None where it is not known."""
    found = None, None
    while error is not None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            names = _LOADERS.get((frame.f_code.co_name, _package(frame.f_code.co_filename)))
            if names is not None and found[0] is None:
                address, path = [frame.f_locals.get(name) if name else None for name in names]
                address = getattr(address, "full_url", address)
                found = (address if isinstance(address, str) else None,
                         os.fspath(path) if isinstance(path, (str, os.PathLike)) else None)
        error = error.__cause__ or error.__context__
    return found


def _package(path):
    parts = path.split(os.sep)
    for package in ("urllib", "keras", "requests", "wget"):
        if package in parts or any(part in (f"{package}.py", f"tf_{package}") for part in parts):
            return package
    return ""
