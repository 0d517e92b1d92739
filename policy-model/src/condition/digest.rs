//! By what a condition is known in what is recorded of a decision: a hash of what it says.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::json::Value;

/// 96 bits of SHA-256 over path, operator and expected value. Two conditions that say the same in the same words have the same one,
/// in every policy and version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionDigest([u8; ConditionDigest::BYTES]);

impl ConditionDigest {
    pub(crate) const BYTES: usize = 12;

    /// The digest of what is written: the value in its canonical form, or the path at which it stands.
    pub(crate) fn of(
        path: &str,
        operator: &str,
        value: Option<Value<'_>>,
        value_path: Option<&str>,
    ) -> ConditionDigest {
        let value = value.map(|value| value.canonical().unwrap_or_else(|_| value.text().to_owned()));
        let mut hash = Sha256::new_with_prefix(b"tenantgate condition 1");
        for part in [Some(path), Some(operator), value.as_deref(), value_path] {
            // What is not there is told from what is empty.
            hash.update((part.map_or(u64::MAX, |part| part.len() as u64)).to_be_bytes());
            hash.update(part.unwrap_or_default());
        }
        let mut digest = [0; ConditionDigest::BYTES];
        digest.iter_mut().zip(hash.finalize()).for_each(|(own, byte)| *own = byte);
        ConditionDigest(digest)
    }

    /// The digest of a condition of a policy document; none of what is no condition.
    pub fn of_written(condition: Value<'_>) -> Option<ConditionDigest> {
        let text = |name| condition.get(name).and_then(Value::as_str);
        let value_path = text("valuePath");
        Some(ConditionDigest::of(&text("path")?, &text("operator")?, condition.get("value"), value_path.as_deref()))
    }

    pub(crate) fn of_bytes(bytes: [u8; ConditionDigest::BYTES]) -> ConditionDigest {
        ConditionDigest(bytes)
    }
}

/// 24 hexadecimal digits.
impl fmt::Display for ConditionDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for ConditionDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
