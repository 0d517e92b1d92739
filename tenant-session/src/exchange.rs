//! The exchange at AWS STS, and what its answer must say.

mod answer;
mod fault;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sts::Client;
use aws_sdk_sts::types::Tag;
use interceptors::identity::Identified;

use crate::credentials::TenantCredentials;
use crate::role_arn::RoleArn;
use crate::tag_claims::TENANT_TAG;
use answer::Answer;
pub use fault::ExchangeFault;

/// How a tenant's session is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExchangeMode {
    /// AssumeRole, with this program's own credentials: this program sets the tenant.
    #[value(name = "ASSUME_ROLE")]
    AssumeRole,
    /// AssumeRoleWithWebIdentity, with the user's own token: the identity provider sets the tenant.
    #[value(name = "WEB_IDENTITY")]
    WebIdentity,
}

impl ExchangeMode {
    /// Its name on the command line and in the log.
    pub fn name(self) -> &'static str {
        match self {
            ExchangeMode::AssumeRole => "ASSUME_ROLE",
            ExchangeMode::WebIdentity => "WEB_IDENTITY",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ExchangeSettings {
    /// How.
    pub mode: ExchangeMode,
    /// The role.
    pub role: RoleArn,
    /// How long a session lives, from [`DURATION_SECONDS_MIN`] to [`DURATION_SECONDS_MAX`].
    pub duration_seconds: u32,
    /// Bound on one exchange, retries included.
    pub timeout: Duration,
}

/// Asks AWS STS.
#[derive(Debug)]
pub struct Exchange {
    settings: ExchangeSettings,
    client: Client,
}

impl Exchange {
    /// An exchange that has asked nothing yet.
    pub fn new(settings: ExchangeSettings, aws: &SdkConfig) -> Exchange {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.timeout / ATTEMPTS_MAX)
            .operation_attempt_timeout(settings.timeout / ATTEMPTS_MAX)
            .operation_timeout(settings.timeout)
            .build();
        let config = aws_sdk_sts::config::Builder::from(aws)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX).with_initial_backoff(BACKOFF));
        Exchange { settings, client: Client::from_conf(config.build()) }
    }

    /// How sessions are asked for.
    pub fn mode(&self) -> ExchangeMode {
        self.settings.mode
    }

    /// Credentials of a new session for the tenant of a caller. `token` is the caller's own, for [`ExchangeMode::WebIdentity`];
    /// its tags have been checked.
    ///
    /// # Errors
    /// [`ExchangeFault`]: none, or none that are what was asked for.
    pub async fn credentials(
        &self,
        identified: &Identified,
        token: &str,
        unix_now: u64,
    ) -> Result<TenantCredentials, ExchangeFault> {
        let source_identity = identified.subject_hash();
        let name = session_name(&source_identity);
        let answer = match self.settings.mode {
            ExchangeMode::AssumeRole => self.assume(identified, &name, &source_identity).await?,
            ExchangeMode::WebIdentity => self.assume_with_token(token, &name).await?,
        };
        let source_identity = match self.settings.mode {
            ExchangeMode::AssumeRole => Some(source_identity.as_str()),
            // The token's own, if any.
            ExchangeMode::WebIdentity => None,
        };
        let subject = identified.caller.claims.root().get("sub").and_then(|subject| subject.as_str());
        let expected = answer::Expected {
            session: &self.settings.role.session(&name),
            source_identity,
            subject: subject.as_deref(),
            unix_now,
            duration_seconds: self.settings.duration_seconds,
        };
        answer.check(&expected)
    }

    async fn assume(
        &self,
        identified: &Identified,
        name: &str,
        source_identity: &str,
    ) -> Result<Answer, ExchangeFault> {
        let tag = Tag::builder().key(TENANT_TAG).value(identified.tenant.as_str()).build();
        let answer = self
            .client
            .assume_role()
            .role_arn(self.settings.role.as_str())
            .role_session_name(name)
            .source_identity(source_identity)
            .tags(tag.map_err(|_| ExchangeFault::Request)?)
            .transitive_tag_keys(TENANT_TAG)
            .duration_seconds(self.duration())
            .send()
            .await
            .map_err(|error| ExchangeFault::of(&error))?;
        Ok(Answer {
            credentials: answer.credentials,
            user: answer.assumed_role_user,
            source_identity: answer.source_identity,
            subject: None,
        })
    }

    async fn assume_with_token(&self, token: &str, name: &str) -> Result<Answer, ExchangeFault> {
        let answer = self
            .client
            .assume_role_with_web_identity()
            .role_arn(self.settings.role.as_str())
            .role_session_name(name)
            .web_identity_token(token)
            .duration_seconds(self.duration())
            .send()
            .await
            .map_err(|error| ExchangeFault::of(&error))?;
        Ok(Answer {
            credentials: answer.credentials,
            user: answer.assumed_role_user,
            source_identity: answer.source_identity,
            subject: answer.subject_from_web_identity_token,
        })
    }

    fn duration(&self) -> i32 {
        i32::try_from(self.settings.duration_seconds).unwrap_or(i32::MAX)
    }
}

/// The name of a caller's sessions, in CloudTrail and in the ARN of whoever uses them: the beginning of what audit lines call the subject.
pub(crate) fn session_name(subject_hash: &str) -> String {
    format!("tenantgate-{}", subject_hash.get(..16).unwrap_or(subject_hash))
}

/// AWS gives no shorter sessions.
pub const DURATION_SECONDS_MIN: u32 = 900;

/// AWS gives no longer ones to a role that assumes another (role chaining).
pub const DURATION_SECONDS_MAX: u32 = 3600;

/// Longest time for an exchange.
pub const EXCHANGE_TIME_MAX: Duration = Duration::from_secs(5);

/// One retry.
const ATTEMPTS_MAX: u32 = 2;

const BACKOFF: Duration = Duration::from_millis(50);
