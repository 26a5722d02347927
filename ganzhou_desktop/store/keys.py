"""Keys: Ed25519 key pairs, where the private half of this user's keys lies, and 恢复单 codes of founding keys."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from ganzhou_desktop import paths
from ganzhou_desktop.domain.canonical import HEX64, crockford, from_crockford, sha256_hex
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.store.engine import os_failure

Signed: TypeAlias = tuple[str, bytes, bytes]
"""Site, signature, message."""

_CORES = min(os.cpu_count() or 1, 8)
_FEW = 48
"""Fewer are checked sooner than threads are woken."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A site is its public key (hex); `secret` never leaves this process but into the key folder."""

    site: str
    secret: bytes

    def sign(self, message: bytes) -> bytes:
        return SigningKey(self.secret).sign(message).signature


def new_key() -> KeyPair:
    return _pair(bytes(SigningKey.generate()))


def _pair(secret: bytes) -> KeyPair:
    return KeyPair(bytes(SigningKey(secret).verify_key).hex(), secret)


def verify(site: str, signature: bytes, message: bytes) -> bool:
    """Whether `signature` over `message` is by the key `site` (64 hex digits)."""
    try:
        _public_key(site).verify(message, signature)
    except (CryptoError, ValueError):  # a signature that does not fit, or is not of 64 bytes
        return False
    return True


def verify_many(signed: Sequence[Signed]) -> list[bool]:
    """`verify` of each; many at once on all cores, for libsodium lets other threads run while it checks."""
    if len(signed) < _FEW:
        return [verify(*one) for one in signed]
    size = -(-len(signed) // _CORES)
    parts = [signed[n : n + size] for n in range(0, len(signed), size)]
    with ThreadPoolExecutor(_CORES, thread_name_prefix="signatures") as pool:
        return [ok for part in pool.map(_verify_each, parts) for ok in part]


def _verify_each(signed: Sequence[Signed]) -> list[bool]:
    return [verify(*one) for one in signed]


@lru_cache(maxsize=256)
def _public_key(site: str) -> VerifyKey:
    return VerifyKey(bytes.fromhex(site))


def _key_file(ledger: str, scope: str) -> Path:
    return paths.keys_dir() / f"{ledger[:32]}-{scope}.key"


def load_key(ledger: str, scope: str) -> KeyPair | None:
    """This user's key for (ledger, unit or `all` for a seat); None when there is none here."""
    file = _key_file(ledger, scope)
    try:
        held = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise os_failure(exc, file) from exc
    except ValueError as exc:
        raise _damaged(file) from exc
    try:
        if held["ledger"] != ledger or not HEX64.match(held["secret"]):
            raise _damaged(file)
        return _pair(bytes.fromhex(held["secret"]))
    except (KeyError, TypeError) as exc:
        raise _damaged(file) from exc


def _damaged(file: Path) -> EnvironmentFailed:
    return EnvironmentFailed(
        "bad_key_file", f"本机的身份文件“{file.name}”已损坏，暂时不能写入台账；请把它移走后重新接收下发副本。"
    )


def store_key(ledger: str, scope: str, pair: KeyPair) -> None:
    """Keep a key in the user's profile; refuses to replace another one."""
    file = _key_file(ledger, scope)
    try:
        if file.exists():
            raise EnvironmentFailed("key_exists", "本机已经有这本台账的身份文件，没有覆盖它。")
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            temporary.unlink(missing_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                json.dump({"ledger": ledger, "scope": scope, "secret": pair.secret.hex()}, out)
                out.flush()
                os.fsync(out.fileno())
            paths.put_in_place(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as exc:
        raise os_failure(exc, file) from exc


def key_for(ledger: str, scope: str) -> KeyPair:
    """This user's key for the scope, made now if there is none yet."""
    pair = load_key(ledger, scope)
    if pair is None:
        pair = new_key()
        store_key(ledger, scope, pair)
    return pair


def recovery_code(pair: KeyPair) -> str:
    """恢复单: the founding secret and a check of it, as 14 groups of four characters."""
    text = crockford(pair.secret + _check(pair.secret))
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def from_recovery_code(typed: str) -> KeyPair:
    """The founding key typed from the 恢复单; RuleBroken on a typing error."""
    data = from_crockford(typed, 35)
    secret, check = data[:32], data[32:]
    if _check(secret) != check:
        raise RuleBroken("bad_code", "恢复单代码对不上，多半是抄错了一处；请逐组核对后重新输入。")
    return _pair(secret)


def _check(secret: bytes) -> bytes:
    return bytes.fromhex(sha256_hex(b"gz-recovery-1\n" + secret))[:3]


def drop_key(ledger: str, scope: str) -> None:
    """Forget a key of this user's profile; nothing happens when there is none."""
    file = _key_file(ledger, scope)
    try:
        file.unlink(missing_ok=True)
    except OSError as exc:
        raise os_failure(exc, file) from exc
