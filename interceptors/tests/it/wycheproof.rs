//! Wycheproof's JWS and JWK vectors against header, key and signature checks.

use std::collections::BTreeSet;
use std::path::Path;

use interceptors::token::{KeySet, TokenFault, verify_signature};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::corpora;

/// Vectors that are valid by their label and refused here, each for the reason that stands in the suite's KNOWN-EXCEPTIONS.json.
const STRICTER: &[u64] = &[346, 347, 350, 351, 372, 373];

/// Keys that may not verify; a library of JSON Web Tokens accepts them.
const NOT_FOR_SIGNATURES: &[u64] = &[353, 354, 355, 356];

#[test]
fn every_signature_vector_is_decided_as_labelled_or_more_strictly_for_a_known_reason() {
    let Some(folder) = corpora::folder("wycheproof-jose") else { return };
    check_exceptions(&folder);
    let vectors = vectors(&folder.join("testvectors_v1/json_web_signature_test.json"));
    assert_eq!(vectors.len(), 401);
    let symmetric: BTreeSet<u64> =
        vectors.iter().filter(|vector| vector.is_valid && vector.is_symmetric()).map(|vector| vector.id).collect();
    let accepted: BTreeSet<u64> =
        vectors.iter().filter(|vector| vector.verify().is_ok()).map(|vector| vector.id).collect();
    let expected: BTreeSet<u64> = vectors
        .iter()
        .filter(|vector| vector.is_valid && !STRICTER.contains(&vector.id) && !symmetric.contains(&vector.id))
        .map(|vector| vector.id)
        .collect();
    assert_eq!(accepted, expected);
    assert_eq!((accepted.len(), symmetric.len()), (32, 10), "accepted, and valid with a shared secret");
}

#[test]
fn keys_for_encryption_verify_nothing() {
    let Some(folder) = corpora::folder("wycheproof-jose") else { return };
    let vectors = vectors(&folder.join("testvectors_v1/json_web_signature_test.json"));
    let found: Vec<&Vector> = vectors.iter().filter(|vector| NOT_FOR_SIGNATURES.contains(&vector.id)).collect();
    assert_eq!(found.len(), NOT_FOR_SIGNATURES.len());
    for vector in found {
        assert_eq!(vector.verify(), Err(TokenFault::Key), "{}", vector.id);
        assert!(KeySet::parse(&vector.keys).unwrap().is_empty(), "{}", vector.id);
    }
}

#[test]
fn a_shared_secret_is_refused_as_an_algorithm_and_is_no_key() {
    let Some(folder) = corpora::folder("wycheproof-jose") else { return };
    let vectors = vectors(&folder.join("testvectors_v1/json_web_signature_test.json"));
    let symmetric: Vec<&Vector> = vectors.iter().filter(|vector| vector.is_valid && vector.is_symmetric()).collect();
    assert!(!symmetric.is_empty());
    for vector in symmetric {
        assert!(matches!(vector.verify(), Err(TokenFault::Algorithm | TokenFault::Format)), "{}", vector.id);
        assert!(KeySet::parse(&vector.keys).unwrap().is_empty(), "{}", vector.id);
    }
}

#[test]
fn every_key_vector_is_decided_as_labelled_or_more_strictly_for_a_known_reason() {
    let Some(folder) = corpora::folder("wycheproof-jose") else { return };
    let vectors = vectors(&folder.join("testvectors_v1/json_web_key_test.json"));
    assert_eq!(vectors.len(), 26);
    let accepted: Vec<u64> = vectors.iter().filter(|vector| vector.verify().is_ok()).map(|vector| vector.id).collect();
    assert_eq!(accepted, KEYS_ACCEPTED);
}

/// One vector: a token, and the keys that its issuer has.
struct Vector {
    id: u64,
    token: String,
    keys: Vec<u8>,
    is_valid: bool,
}

impl Vector {
    fn verify(&self) -> Result<(), TokenFault> {
        let keys = KeySet::parse(&self.keys).map_err(|_| TokenFault::Key)?;
        verify_signature(&self.token, &keys, ALGORITHMS)
    }

    fn is_symmetric(&self) -> bool {
        let keys: Value = serde_json::from_slice(&self.keys).unwrap();
        keys["keys"].as_array().unwrap().iter().all(|key| key["kty"] == "oct")
    }
}

fn vectors(path: &Path) -> Vec<Vector> {
    let suite = corpora::json(path);
    let mut vectors = Vec::new();
    for group in suite["testGroups"].as_array().unwrap() {
        let keys = group.get("public").unwrap_or(&group["private"]);
        let keys = if keys.get("keys").is_some() { keys.clone() } else { json!({"keys": [keys]}) };
        for test in group["tests"].as_array().unwrap() {
            vectors.push(Vector {
                id: test["tcId"].as_u64().unwrap(),
                // The JSON serialization is no compact token, whatever its text.
                token: test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned),
                keys: keys.to_string().into_bytes(),
                is_valid: test["result"] == "valid",
            });
        }
    }
    vectors
}

/// The exceptions are those of the suite's own list, so that a new one is looked at.
fn check_exceptions(folder: &Path) {
    let known = corpora::json(&folder.join("KNOWN-EXCEPTIONS.json"));
    let ids = |name: &str| -> BTreeSet<u64> {
        known[name].as_object().unwrap().keys().map(|id| id.parse().unwrap()).collect()
    };
    let vector_defects = ids("vector_defects");
    let is_listed = |id: &u64| vector_defects.contains(id) || ids("stricter_than_vector_is_right").contains(id);
    assert!(STRICTER.iter().all(is_listed));
    assert_eq!(ids("library_gaps_the_project_must_close"), NOT_FOR_SIGNATURES.iter().copied().collect());
}

const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// 2 and 13 to 15 are valid with a shared secret. 7 is a key with the ROCA weakness, which can be told only by its divisors and is the issuer's to replace.
const KEYS_ACCEPTED: &[u64] = &[5, 7];
