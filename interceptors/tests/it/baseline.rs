//! A baseline that must be there and is not, or cannot be used: nobody passes, and the operator is told why.

use std::fs;

use interceptors::event::Point;
use interceptors::refusal::Refusal;
use policy_registry::{PolicyFault, Refusal as RegistryRefusal};
use serde_json::json;
use tempfile::TempDir;

use crate::received::Received;
use crate::stage::{Stage, reply};
use crate::{events, fixtures};

#[tokio::test]
async fn where_it_is_required_and_missing_every_message_is_refused_as_unavailable() {
    let registry = registry_without_baseline();
    let stage = Stage::over(registry.path()).await;
    let token = stage.signer.token("alice", "acme");
    let call = events::call("orders___getOrder");
    let request = events::request(&token, &call);
    let response = events::response(&token, &call, &events::result(&json!({"content": []})));
    for (point, event) in [(Point::Request, request), (Point::Response, response)] {
        for (word, told) in [("OPTIONAL", None), ("REQUIRED", Some("authorization is not available"))] {
            let interceptor = stage.interceptor(point, |settings| settings["registry"]["baseline"] = json!(word));
            let received = Received::read(&reply(&interceptor, event.as_bytes()).await);
            assert_eq!(received.told(), told, "{word}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_baseline_has_a_code_and_the_operator_reads_that_it_is_the_baseline() {
    for (refusal, code, detail) in [
        (RegistryRefusal::NoBaseline, "BASELINE_MISSING", None),
        (RegistryRefusal::Baseline(PolicyFault::NoDocument), "POLICY_MISSING", Some("no document")),
        (RegistryRefusal::Baseline(PolicyFault::Mismatch), "POLICY_MISMATCH", Some("disagree")),
        (RegistryRefusal::Baseline(PolicyFault::Invalid("rules[0]".into())), "POLICY_INVALID", Some("rules[0]")),
        (RegistryRefusal::Baseline(PolicyFault::Malformed("kind")), "REGISTRY_ITEM_MALFORMED", Some("attribute kind")),
    ] {
        let refusal = Refusal::Registry(refusal);
        assert_eq!((refusal.code(), refusal.told().sentence), (code, "authorization is not available"));
        let told = refusal.detail();
        assert_eq!(told.is_some(), detail.is_some());
        let is_of_the_baseline = |told: &String| told.starts_with("baseline: ") && told.contains(detail.unwrap_or(""));
        assert!(told.iter().all(is_of_the_baseline), "{told:?}");
    }
}

/// The fixtures' registry but for its baseline.
fn registry_without_baseline() -> TempDir {
    let (registry, copy) = (fixtures::folder().join("registry"), tempfile::tempdir().unwrap());
    for name in ["tenants.json", "members.json"] {
        fs::copy(registry.join(name), copy.path().join(name)).unwrap();
    }
    fs::create_dir(copy.path().join("policies")).unwrap();
    for entry in fs::read_dir(registry.join("policies")).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "baseline.json" {
            fs::copy(registry.join("policies").join(&name), copy.path().join("policies").join(&name)).unwrap();
        }
    }
    copy
}
