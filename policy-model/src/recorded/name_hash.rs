//! What stands for a name.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The first 64 bits of the SHA-256 over `<kind>:<name>`. Whoever guesses a name can check the guess, as with the subject of an audit
/// line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameHash([u8; NameHash::BYTES]);

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A user, as `principals.users` of a rule says it.
    User,
    /// An agent.
    Agent,
    /// A role.
    Role,
    /// A workspace.
    Workspace,
    /// A scope.
    Scope,
}

impl NameKind {
    fn word(self) -> &'static str {
        match self {
            NameKind::User => "user",
            NameKind::Agent => "agent",
            NameKind::Role => "role",
            NameKind::Workspace => "workspace",
            NameKind::Scope => "scope",
        }
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl NameHash {
    pub(crate) const BYTES: usize = 8;

    /// The hash of a name.
    pub fn of(kind: NameKind, name: &str) -> NameHash {
        NameHash::over(&[kind.word(), ":", name])
    }

    /// The hash of these texts, one after the other.
    pub(crate) fn over(texts: &[&str]) -> NameHash {
        let mut hash = Sha256::new();
        texts.iter().for_each(|text| hash.update(text));
        let mut own = [0; NameHash::BYTES];
        own.iter_mut().zip(hash.finalize()).for_each(|(own, byte)| *own = byte);
        NameHash(own)
    }

    pub(crate) fn of_bytes(bytes: [u8; NameHash::BYTES]) -> NameHash {
        NameHash(bytes)
    }
}

/// 16 hexadecimal digits.
impl fmt::Display for NameHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for NameHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
