//! A key that never leaves AWS KMS.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::{Document, Kind, Value, quote};
use policy_registry::AwsEnvironment;
use tokio::time::Instant;

use super::aws_service::AwsService;
use super::ecdsa_der;
use super::public_key::{PublicKey, SIGNATURE_BYTES};
use crate::settings::RemoteKey;

/// A key of the specification `ECC_NIST_P256` for `SIGN_VERIFY`.
pub(super) struct KmsKey {
    service: AwsService,
    /// When it last did not sign.
    failed: Mutex<Option<Instant>>,
}

impl KmsKey {
    /// A key that nothing was asked of yet.
    pub(super) fn new(key: &RemoteKey, aws: &AwsEnvironment) -> KmsKey {
        KmsKey { service: AwsService::new("kms", "TrentService", key, aws), failed: Mutex::default() }
    }

    /// Signs with ES256. After a failure the next question waits a moment, whatever callers send.
    ///
    /// # Errors
    /// What went wrong, in words of ours.
    pub(super) async fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], &'static str> {
        if self.failed().is_some_and(|failed| failed.elapsed() < PAUSE) {
            return Err("the service was in trouble a moment ago");
        }
        let signed = self.ask_for_signature(message).await;
        self.note(signed.is_err().then(Instant::now));
        signed
    }

    /// Its public half. A key for anything else than ES256 is none.
    ///
    /// # Errors
    /// What went wrong, in words of ours.
    pub(super) async fn public(&self) -> Result<PublicKey, &'static str> {
        let body = format!("{{\"KeyId\":{}}}", quote(self.service.arn()));
        let answer = self.service.ask("GetPublicKey", &body).await?;
        self.check_key(&answer)?;
        let root = answer.root();
        let is = |value: Option<Value<'_>>, text: &str| value.is_some_and(|value| value.is_str(text));
        // The older name of the same; emulators know only that.
        let specification = root.get("KeySpec").or_else(|| root.get("CustomerMasterKeySpec"));
        let algorithms = root.get("SigningAlgorithms").filter(|list| list.kind() == Kind::Array);
        let can_sign = algorithms.is_some_and(|list| list.elements().any(|name| name.is_str(ALGORITHM)));
        if !is(specification, "ECC_NIST_P256") || !is(root.get("KeyUsage"), "SIGN_VERIFY") || !can_sign {
            return Err("the key is not of the specification ECC_NIST_P256 for SIGN_VERIFY");
        }
        let public = bytes(&answer, "PublicKey").and_then(|der| PublicKey::of_spki(&der));
        public.ok_or("an answer without a public key on P-256")
    }

    async fn ask_for_signature(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], &'static str> {
        // Whole, which KMS takes up to 4,096 bytes and does not log: emulators hash what they get once more, also where it is a digest.
        let body = format!(
            "{{\"KeyId\":{},\"Message\":\"{}\",\"MessageType\":\"RAW\",\"SigningAlgorithm\":\"{ALGORITHM}\"}}",
            quote(self.service.arn()),
            STANDARD.encode(message)
        );
        let answer = self.service.ask("Sign", &body).await?;
        self.check_key(&answer)?;
        if !answer.root().get("SigningAlgorithm").is_some_and(|name| name.is_str(ALGORITHM)) {
            return Err("a signature of another algorithm");
        }
        let signature = bytes(&answer, "Signature").and_then(|der| ecdsa_der::to_fixed(&der));
        signature.ok_or("an answer without a signature on P-256")
    }

    /// KMS answers with the ARN, its emulators with the id at its end.
    fn check_key(&self, answer: &Document<'_>) -> Result<(), &'static str> {
        let arn = self.service.arn();
        let id = arn.rsplit_once('/').map_or(arn, |(_, id)| id);
        let is_ours = answer.root().get("KeyId").is_some_and(|named| named.is_str(arn) || named.is_str(id));
        if is_ours { Ok(()) } else { Err("an answer about another key") }
    }

    fn failed(&self) -> Option<Instant> {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, failed: Option<Instant>) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = failed;
    }
}

fn bytes(answer: &Document<'_>, name: &str) -> Option<Vec<u8>> {
    STANDARD.decode(answer.root().get(name).and_then(Value::as_str)?.as_ref()).ok()
}

const ALGORITHM: &str = "ECDSA_SHA_256";

/// How long nothing is asked after a failure.
const PAUSE: Duration = Duration::from_millis(200);
