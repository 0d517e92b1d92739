//! A stand-in for AWS STS that writes down what it is asked, and answers what it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::stage::listen;

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/tenants/tenant-data";

/// What it answers.
#[derive(Debug, Clone)]
pub(crate) enum Answers {
    /// As AWS does.
    Good,
    /// As AWS does, with this text of the answer replaced by that one.
    Changed(&'static str, &'static str),
    /// Credentials that expire at this time.
    Expiring(String),
    /// An error of this status and code.
    Error(u16, &'static str),
    /// This text.
    Text(&'static str),
    /// Nothing for so long.
    Late(Duration),
}

/// A form and whether it was signed.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) form: BTreeMap<String, String>,
    pub(crate) is_signed: bool,
}

/// What it was asked, and what it answers.
type Shared = Arc<Mutex<(Vec<Asked>, Answers)>>;

#[derive(Debug, Clone)]
pub(crate) struct Sts {
    pub(crate) url: String,
    state: Shared,
}

impl Sts {
    pub(crate) async fn start() -> Sts {
        let state = Arc::new(Mutex::new((Vec::new(), Answers::Good)));
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let (listener, address) = listen().await;
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Sts { url: format!("http://{address}"), state }
    }

    pub(crate) fn answers(&self, answers: Answers) {
        self.state.lock().unwrap().1 = answers;
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().0.clone()
    }
}

async fn answer(State(state): State<Shared>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let form = form(&body);
    let (count, answers) = {
        let mut state = state.lock().unwrap();
        state.0.push(Asked { form: form.clone(), is_signed: headers.contains_key("authorization") });
        (state.0.len(), state.1.clone())
    };
    // Whoever else wants the same gets here meanwhile.
    tokio::task::yield_now().await;
    let good = good(&form, count, "2999-01-01T00:00:00Z");
    let soon = || expiration(900);
    match answers {
        Answers::Good => (StatusCode::OK, good.replace("2999-01-01T00:00:00Z", &soon())),
        Answers::Changed(from, to) => {
            let good = good.replace("2999-01-01T00:00:00Z", &soon());
            assert!(good.contains(from), "{good}");
            (StatusCode::OK, good.replace(from, to))
        }
        Answers::Expiring(at) => (StatusCode::OK, good.replace("2999-01-01T00:00:00Z", &at)),
        Answers::Error(status, code) => {
            let text = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>CANARY-message</Message></Error>\
                 <RequestId>1</RequestId></ErrorResponse>"
            );
            (StatusCode::from_u16(status).unwrap(), text)
        }
        Answers::Text(text) => (StatusCode::OK, text.to_owned()),
        Answers::Late(time) => {
            tokio::time::sleep(time).await;
            (StatusCode::OK, good.replace("2999-01-01T00:00:00Z", &soon()))
        }
    }
}

/// ISO 8601 of so many seconds from now.
pub(crate) fn expiration(seconds: u64) -> String {
    let at = i64::try_from(crate::signer::unix_now() + seconds).unwrap();
    time::OffsetDateTime::from_unix_timestamp(at)
        .unwrap()
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap()
}

fn good(form: &BTreeMap<String, String>, count: usize, expires: &str) -> String {
    let (action, name) = (&form["Action"], &form["RoleSessionName"]);
    let role = form["RoleArn"].rsplit('/').next().unwrap();
    let source = form.get("SourceIdentity").map(|id| format!("<SourceIdentity>{id}</SourceIdentity>"));
    let subject = form.get("WebIdentityToken").map(|token| {
        let claims = claims(token);
        let subject = claims["sub"].as_str().unwrap();
        format!("<SubjectFromWebIdentityToken>{subject}</SubjectFromWebIdentityToken>")
    });
    let extra = source.or(subject).unwrap_or_default();
    format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>\
         <AssumedRoleUser><AssumedRoleId>AROA:{name}</AssumedRoleId>\
         <Arn>arn:aws:sts::123456789012:assumed-role/{role}/{name}</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>ASIA{count}</AccessKeyId><SecretAccessKey>CANARY-secret-{count}</SecretAccessKey>\
         <SessionToken>CANARY-session-{count}</SessionToken><Expiration>{expires}</Expiration></Credentials>{extra}\
         <PackedPolicySize>6</PackedPolicySize></{action}Result>\
         <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>"
    )
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The members of a form.
pub(crate) fn form(body: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}
