//! A version of a policy as it is named on the command line: `acme@3`, `acme@active`, `acme@shadow`, `acme@0123abcd`, `*@2`.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use policy_registry::operate::{OperateError, PolicyScope, VersionName};
use policy_registry::record::PolicyVersion;

use crate::operator_desk::{Desk, scope, scope_word};

/// A version of somebody's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionReference {
    pub(crate) scope: PolicyScope,
    pub(crate) version: Named,
}

/// Which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The one that the text does not name: it had no `@`.
    Unsaid,
    Active,
    Shadow,
    Number(u64),
    Sha256(String),
}

impl FromStr for VersionReference {
    type Err = String;

    fn from_str(text: &str) -> Result<VersionReference, String> {
        let (tenant, version) = match text.split_once('@') {
            None => (text, Named::Unsaid),
            Some((tenant, version)) => (tenant, version.parse()?),
        };
        Ok(VersionReference { scope: scope(tenant)?, version })
    }
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Named, String> {
        let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        match text {
            "active" => return Ok(Named::Active),
            "shadow" => return Ok(Named::Shadow),
            _ => {}
        }
        if text.len() < SHA256_DIGITS_MIN {
            let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
            if let Some(number) = number.filter(|number| *number > 0) {
                return Ok(Named::Number(number));
            }
        } else if text.len() <= 64 && is_hexadecimal {
            return Ok(Named::Sha256(text.to_owned()));
        }
        Err(format!(
            "after @ there must be the number of a version, {SHA256_DIGITS_MIN} or more digits of its SHA-256, active or shadow"
        ))
    }
}

impl fmt::Display for VersionReference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenant = scope_word(&self.scope);
        match &self.version {
            Named::Unsaid => write!(out, "{tenant}"),
            Named::Active => write!(out, "{tenant}@active"),
            Named::Shadow => write!(out, "{tenant}@shadow"),
            Named::Number(number) => write!(out, "{tenant}@{number}"),
            Named::Sha256(digits) => write!(out, "{tenant}@{digits}"),
        }
    }
}

impl VersionReference {
    /// What an argument that may also be a file means: a file wins.
    pub(crate) fn unless_file(text: &str) -> Option<VersionReference> {
        if !text.contains('@') || Path::new(text).exists() {
            return None;
        }
        text.parse().ok()
    }

    /// The version with its document; the one in force where none is named.
    pub(crate) async fn read(&self, desk: &Desk) -> Result<PolicyVersion, OperateError> {
        let name = match &self.version {
            Named::Unsaid | Named::Active => VersionName::Active,
            Named::Number(number) => VersionName::Number(*number),
            Named::Sha256(digits) => VersionName::Sha256(digits.clone()),
            Named::Shadow => {
                let state = desk.operator.policy_state(&self.scope).await?;
                let none = || OperateError::NotFound(format!("a version that is the shadow of {}", self.scope));
                VersionName::Number(state.shadow_version.ok_or_else(none)?)
            }
        };
        desk.operator.version(&self.scope, &name).await
    }

    /// The number of the version.
    pub(crate) async fn number(&self, desk: &Desk) -> Result<u64, OperateError> {
        match &self.version {
            Named::Number(number) => Ok(*number),
            Named::Unsaid | Named::Active | Named::Shadow | Named::Sha256(_) => Ok(self.read(desk).await?.version),
        }
    }
}

const SHA256_DIGITS_MIN: usize = 8;

#[cfg(test)]
mod tests {
    use super::{Named, VersionReference};

    #[test]
    fn what_is_written_is_what_is_read() {
        for text in ["acme", "acme@3", "acme@active", "*@shadow", "a.b-c_1@0123abcd", "9@12345678"] {
            assert_eq!(text.parse::<VersionReference>().unwrap().to_string(), text);
        }
        let version = |text: &str| text.parse::<VersionReference>().unwrap().version;
        assert_eq!(version("acme@1234567"), Named::Number(1_234_567));
        assert_eq!(version("acme@12345678"), Named::Sha256("12345678".to_owned()));
    }

    #[test]
    fn what_names_no_version_is_refused() {
        let long = format!("acme@{}", "a".repeat(65));
        for text in [
            "",
            "@3",
            "acme@",
            "acme@0",
            "acme@-1",
            "acme@+1",
            "acme@3@4",
            "acme@Active",
            "acme@ABCDEF01",
            "ac me@3",
            "**@1",
            "a\u{1b}@1",
            &long,
        ] {
            assert!(text.parse::<VersionReference>().is_err(), "{text}");
        }
    }
}
