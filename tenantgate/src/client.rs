//! How DynamoDB is reached: AWS with the usual credential chain, or an endpoint of our own.

use std::error::Error;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_dynamodb::Client;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use crate::failure::Failure;

/// The AWS configuration for an endpoint, or for AWS itself.
///
/// Without credentials in the environment a loopback endpoint gets dummy ones, as DynamoDB Local wants some.
pub async fn configuration(endpoint_url: Option<&str>) -> SdkConfig {
    let loopback = endpoint_url.is_some_and(is_loopback);
    let http = if loopback {
        Builder::new().build_http()
    } else {
        Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https()
    };
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    if let Some(url) = endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if loopback && !has_variable("AWS_ACCESS_KEY_ID") {
        loader = loader.credentials_provider(Credentials::from_keys("local", "local", None));
    }
    if loopback && !has_variable("AWS_REGION") {
        loader = loader.region(Region::from_static("us-east-1"));
    }
    loader.load().await
}

/// A DynamoDB client of this configuration.
pub fn client(configuration: &SdkConfig) -> Client {
    Client::new(configuration)
}

/// The environment variables by which a function process reaches the same DynamoDB.
pub async fn environment(configuration: &SdkConfig) -> Result<Vec<(String, String)>, Failure> {
    let remedy = "log in (for example `aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its siblings";
    let provider = configuration
        .credentials_provider()
        .ok_or_else(|| Failure::run(format!("there are no AWS credentials; {remedy}")))?;
    let credentials = provider
        .provide_credentials()
        .await
        .map_err(|error| Failure::run(format!("cannot obtain AWS credentials: {}; {remedy}", with_sources(&error))))?;
    let region = configuration
        .region()
        .ok_or_else(|| Failure::run("no AWS region is configured; set AWS_REGION or the profile's region"))?;
    let token = credentials.session_token().map(|token| ("AWS_SESSION_TOKEN", token));
    let variables = [
        ("AWS_REGION", region.as_ref()),
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id()),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key()),
    ];
    let variables = variables.into_iter().chain(token);
    Ok(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// An error and what caused it; the SDK's outermost text alone says nothing.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

/// Whether it is plain HTTP to this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn has_variable(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_plain_http_to_this_machine_is_loopback() {
        for url in ["http://127.0.0.1:8000", "http://localhost:8000/", "http://[::1]:8000", "http://localhost"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["https://localhost", "http://localhost.example:80", "http://10.0.0.1", "http://127.0.0.1@x.example"]
        {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
