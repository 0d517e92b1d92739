//! Credentials of a tenant's session, and the two forms in which AWS SDKs read them.

use std::fmt;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Temporary credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct TenantCredentials {
    /// Public: AWS's own logs show it.
    pub access_key_id: String,
    /// Secret.
    pub secret_access_key: String,
    /// Secret.
    pub session_token: String,
    /// When AWS stops taking them, in seconds since 1970.
    pub expires: u64,
}

impl TenantCredentials {
    /// What a `credential_process` prints (AWS SDKs and Tools Reference Guide, "Process credential provider").
    pub fn process_document(&self) -> Value {
        json!({
            "Version": 1,
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret_access_key,
            "SessionToken": self.session_token,
            "Expiration": timestamp(self.expires),
        })
    }

    /// What a container endpoint answers (the same guide, "Container credential provider"); its name for the token is another.
    pub fn container_document(&self) -> Value {
        json!({
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret_access_key,
            "Token": self.session_token,
            "Expiration": timestamp(self.expires),
        })
    }
}

/// A time as ISO 8601 in UTC, from seconds since 1970; the last second that there is for one beyond all calendars.
pub(crate) fn timestamp(unix: u64) -> String {
    let known = i64::try_from(unix).ok().and_then(|unix| OffsetDateTime::from_unix_timestamp(unix).ok());
    known.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_else(|| LAST.to_owned())
}

/// Says nothing of what they are.
impl fmt::Debug for TenantCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TenantCredentials").field("expires", &self.expires).finish_non_exhaustive()
    }
}

const LAST: &str = "9999-12-31T23:59:59Z";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_forms_have_the_names_that_sdks_read() {
        let credentials = TenantCredentials {
            access_key_id: "ASIA".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: "token".to_owned(),
            expires: 1_795_000_000,
        };
        let expiration = "2026-11-18T11:06:40Z";
        assert_eq!(
            credentials.process_document(),
            json!({"Version": 1, "AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token",
                   "Expiration": expiration})
        );
        assert_eq!(
            credentials.container_document(),
            json!({"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "Token": "token", "Expiration": expiration})
        );
        assert!(!format!("{credentials:?}").contains("secret"), "{credentials:?}");
        assert_eq!(timestamp(u64::MAX), LAST);
    }
}
