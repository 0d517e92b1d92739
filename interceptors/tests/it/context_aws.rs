//! KMS and Secrets Manager on a loopback port, as far as three operations go.

use std::collections::VecDeque;
use std::future::pending;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub(crate) const KMS_KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
pub(crate) const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tenantgate/context-AbCdEf";

/// What becomes of one question.
#[derive(Debug, Clone)]
pub(crate) enum Mood {
    /// The answer, with these members changed; null takes one out.
    Changed(Value),
    /// A status with a `__type`.
    Error(u16, &'static str),
    /// This body.
    Body(String),
    /// Nothing, ever.
    Hang,
}

/// A question as it came.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) operation: String,
    pub(crate) authorization: String,
    pub(crate) security_token: Option<String>,
}

#[derive(Clone)]
pub(crate) struct AwsSite {
    address: String,
    state: Arc<Mutex<Site>>,
}

struct Site {
    key: EcdsaKeyPair,
    secret: String,
    /// What becomes of the next questions; afterwards all goes well.
    moods: VecDeque<Mood>,
    questions: Vec<Question>,
}

impl AwsSite {
    pub(crate) async fn start(secret: &str) -> AwsSite {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).unwrap();
        let site = Site { key, secret: secret.to_owned(), moods: VecDeque::new(), questions: Vec::new() };
        let state = Arc::new(Mutex::new(site));
        let app = Router::new().fallback(serve).with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, app).into_future());
        AwsSite { address, state }
    }

    /// How settings name its KMS key.
    pub(crate) fn kms(&self, id: &str) -> Value {
        json!({"kid": id, "kms": KMS_KEY, "endpointUrl": self.address})
    }

    /// How settings name its secret.
    pub(crate) fn secret(&self, id: &str) -> Value {
        json!({"kid": id, "secretsManager": SECRET, "endpointUrl": self.address})
    }

    pub(crate) fn expect(&self, moods: impl IntoIterator<Item = Mood>) {
        self.state.lock().unwrap().moods = moods.into_iter().collect();
    }

    pub(crate) fn keep(&self, secret: &str) {
        self.state.lock().unwrap().secret = secret.to_owned();
    }

    pub(crate) fn questions(&self) -> Vec<Question> {
        self.state.lock().unwrap().questions.clone()
    }

    pub(crate) fn asked(&self) -> usize {
        self.questions().len()
    }
}

async fn serve(State(state): State<Arc<Mutex<Site>>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("application/x-amz-json-1.1"));
    let operation = header("x-amz-target").unwrap();
    let (authorization, security_token) = (header("authorization").unwrap(), header("x-amz-security-token"));
    let body = to_bytes(body, 64 * 1024).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mood = {
        let mut site = state.lock().unwrap();
        let question = Question { operation: operation.clone(), authorization, security_token };
        site.questions.push(question);
        site.moods.pop_front().unwrap_or(Mood::Changed(json!({})))
    };
    match mood {
        Mood::Hang => pending().await,
        Mood::Body(text) => Response::new(Body::from(text)),
        Mood::Error(status, kind) => {
            let body = json!({"__type": format!("com.amazonaws#{kind}"), "message": "secret words"});
            Response::builder().status(status).body(Body::from(body.to_string())).unwrap()
        }
        Mood::Changed(changes) => {
            let mut answer = state.lock().unwrap().answer(&operation, &body);
            for (name, value) in changes.as_object().unwrap() {
                answer[name] = value.clone();
            }
            answer.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            Response::new(Body::from(answer.to_string()))
        }
    }
}

impl Site {
    fn answer(&self, operation: &str, body: &Value) -> Value {
        match operation {
            "TrentService.Sign" => {
                assert_eq!((&body["KeyId"], &body["MessageType"]), (&json!(KMS_KEY), &json!("RAW")));
                assert_eq!(body["SigningAlgorithm"], "ECDSA_SHA_256");
                let message = STANDARD.decode(body["Message"].as_str().unwrap()).unwrap();
                let signature = STANDARD.encode(self.key.sign(&SystemRandom::new(), &message).unwrap());
                json!({"KeyId": KMS_KEY, "Signature": signature, "SigningAlgorithm": "ECDSA_SHA_256"})
            }
            "TrentService.GetPublicKey" => {
                let prefix = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=").unwrap();
                let der = [prefix.as_slice(), self.key.public_key().as_ref()].concat();
                json!({"KeyId": KMS_KEY, "KeySpec": "ECC_NIST_P256", "CustomerMasterKeySpec": "ECC_NIST_P256",
                       "KeyUsage": "SIGN_VERIFY", "SigningAlgorithms": ["ECDSA_SHA_256"], "PublicKey": STANDARD.encode(der)})
            }
            "secretsmanager.GetSecretValue" => {
                assert_eq!(body["SecretId"], SECRET);
                json!({"ARN": SECRET, "Name": "tenantgate/context", "SecretString": self.secret, "VersionStages": ["AWSCURRENT"]})
            }
            other => panic!("asked for {other}"),
        }
    }
}
