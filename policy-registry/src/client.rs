//! The DynamoDB client of a Lambda: nothing is built before the first lookup, and nothing that a Lambda does not need.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Region, SharedHttpClient};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// Where the table is and how long one lookup may take.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Another address than AWS's own, for a local DynamoDB.
    pub endpoint_url: Option<String>,
    /// Bound on one lookup, retries included.
    pub timeout: Duration,
    /// Region and credentials.
    pub aws: AwsEnvironment,
}

/// What Lambda puts into a function's environment.
#[derive(Clone, Default)]
pub struct AwsEnvironment {
    /// `AWS_REGION`.
    pub region: Option<String>,
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: Option<String>,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: Option<String>,
    /// `AWS_SESSION_TOKEN`.
    pub session_token: Option<String>,
}

impl AwsEnvironment {
    /// Reads the process's environment. Lambda sets these once for the life of an execution environment.
    pub fn of_process() -> AwsEnvironment {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        AwsEnvironment {
            region: read("AWS_REGION"),
            access_key_id: read("AWS_ACCESS_KEY_ID"),
            secret_access_key: read("AWS_SECRET_ACCESS_KEY"),
            session_token: read("AWS_SESSION_TOKEN"),
        }
    }
}

impl std::fmt::Debug for AwsEnvironment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AwsEnvironment").field("region", &self.region).finish_non_exhaustive()
    }
}

/// Region or credentials are missing: the variable that is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingVariable(pub &'static str);

/// Builds the client of a Lambda.
///
/// # Errors
/// [`MissingVariable`] if the environment lacks region or credentials.
pub fn build(settings: &ClientSettings) -> Result<Client, MissingVariable> {
    let aws = &settings.aws;
    let region = aws.region.clone().ok_or(MissingVariable("AWS_REGION"))?;
    let credentials = Credentials::new(
        aws.access_key_id.clone().ok_or(MissingVariable("AWS_ACCESS_KEY_ID"))?,
        aws.secret_access_key.clone().ok_or(MissingVariable("AWS_SECRET_ACCESS_KEY"))?,
        aws.session_token.clone(),
        None,
        "environment",
    );
    Ok(build_with(settings, Region::new(region), credentials))
}

/// Builds the client of a program outside Lambda: region and credentials come from whatever chain it has, and
/// [`AwsEnvironment`] counts for nothing.
pub fn build_with(settings: &ClientSettings, region: Region, credentials: impl ProvideCredentials + 'static) -> Client {
    let timeouts = TimeoutConfig::builder()
        // Half the time each: a connection that died while the function was frozen leaves room for a second attempt.
        .connect_timeout(settings.timeout / ATTEMPTS_MAX)
        .operation_attempt_timeout(settings.timeout / ATTEMPTS_MAX)
        .operation_timeout(settings.timeout)
        .build();
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX).with_initial_backoff(BACKOFF);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(region)
        .credentials_provider(credentials)
        .http_client(http_client(settings.endpoint_url.as_deref()))
        .timeout_config(timeouts)
        .retry_config(retries);
    let config = match &settings.endpoint_url {
        Some(url) => config.endpoint_url(url),
        None => config,
    };
    Client::from_conf(config.build())
}

/// A plain client for a plain address; TLS, with the machine's root certificates, for all else.
pub fn http_client(endpoint_url: Option<&str>) -> SharedHttpClient {
    match endpoint_url {
        Some(url) if url.starts_with("http://") => Builder::new().build_http(),
        Some(_) | None => Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https(),
    }
}

/// One retry: the deadline leaves room for no more.
const ATTEMPTS_MAX: u32 = 2;

const BACKOFF: Duration = Duration::from_millis(25);
