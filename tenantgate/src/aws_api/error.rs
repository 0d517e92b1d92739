//! Why a call has no answer, in words that an operator can act on and that hold no secret.

use std::error::Error;
use std::fmt;

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::{Response, StatusCode};
use policy_model::json::{Document, Value};

use crate::client;
use crate::excerpt::visible;

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) struct ApiError {
    text: String,
    sort: Sort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// It was not carried out, and would not be the next time.
    Undone,
    /// There is no such thing.
    Missing,
    /// It was not carried out for now.
    Throttled,
    /// Whether it was carried out is not known; the next attempt may say.
    Unsure,
    /// Whether it was carried out is not known, and another attempt takes as long.
    Late,
}

impl ApiError {
    /// What kept a call from being made.
    pub(super) fn undone(text: String) -> ApiError {
        ApiError { text, sort: Sort::Undone }
    }

    pub(super) fn unconnected(place: &str, error: &dyn Error) -> ApiError {
        let text = format!("no answer from {place}: {}", visible(&client::with_sources(error)));
        ApiError { text, sort: Sort::Unsure }
    }

    pub(super) fn garbled(what: &str) -> ApiError {
        ApiError { text: format!("the service cannot be understood: {what}"), sort: Sort::Unsure }
    }

    pub(super) fn late() -> ApiError {
        ApiError { text: "the service did not answer in time".to_owned(), sort: Sort::Late }
    }

    /// What an answer that is an error means.
    pub(super) fn of_answer(
        action: &str,
        answer: &Response<Bytes>,
        document: Option<&Document<'_>>,
        credentials: &Credentials,
    ) -> ApiError {
        let status = answer.status();
        let kind = kind(answer, document);
        let said = said(document, credentials);
        let (text, sort) = if CREDENTIALS.contains(&kind.as_str()) {
            let text = format!("AWS does not accept the credentials ({kind}); log in anew, and check the clock");
            (text, Sort::Undone)
        } else if THROTTLED.contains(&kind.as_str()) || status == StatusCode::TOO_MANY_REQUESTS {
            ("AWS is asked too often; try again later".to_owned(), Sort::Throttled)
        } else if status == StatusCode::FORBIDDEN {
            (format!("these credentials have no right to {action}{said}"), Sort::Undone)
        } else if status == StatusCode::NOT_FOUND {
            (format!("it does not exist in this account and region{said}"), Sort::Missing)
        } else if status.is_server_error() {
            (format!("the service is in trouble (status {})", status.as_u16()), Sort::Unsure)
        } else if status.is_client_error() && !kind.is_empty() {
            (format!("the service refuses: {kind}{said}"), Sort::Undone)
        } else {
            (format!("an answer with status {} is none of this API", status.as_u16()), Sort::Undone)
        };
        ApiError { text, sort }
    }

    /// Whether the next attempt may have an answer and can do no harm.
    pub(super) fn is_worth_another(&self, reads_only: bool) -> bool {
        match self.sort {
            Sort::Throttled => true,
            Sort::Unsure => reads_only,
            Sort::Undone | Sort::Missing | Sort::Late => false,
        }
    }

    /// Whether what was asked for does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        match self.sort {
            Sort::Missing => true,
            Sort::Undone | Sort::Throttled | Sort::Unsure | Sort::Late => false,
        }
    }

    /// Whether the call may have been carried out all the same.
    pub(crate) fn may_be_done(&self) -> bool {
        match self.sort {
            Sort::Unsure | Sort::Late => true,
            Sort::Undone | Sort::Missing | Sort::Throttled => false,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The error's name, without the namespace and the address that some put around it; empty if there is none.
fn kind(answer: &Response<Bytes>, document: Option<&Document<'_>>) -> String {
    let of_header = answer.headers().get("x-amzn-errortype").and_then(|value| value.to_str().ok());
    let of_header = of_header.filter(|kind| !kind.is_empty());
    let of_body = || {
        let root = document?.root();
        root.get("__type").or_else(|| root.get("code")).and_then(Value::as_str)
    };
    let kind = of_header.map(ToOwned::to_owned).or_else(|| of_body().map(Into::into)).unwrap_or_default();
    let kind = kind.split(':').next().unwrap_or_default();
    let kind = kind.rsplit('#').next().unwrap_or_default();
    kind.chars().filter(char::is_ascii_alphanumeric).take(KIND_CHARACTERS_MAX).collect()
}

/// The service's own words, unless a secret is among them.
fn said(document: Option<&Document<'_>>, credentials: &Credentials) -> String {
    let root = document.map(Document::root);
    let member = root.and_then(|root| root.get("message").or_else(|| root.get("Message")));
    let Some(text) = member.and_then(Value::as_str).filter(|text| !text.is_empty()) else { return String::new() };
    let secrets = [Some(credentials.secret_access_key()), credentials.session_token()];
    if secrets.into_iter().flatten().any(|secret| text.contains(secret)) {
        return String::new();
    }
    let text: String = text.chars().take(SAID_CHARACTERS_MAX).collect();
    format!(": {}", visible(&text))
}

const CREDENTIALS: [&str; 7] = [
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

const THROTTLED: [&str; 4] = ["RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"];

const KIND_CHARACTERS_MAX: usize = 60;

const SAID_CHARACTERS_MAX: usize = 600;
