//! Access tokens through the verifier of the interceptors, beside the check of their signatures alone.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interceptors::event::Event;
use interceptors::headers::Headers;
use interceptors::settings::Settings;
use interceptors::token::{Grace, Verifier};
use policy_model::json::{self, Document};
use policy_registry::AwsEnvironment;
use serde_json::{Value, json};
use tenantgate::keys::{KeyName, KeyRing};
use tenantgate::token::{self, Caller, DEFAULT_AUDIENCE, DEFAULT_ISSUER, TENANT_CLAIM, TokenKey};
use tokio::runtime::Runtime;

use crate::{BATCH, NOW};

/// Access tokens of one key, all different, in the events that bring them.
pub(crate) struct Tokens {
    settings: Settings,
    public: ParsedPublicKey,
    tokens: Vec<String>,
    events: Vec<Document<'static>>,
}

impl Tokens {
    pub(crate) fn new(ring: &KeyRing, key: KeyName) -> Result<Tokens, Box<dyn Error>> {
        let jwk = ring.key(key).jwk(key.text());
        let algorithm = jwk.get("alg").cloned().ok_or("no algorithm")?;
        let settings = json!({
            "registry": {"table": "t", "endpointUrl": "http://127.0.0.1:1"},
            "issuers": [{"issuer": DEFAULT_ISSUER, "audiences": [DEFAULT_AUDIENCE], "algorithms": [algorithm],
                         "claims": {"tenant": TENANT_CLAIM}, "keys": {"jwks": {"keys": [jwk]}}}],
        });
        let settings = Settings::parse(&settings.to_string(), AwsEnvironment::default())?;
        let (mut tokens, mut events) = (Vec::new(), Vec::new());
        for number in 0..TOKENS {
            let mut caller = Caller { key: TokenKey::Ring(key), ..Caller::default() };
            caller.claims.insert(TENANT_CLAIM.to_owned(), json!("acme"));
            caller.claims.insert("exp".to_owned(), json!(NOW + 3_600));
            caller.claims.insert("scope".to_owned(), json!("orders.read orders.write"));
            caller.claims.insert("jti".to_owned(), json!(format!("{number:08}")));
            let token = token::mint("alice", &caller, ring, NOW)?;
            let event = json!({"interceptorInputVersion": "1.0", "mcp": {
                "gatewayRequest": {"path": "/mcp", "httpMethod": "POST", "headers": {"Authorization": format!("Bearer {token}")},
                                   "body": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}}});
            events.push(json::parse_owned(event.to_string()).map_err(|_| "no event")?);
            tokens.push(token);
        }
        Ok(Tokens { settings, public: parsed(&jwk)?, tokens, events })
    }

    /// The signatures of all tokens, taken out of their base64url before the clock runs.
    pub(crate) fn bare(&self) -> Result<Duration, Box<dyn Error>> {
        let mut signed = Vec::new();
        for token in &self.tokens {
            let (message, signature) = token.rsplit_once('.').ok_or("no token")?;
            signed.push((message, URL_SAFE_NO_PAD.decode(signature)?));
        }
        if !signed.iter().all(|(message, signature)| self.public.verify_sig(message.as_bytes(), signature).is_ok()) {
            return Err("a token is not signed".into());
        }
        let times = (0..ROUNDS).flat_map(|_| {
            signed.chunks(BATCH).map(|batch| {
                let started = Instant::now();
                for (message, signature) in batch {
                    black_box(self.public.verify_sig(black_box(message.as_bytes()), signature).is_ok());
                }
                started.elapsed() / batch.len() as u32
            })
        });
        Ok(times.min().unwrap_or_default())
    }

    /// Each token by a verifier that never saw it.
    pub(crate) fn fresh(&self, runtime: &Runtime) -> Result<Duration, Box<dyn Error>> {
        let headers = self.headers()?;
        let mut least = Duration::MAX;
        for _ in 0..ROUNDS {
            let verifier = self.verifier();
            for batch in headers.chunks(BATCH) {
                least = least.min(runtime.block_on(identify(&verifier, batch))?);
            }
        }
        Ok(least)
    }

    /// Each token once more by the verifier that knows it.
    pub(crate) fn known(&self, runtime: &Runtime) -> Result<Duration, Box<dyn Error>> {
        let (headers, verifier) = (self.headers()?, self.verifier());
        runtime.block_on(identify(&verifier, &headers))?;
        let mut least = Duration::MAX;
        for _ in 0..ROUNDS * 10 {
            for batch in headers.chunks(BATCH) {
                least = least.min(runtime.block_on(identify(&verifier, batch))?);
            }
        }
        Ok(least)
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.settings.issuers.clone(), self.settings.leeway)
    }

    fn headers(&self) -> Result<Vec<Headers<'_>>, Box<dyn Error>> {
        let headers = self.events.iter().map(|event| Event::parse(event).map(|event| event.headers));
        headers.collect::<Result<Vec<Headers<'_>>, _>>().map_err(|_| "no event".into())
    }
}

/// The key as the library wants it: parsed once, before the clock runs.
fn parsed(jwk: &Value) -> Result<ParsedPublicKey, Box<dyn Error>> {
    let bytes = |name: &str| -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(URL_SAFE_NO_PAD.decode(jwk.get(name).and_then(Value::as_str).ok_or("no such member")?)?)
    };
    let key = match jwk.get("kty").and_then(Value::as_str) {
        Some("RSA") => {
            let numbers = [der(0x02, &unsigned(bytes("n")?)), der(0x02, &unsigned(bytes("e")?))].concat();
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der(0x30, &numbers))
        }
        Some("EC") => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, [vec![4], bytes("x")?, bytes("y")?].concat()),
        Some(_) | None => ParsedPublicKey::new(&ED25519, bytes("x")?),
    };
    Ok(key?)
}

/// A number that its first bit does not make negative.
fn unsigned(number: Vec<u8>) -> Vec<u8> {
    if number.first().is_some_and(|first| *first >= 0x80) { [vec![0], number].concat() } else { number }
}

/// A value of DER with its tag and length.
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = match u16::try_from(value.len()).unwrap_or(u16::MAX) {
        short @ 0..0x80 => vec![short as u8],
        long => [&[0x82][..], &long.to_be_bytes()].concat(),
    };
    [&[tag][..], &length, value].concat()
}

/// The time for one of these callers.
async fn identify(verifier: &Verifier, headers: &[Headers<'_>]) -> Result<Duration, String> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    let started = Instant::now();
    for headers in headers {
        let caller = verifier.identify(black_box(headers), NOW, Grace::None, deadline).await;
        black_box(caller.map_err(|fault| format!("a good token is refused: {fault:?}"))?);
    }
    Ok(started.elapsed() / headers.len() as u32)
}

/// Different tokens; each is fresh once a round.
const TOKENS: usize = 1_000;

const ROUNDS: usize = 20;
