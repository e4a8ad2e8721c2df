"""Which files never enter the safety store, by their names: those that hold secrets."""

from __future__ import annotations

from fnmatch import fnmatchcase

_NEVER = (
    ".env*", "*.env",
    "*.pem", "*.key", "*.p12", "*.pfx", "*.ppk", "*.jks", "*.keystore", "*.kdbx", "*.gpg",
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*",
    ".netrc", "_netrc", ".pgpass", ".htpasswd", ".npmrc", ".pypirc", ".git-credentials",
    "credentials", "credentials.json", "credentials.y*ml", "secrets.json", "secrets.y*ml", "secrets.toml",
    "*.tfstate", "*.tfvars",
    ".ssh", ".gnupg", ".aws", ".azure", ".kube",
)  # fmt: skip


def is_private(path: str) -> bool:
    """Whether a file, or a folder it lies in, has a name that secrets have."""
    return any(fnmatchcase(part.lower(), pattern) for part in path.split("/") for pattern in _NEVER)
