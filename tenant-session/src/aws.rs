//! How AWS is reached: region and credentials of this program itself.

use std::error::Error;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use interceptors::settings::Settings;
use policy_registry::Registry;
use policy_registry::client::{build_with, http_client};
use tokio::time::timeout;

use crate::failure::Failure;

/// Where this program's own credentials come from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'s> {
    /// Where every AWS SDK looks, profiles included.
    Anywhere,
    /// This profile, and nothing else: where it gives none, nothing steps in for it.
    Profile(&'s str),
    /// As anywhere, but without profiles: one of them runs this program for its credentials, and would run it again for ours.
    NoProfile,
}

/// The AWS configuration of this program, in a region if one is named, or else where AWS SDKs find one.
///
/// # Errors
/// There is no region, or there are no credentials.
pub async fn configuration(source: Source<'_>, region: Option<&str>) -> Result<SdkConfig, Failure> {
    let region = match region {
        Some(region) => Some(Region::new(region.to_owned())),
        None => default_region(source).await,
    };
    let region = region.ok_or_else(|| Failure::run("no AWS region is configured; set AWS_REGION, or give --region"))?;
    let with = ProviderConfig::without_region().with_http_client(http_client(None)).with_region(Some(region.clone()));
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client(None)).region(region);
    match source {
        Source::Anywhere => {}
        Source::Profile(profile) => {
            let only = ProfileFileCredentialsProvider::builder().configure(&with).profile_name(profile).build();
            loader = loader.profile_name(profile).credentials_provider(only);
        }
        Source::NoProfile => loader = loader.credentials_provider(without_profiles(&with)),
    }
    let aws = loader.load().await;
    let provider =
        aws.credentials_provider().ok_or_else(|| Failure::run(format!("there are no AWS credentials; {REMEDY}")))?;
    match timeout(CREDENTIALS_TIME_MAX, provider.provide_credentials()).await {
        Ok(Ok(_)) => Ok(aws),
        Ok(Err(error)) => match source {
            Source::Profile(profile) if is_of_profile(&error) => Err(Failure::input(format!(
                "--profile {profile:?}: {}; name a profile of ~/.aws/config or ~/.aws/credentials that gives credentials",
                with_sources(&error)
            ))),
            Source::Profile(_) | Source::Anywhere | Source::NoProfile => {
                Err(Failure::run(format!("cannot obtain AWS credentials: {}; {REMEDY}", with_sources(&error))))
            }
        },
        Err(_) => Err(Failure::run(format!("cannot obtain AWS credentials: no answer in time; {REMEDY}"))),
    }
}

/// The registry of the settings, asked with these credentials.
///
/// # Errors
/// There is no region, or there are no credentials.
pub fn registry(settings: &Settings, aws: &SdkConfig) -> Result<Registry, Failure> {
    let (Some(region), Some(credentials)) = (aws.region(), aws.credentials_provider()) else {
        return Err(Failure::run(format!("there is no AWS region, or there are no AWS credentials; {REMEDY}")));
    };
    let client = build_with(&settings.registry.client, region.clone(), credentials);
    Ok(Registry::with_client(settings.registry.clone(), client))
}

async fn default_region(source: Source<'_>) -> Option<Region> {
    let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client(None));
    let loader = match source {
        Source::Profile(profile) => loader.profile_name(profile),
        Source::Anywhere | Source::NoProfile => loader,
    };
    loader.load().await.region().cloned()
}

/// Whether the profile itself is wrong: it is not there, or says nothing that gives credentials.
fn is_of_profile(error: &CredentialsError) -> bool {
    matches!(error, CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_))
}

fn without_profiles(with: &ProviderConfig) -> CredentialsProviderChain {
    CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("web identity", WebIdentityTokenCredentialsProvider::builder().configure(with).build())
        .or_else("container", EcsCredentialsProvider::builder().configure(with).build())
        .or_else("instance", ImdsCredentialsProvider::builder().configure(with).build())
}

/// An error and what caused it; the SDK's outermost text alone says nothing.
fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text.replace('\n', " ")
}

const REMEDY: &str = "set AWS_ACCESS_KEY_ID and its siblings, or name a profile with --profile, or run with a role";

/// A provider that asks the network may need several attempts.
const CREDENTIALS_TIME_MAX: Duration = Duration::from_secs(10);
