//! The `iam` part of the settings document: which AWS principals may call, as which registered client.

use serde::Deserialize;

use crate::iam::{ArnPattern, IamPrincipal, IamPrincipals};

/// The part as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct IamDocument {
    principals: Vec<IamPrincipalDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IamPrincipalDocument {
    arn: String,
    client: String,
}

impl IamDocument {
    pub(super) fn check(self) -> Result<IamPrincipals, String> {
        if self.principals.is_empty() {
            return Err("iam.principals: empty list; name some, or leave `iam` out".to_owned());
        }
        if self.principals.len() > PRINCIPALS_MAX {
            return Err(format!("iam.principals: more than {PRINCIPALS_MAX}"));
        }
        let mut principals = Vec::new();
        for (index, written) in self.principals.into_iter().enumerate() {
            let wrong = |what: String| format!("iam.principals[{index}].{what}");
            let pattern =
                ArnPattern::parse(&written.arn).map_err(|what| wrong(format!("arn: {:?} {what}", written.arn)))?;
            let subject = policy_registry::client_subject(&written.client).ok_or_else(|| {
                wrong(format!(
                    "client: {:?} is not 1 to 249 printable ASCII characters without space , ; \" \\",
                    written.client
                ))
            })?;
            principals.push(IamPrincipal { pattern, subject });
        }
        Ok(IamPrincipals::new(principals))
    }
}

/// Most patterns.
const PRINCIPALS_MAX: usize = 1_000;
