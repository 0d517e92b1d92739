//! One question to an AWS service: a JSON document by POST, signed with Signature Version 4.
//!
//! Two services with three operations between them do not pay for their SDKs.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::Full;
use policy_model::json::{self, Document, Value};
use policy_registry::AwsEnvironment;

use super::Arn;
use crate::settings::RemoteKey;
use crate::web::{Answer, Bounds, Web};

/// A service, at the address of one key.
pub(super) struct AwsService {
    /// As the service is called in signatures.
    name: &'static str,
    /// What stands before the operation's name in `X-Amz-Target`.
    target: &'static str,
    arn: Arn,
    uri: Uri,
    aws: AwsEnvironment,
    web: Web,
}

impl AwsService {
    /// A service that nothing was asked of yet.
    pub(super) fn new(name: &'static str, target: &'static str, key: &RemoteKey, aws: &AwsEnvironment) -> AwsService {
        let (arn, aws) = (key.arn.clone(), aws.clone());
        let uri = key.endpoint_url.clone().unwrap_or_else(|| arn.endpoint.clone());
        AwsService { name, target, arn, uri, aws, web: Web::default() }
    }

    /// The ARN that is asked about.
    pub(super) fn arn(&self) -> &str {
        &self.arn.text
    }

    /// Asks, and once more if nothing came of it that a second time could not change.
    ///
    /// # Errors
    /// What went wrong, in words of ours.
    pub(super) async fn ask(&self, operation: &str, body: &str) -> Result<Document<'static>, &'static str> {
        match self.attempt(operation, body).await {
            Err(Trouble::Passing(_)) => {}
            answer => return answer.map_err(Trouble::why),
        }
        // A connection that died while the function was frozen is the common case; a short breath helps the others.
        tokio::time::sleep(BACKOFF).await;
        self.attempt(operation, body).await.map_err(Trouble::why)
    }

    async fn attempt(&self, operation: &str, body: &str) -> Result<Document<'static>, Trouble> {
        let request = self.request(operation, body).map_err(Trouble::Lasting)?;
        let bounds = Bounds { time: ATTEMPT_TIME_MAX, bytes: ANSWER_BYTES_MAX };
        let answer = self.web.ask(request, bounds).await.map_err(Trouble::Passing)?;
        let document = String::from_utf8(answer.body.to_vec()).ok().and_then(|text| json::parse_owned(text).ok());
        if answer.status != http::StatusCode::OK {
            return Err(trouble(&answer, document.as_ref()));
        }
        let document = document.filter(|document| document.root().duplicate_name().is_none());
        document.ok_or(Trouble::Lasting("an answer that is not JSON"))
    }

    fn request(&self, operation: &str, body: &str) -> Result<Request<Full<Bytes>>, &'static str> {
        let target = format!("{}.{operation}", self.target);
        let headers = [(header::CONTENT_TYPE.as_str(), CONTENT_TYPE), (TARGET_HEADER, target.as_str())];
        let credentials = self.credentials()?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&credentials)
            .region(&self.arn.region)
            .name(self.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| UNSIGNED)?
            .into();
        let signable = SignableRequest::new(
            "POST",
            self.uri.to_string(),
            headers.into_iter(),
            SignableBody::Bytes(body.as_bytes()),
        );
        let (instructions, _) = sign(signable.map_err(|_| UNSIGNED)?, &parameters).map_err(|_| UNSIGNED)?.into_parts();
        let mut request = Request::post(self.uri.clone());
        for (name, value) in headers.into_iter().chain(instructions.headers()) {
            request = request.header(name, value);
        }
        request.body(Full::from(body.to_owned())).map_err(|_| UNSIGNED)
    }

    fn credentials(&self) -> Result<Credentials, &'static str> {
        let aws = &self.aws;
        let id = aws.access_key_id.clone().ok_or("AWS_ACCESS_KEY_ID is not set")?;
        let secret = aws.secret_access_key.clone().ok_or("AWS_SECRET_ACCESS_KEY is not set")?;
        Ok(Credentials::new(id, secret, aws.session_token.clone(), None, "environment"))
    }
}

/// Why there is no answer, and whether the next attempt may have one.
enum Trouble {
    Passing(&'static str),
    Lasting(&'static str),
}

impl Trouble {
    fn why(self) -> &'static str {
        match self {
            Trouble::Passing(why) | Trouble::Lasting(why) => why,
        }
    }
}

/// What an error is, of those that an operator can do something about; the answer's own words are not repeated.
fn trouble(answer: &Answer, document: Option<&Document<'_>>) -> Trouble {
    let kind = document.and_then(|document| document.root().get("__type")).and_then(Value::as_str).unwrap_or_default();
    let kind = kind.rsplit_once('#').map_or(kind.as_ref(), |(_, kind)| kind);
    if answer.status.is_server_error() || answer.status.as_u16() == 429 || PASSING.contains(&kind) {
        return Trouble::Passing("the service is busy or in trouble");
    }
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    Trouble::Lasting(known.map_or("the service refuses", |(_, why)| why))
}

/// The `__type` of errors that pass.
const PASSING: &[&str] = &[
    "ThrottlingException",
    "LimitExceededException",
    "KMSInternalException",
    "DependencyTimeoutException",
    "KeyUnavailableException",
];

/// The `__type` of errors that stay until somebody does something.
const KINDS: &[(&str, &str)] = &[
    ("AccessDeniedException", "the function's role may not use the key"),
    ("NotFoundException", "there is no such key"),
    ("ResourceNotFoundException", "there is no such secret"),
    ("DisabledException", "the key is disabled"),
    ("KMSInvalidStateException", "the key is not in a state to be used"),
    ("InvalidKeyUsageException", "the key is not one that signs"),
    ("DecryptionFailure", "the secret cannot be decrypted"),
    ("ExpiredTokenException", "the credentials have expired"),
    ("UnrecognizedClientException", "the credentials are not known"),
    ("InvalidSignatureException", "the request's signature is not taken; is the clock right?"),
];

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

const TARGET_HEADER: &str = "x-amz-target";

const UNSIGNED: &str = "the request cannot be signed with these credentials";

/// Longest time for one attempt, connection included. There are two.
const ATTEMPT_TIME_MAX: Duration = Duration::from_millis(750);

const BACKOFF: Duration = Duration::from_millis(25);

/// Longest answer, in bytes; a secret is at most this long (quota of Secrets Manager).
const ANSWER_BYTES_MAX: usize = 128 * 1024;
