"""An object storage by its URL, through fsspec: s3://bucket/folder, gs://…, abfs://…, file:///folder; memory:// for tests.

Keys are relative to the URL. Whatever a storage raises is told as a BackendError with its address and the remedy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import BackendError, ConfigError

_FORM = "a URL such as s3://bucket/folder, gs://bucket/folder or file:///shared/folder"


def _opened(url: str) -> tuple[Any, str]:
    """fsspec's file system and the root in it. Errors: ConfigError for what is no URL; BackendError for a missing package."""
    try:
        from fsspec.core import url_to_fs
        from fsspec.utils import get_protocol
    except ImportError as error:
        raise BackendError("An exchange by storage needs one more package: pip install 'stresstest[dask]'", key="--exchange",
                           value=url) from error  # fmt: skip
    if "://" not in url:
        raise ConfigError("The exchange is not a URL.", key="--exchange", value=url, expected=_FORM)
    try:
        system, root = url_to_fs(url, **({"auto_mkdir": True} if get_protocol(url) == "file" else {}))
    except ImportError as error:
        raise BackendError(f"The exchange needs one more package. {error}.", key="--exchange", value=url,
                           expected="on every machine s3fs for s3://, gcsfs for gs://, adlfs for abfs://") from error  # fmt: skip
    except ValueError as error:
        raise ConfigError(f"The exchange cannot be used: {error}.", key="--exchange", value=url, expected=_FORM) from error
    return system, str(root).rstrip("/")


class Storage:
    """A folder of an object storage. Errors of every method: BackendError naming the URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._system, self._root = _opened(url)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell whatever the storage raises as one kind of error."""
        try:
            yield
        except BackendError:
            raise
        except Exception as error:  # every storage has errors of its own
            raise BackendError(
                f"The exchange refused: {type(error).__name__}: {error}. Finished chunks are kept: run again with --resume.",
                key="--exchange", value=self.url,
                expected="a storage that every machine may read and write; credentials in the environment",
            ) from error  # fmt: skip

    def write(self, key: str, content: bytes) -> None:
        """Store a small object."""
        with self._told():
            self._system.pipe_file(self._path(key), content)

    def read(self, key: str) -> bytes:
        """A small object."""
        with self._told():
            return bytes(self._system.cat_file(self._path(key)))

    def send(self, path: Path, key: str) -> None:
        """Store a file."""
        with self._told():
            self._system.put_file(os.fspath(path), self._path(key))

    def fetch(self, key: str, path: Path) -> None:
        """Write an object to a file."""
        with self._told():
            self._system.get_file(self._path(key), os.fspath(path))

    def keys(self) -> list[str]:
        """Every key below the URL, sorted; nothing where nothing was stored."""
        with self._told():
            self._system.invalidate_cache()
            if not self._system.exists(self._root):
                return []
            start = len(self._root.rstrip("/")) + 1
            return sorted(str(path)[start:] for path in self._system.find(self._root))

    def remove(self, keys: Sequence[str]) -> None:
        """Delete objects; one that is gone already is no error."""
        for key in keys:
            with self._told():
                try:
                    self._system.rm_file(self._path(key))
                except FileNotFoundError:
                    continue

    def clear(self) -> None:
        """Delete everything below the URL."""
        with self._told():
            self._system.invalidate_cache()
            if self._system.exists(self._root):
                self._system.rm(self._root, recursive=True)


def try_url(url: str, token: str) -> None:
    """Read the token that lies at the URL, and write and delete an object beside it. Errors: BackendError."""
    storage = Storage(url)
    storage.read(token)
    own = f"{token}.{os.getpid()}-{os.urandom(4).hex()}"
    storage.write(own, b"")
    storage.remove([own])
