//! Region and credentials: without them nothing is asked, and they are told to nobody.

use policy_registry::client::{MissingVariable, build};
use policy_registry::{AwsEnvironment, Refusal, Registry};

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, aws, client_settings, principal, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_that_is_missing_is_named() {
    for (aws, name) in [
        (AwsEnvironment { region: None, ..aws() }, "AWS_REGION"),
        (AwsEnvironment { access_key_id: None, ..aws() }, "AWS_ACCESS_KEY_ID"),
        (AwsEnvironment { secret_access_key: None, ..aws() }, "AWS_SECRET_ACCESS_KEY"),
        (AwsEnvironment::default(), "AWS_REGION"),
    ] {
        let endpoint = Endpoint::new(Reply::Hang).await;
        let mut settings = settings(&endpoint.url);
        settings.client.aws = aws;
        assert_eq!(build(&settings.client).map(drop), Err(MissingVariable(name)));
        let refusal = refusal(&Registry::new(settings), &principal("acme", "alice")).await;
        assert_eq!(refusal, Refusal::Unavailable(name));
        assert_eq!(endpoint.request_count(), 0, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lived_credentials_have_no_session_token() {
    let table = Table::with_acme().await;
    let mut settings = settings(&table.url);
    settings.client.aws.session_token = None;
    assert!(ask(&Registry::new(settings), &principal("acme", "alice")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_signed_for_the_region_with_the_session_token() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    assert!(ask(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await.grant.is_ok());
    let headers = &endpoint.requests()[0].headers;
    let authorization = headers["authorization"].to_str().unwrap();
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/eu-central-1/dynamodb/aws4_request"), "{authorization}");
    assert_eq!(headers["x-amz-security-token"], "session-canary");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_before_the_first_lookup() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    drop(Registry::new(settings(&endpoint.url)));
    assert_eq!(endpoint.request_count(), 0);
}

#[test]
fn the_address_of_aws_itself_needs_no_setting() {
    let mut settings = client_settings("");
    settings.endpoint_url = None;
    assert!(build(&settings).is_ok());
}

#[test]
fn credentials_are_not_shown() {
    let settings = settings("http://127.0.0.1:1");
    let texts = [format!("{settings:?}"), format!("{:?}", Registry::new(settings))];
    for text in texts {
        assert!(text.contains("eu-central-1"), "{text}");
        assert!(!text.contains("canary") && !text.contains("AKID"), "{text}");
    }
}
