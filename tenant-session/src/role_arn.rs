//! The role that tenants' sessions assume.

use std::fmt;
use std::str::FromStr;

/// The ARN of an IAM role: `arn:<partition>:iam::<account>:role/<path/><name>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    partition: String,
    account: String,
    name: String,
}

/// A text that is no such ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRoleArn;

impl RoleArn {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What AWS STS calls whoever is in a session of the role. The role's path is not part of it.
    pub fn session(&self, name: &str) -> String {
        format!("arn:{}:sts::{}:assumed-role/{}/{name}", self.partition, self.account, self.name)
    }
}

impl FromStr for RoleArn {
    type Err = InvalidRoleArn;

    fn from_str(text: &str) -> Result<RoleArn, InvalidRoleArn> {
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return Err(InvalidRoleArn) };
        let path = resource.strip_prefix("role/").ok_or(InvalidRoleArn)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_partition =
            partition.starts_with("aws") && partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte));
        let is_role = !name.is_empty() && name.len() <= NAME_CHARACTERS_MAX && path.split('/').all(is_name);
        if !(is_partition && is_account && is_role && text.len() <= ARN_BYTES_MAX) {
            return Err(InvalidRoleArn);
        }
        Ok(RoleArn {
            text: text.to_owned(),
            partition: (*partition).to_owned(),
            account: (*account).to_owned(),
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for InvalidRoleArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not the ARN of a role; expected arn:aws:iam::123456789012:role/name")
    }
}

impl std::error::Error for InvalidRoleArn {}

/// IAM's own bounds.
const NAME_CHARACTERS_MAX: usize = 64;
const ARN_BYTES_MAX: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_the_roles_name_without_its_path() {
        for role in ["arn:aws:iam::123456789012:role/tenant", "arn:aws:iam::123456789012:role/a/b/tenant"] {
            let role: RoleArn = role.parse().unwrap();
            assert_eq!(role.session("s"), "arn:aws:sts::123456789012:assumed-role/tenant/s");
        }
        let role: RoleArn = "arn:aws-us-gov:iam::123456789012:role/tenant".parse().unwrap();
        assert_eq!(role.session("s"), "arn:aws-us-gov:sts::123456789012:assumed-role/tenant/s");
    }

    #[test]
    fn what_is_not_a_role_is_refused() {
        for text in [
            "",
            "tenant",
            "arn:aws:iam::123456789012:user/tenant",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role/a/",
            "arn:aws:iam::12345678901:role/tenant",
            "arn:aws:iam:eu-central-1:123456789012:role/tenant",
            "arn:aws:sts::123456789012:assumed-role/tenant/s",
            "arn:aws:iam::123456789012:role/ten ant",
            "arn:aws:iam::123456789012:role/tenant:x",
            "arn:other:iam::123456789012:role/tenant",
        ] {
            assert_eq!(text.parse::<RoleArn>(), Err(InvalidRoleArn), "{text}");
        }
    }
}
