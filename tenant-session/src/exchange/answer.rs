//! What AWS STS answered, held against what it was asked.

use aws_sdk_sts::types::{AssumedRoleUser, Credentials};

use super::ExchangeFault;
use crate::credentials::TenantCredentials;

/// The answer, to either question.
pub(super) struct Answer {
    pub(super) credentials: Option<Credentials>,
    pub(super) user: Option<AssumedRoleUser>,
    pub(super) source_identity: Option<String>,
    pub(super) subject: Option<String>,
}

/// What it must say.
pub(super) struct Expected<'e> {
    /// The ARN of the session.
    pub(super) session: &'e str,
    pub(super) source_identity: Option<&'e str>,
    /// The subject of the user's token.
    pub(super) subject: Option<&'e str>,
    pub(super) unix_now: u64,
    pub(super) duration_seconds: u32,
}

impl Answer {
    /// Takes credentials of exactly the session that was asked for.
    pub(super) fn check(self, expected: &Expected<'_>) -> Result<TenantCredentials, ExchangeFault> {
        let wrong = |what: &'static str| Err(ExchangeFault::Answer(what));
        if self.user.is_none_or(|user| user.arn != expected.session) {
            return wrong("STS answered for another role or session than was asked for");
        }
        let is_other =
            |told: Option<String>, asked: Option<&str>| told.zip(asked).is_some_and(|(told, asked)| told != asked);
        if is_other(self.source_identity, expected.source_identity) {
            return wrong("STS answered for another source identity than was asked for");
        }
        if is_other(self.subject, expected.subject) {
            return wrong("STS answered for another user than the token's");
        }
        let Some(credentials) = self.credentials else { return wrong("STS answered without credentials") };
        let Credentials { access_key_id, secret_access_key, session_token, expiration, .. } = credentials;
        if [&access_key_id, &secret_access_key, &session_token].iter().any(|part| part.is_empty()) {
            return wrong("STS answered with credentials of which a part is empty");
        }
        let expires = u64::try_from(expiration.secs()).unwrap_or(0);
        if expires <= expected.unix_now {
            return wrong("STS answered with credentials that have expired; check this machine's clock");
        }
        let latest = expected.unix_now + u64::from(expected.duration_seconds) + CLOCK_TOLERANCE_SECONDS;
        if expires > latest {
            return wrong(
                "STS answered with credentials that live longer than was asked for; check this machine's clock",
            );
        }
        Ok(TenantCredentials { access_key_id, secret_access_key, session_token, expires })
    }
}

/// By so much this machine's clock may be behind that of STS; AWS takes no signatures that are further off.
const CLOCK_TOLERANCE_SECONDS: u64 = 300;

#[cfg(test)]
mod tests {
    use aws_sdk_sts::primitives::DateTime;

    use super::*;

    const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/tenant/tenantgate-0011223344556677";

    fn answer() -> Answer {
        let credentials = Credentials::builder()
            .access_key_id("ASIA")
            .secret_access_key("secret")
            .session_token("token")
            .expiration(DateTime::from_secs(1_900));
        let user = AssumedRoleUser::builder().assumed_role_id("AROA:x").arn(SESSION);
        Answer {
            credentials: Some(credentials.build().unwrap()),
            user: Some(user.build().unwrap()),
            source_identity: Some("0011".to_owned()),
            subject: Some("alice".to_owned()),
        }
    }

    fn check(change: impl FnOnce(&mut Answer)) -> Result<TenantCredentials, ExchangeFault> {
        let mut answer = answer();
        change(&mut answer);
        answer.check(&Expected {
            session: SESSION,
            source_identity: Some("0011"),
            subject: Some("alice"),
            unix_now: 1_000,
            duration_seconds: 900,
        })
    }

    fn expiring(answer: &mut Answer, expires: i64) {
        answer.credentials.as_mut().unwrap().expiration = DateTime::from_secs(expires);
    }

    #[test]
    fn what_was_asked_for_is_taken() {
        assert_eq!(check(|_| ()).unwrap().expires, 1_900);
        assert!(check(|answer| (answer.source_identity, answer.subject) = (None, None)).is_ok());
        assert!(check(|answer| expiring(answer, 2_200)).is_ok());
    }

    #[test]
    fn anything_else_is_refused() {
        let changes: [fn(&mut Answer); 9] = [
            |answer| answer.user.as_mut().unwrap().arn = SESSION.replace("/tenant/", "/other/"),
            |answer| answer.user.as_mut().unwrap().arn = SESSION.replace("77", "78"),
            |answer| answer.user = None,
            |answer| answer.source_identity = Some("0012".to_owned()),
            |answer| answer.subject = Some("bob".to_owned()),
            |answer| answer.credentials = None,
            |answer| answer.credentials.as_mut().unwrap().session_token.clear(),
            |answer| expiring(answer, 1_000),
            |answer| expiring(answer, 2_201),
        ];
        for (index, change) in changes.into_iter().enumerate() {
            assert!(matches!(check(change), Err(ExchangeFault::Answer(_))), "{index}");
        }
    }
}
