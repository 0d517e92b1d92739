//! The client's word for itself: a signed JSON Web Token (RFC 7523, sections 2.2 and 3).

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy_model::json::quote;

use super::SigningKey;

/// A new assertion for one request to an endpoint.
///
/// # Errors
/// What the machine cannot do.
pub(super) fn sign(
    key: &SigningKey,
    key_id: Option<&str>,
    client_id: &str,
    endpoint: &str,
    unix_now: u64,
) -> Result<String, &'static str> {
    let random = SystemRandom::new();
    let mut id = [0; ID_BYTES];
    random.fill(&mut id).map_err(|_| "no random numbers on this machine")?;
    let (client, audience, id) = (quote(client_id), quote(endpoint), URL_SAFE_NO_PAD.encode(id));
    let key_id = key_id.map(|id| format!(",\"kid\":{}", quote(id))).unwrap_or_default();
    let header = format!("{{\"alg\":\"{}\",\"typ\":\"JWT\"{key_id}}}", key.algorithm());
    let expires = unix_now.saturating_add(LIFETIME_SECONDS);
    let claims = format!(
        "{{\"iss\":{client},\"sub\":{client},\"aud\":{audience},\"jti\":\"{id}\",\"iat\":{unix_now},\"exp\":{expires}}}"
    );
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = key.sign(&random, message.as_bytes()).ok_or("the private key does not sign")?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Random bytes in the id of an assertion.
const ID_BYTES: usize = 16;

/// How long an assertion is good.
const LIFETIME_SECONDS: u64 = 60;
