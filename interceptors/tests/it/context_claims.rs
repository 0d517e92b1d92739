//! What a tenant context says, and that others' code verifies it.

use std::collections::BTreeSet;

use interceptors::tenant_context::{ContextFault, ContextSigner, ContextSubject};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::context_stage::{
    ALICE, CONTEXT_ISSUER, Keys, NOW, context, ed25519_pem, key_set, p256_pem, part, soon, token,
};
use crate::signer::unix_now;

#[tokio::test]
async fn every_claim_is_there_and_nothing_else() {
    let signer = Keys::new().signer();
    let actors = ["agent-1".to_owned(), "agent-2".to_owned()];
    let subject = ContextSubject { actors: &actors, ..ALICE };
    let token = signer.token(&subject, "https://orders.example", "decision-7", NOW, soon()).await.unwrap();
    assert_eq!(part(&token, 0), json!({"alg": "ES256", "kid": "one", "typ": "tenant-context+jwt"}));
    assert_eq!(
        part(&token, 1),
        json!({
            "iss": CONTEXT_ISSUER,
            "aud": "https://orders.example",
            "iat": NOW,
            "exp": NOW + 60,
            "tenant": "acme",
            "sub": "alice",
            "sub_id": {"format": "iss_sub", "iss": "https://issuer.example/main", "sub": "alice"},
            "act": {"sub": "agent-1", "act": {"sub": "agent-2"}},
            "scope": "orders.read orders.write",
            "txn": "decision-7",
        })
    );
}

#[tokio::test]
async fn without_actors_there_is_no_act_and_without_scopes_an_empty_scope() {
    let signer = Keys::new().signer();
    let claims = part(&token(&signer, &ContextSubject { scopes: &[], ..ALICE }, NOW).await.unwrap(), 1);
    assert_eq!(claims.get("act"), None);
    assert_eq!(claims["scope"], "");
}

#[tokio::test]
async fn scopes_stand_once_in_order_and_only_if_they_are_scope_tokens() {
    let signer = Keys::new().signer();
    let scopes = ["b", "a", "b", "", "c d", "e\"", "f\\", "g\n", "é", "!#$%~", "tab\t"];
    let claims = part(&token(&signer, &ContextSubject { scopes: &scopes, ..ALICE }, NOW).await.unwrap(), 1);
    assert_eq!(claims["scope"], "!#$%~ a b");
}

#[tokio::test]
async fn the_lifetime_of_the_settings_counts() {
    let keys = Keys::new();
    let settings = context(&json!({"lifetimeSeconds": 10, "keys": [keys.add("one", &p256_pem())]}));
    let claims = part(&token(&ContextSigner::new(&settings), &ALICE, NOW).await.unwrap(), 1);
    assert_eq!(claims["exp"], NOW + 10);
}

#[tokio::test]
async fn a_token_longer_than_a_header_may_be_is_a_fault_and_one_of_that_length_is_not() {
    let signer = Keys::new().signer();
    let length_with = async |bytes: usize| {
        let scope = "s".repeat(bytes);
        let subject = ContextSubject { scopes: &[&scope], ..ALICE };
        token(&signer, &subject, NOW).await.map(|token| token.len())
    };
    let mut longest = 0;
    for bytes in 2_600..2_800 {
        match length_with(bytes).await {
            Ok(length) => longest = longest.max(length),
            Err(fault) => assert_eq!(fault, ContextFault::TooLong),
        }
    }
    assert!((4_093..=4_096).contains(&longest), "{longest}");
    assert_eq!(length_with(2_800).await, Err(ContextFault::TooLong));
}

#[tokio::test]
async fn a_chain_of_32_actors_is_taken_and_one_of_33_is_not() {
    let signer = Keys::new().signer();
    let actors: Vec<String> = (0..33).map(|number| format!("a{number}")).collect();
    let of = |count: usize| ContextSubject { actors: &actors[..count], ..ALICE };
    assert!(token(&signer, &of(32), NOW).await.is_ok());
    assert_eq!(token(&signer, &of(33), NOW).await, Err(ContextFault::TooLong));
}

/// jsonwebtoken with a key read from the published document, as a receiver would.
#[tokio::test]
async fn a_library_of_json_web_tokens_verifies_both_algorithms() {
    let keys = Keys::new();
    for (pem, name) in [(p256_pem(), "ES256"), (ed25519_pem(), "EdDSA")] {
        let settings = context(&json!({"keys": [keys.add("one", &pem)]}));
        let signer = ContextSigner::new(&settings);
        let now = unix_now();
        let token = token(&signer, &ALICE, now).await.unwrap();
        assert_eq!(part(&token, 0)["alg"], name);
        let document: JwkSet = serde_json::from_str(&signer.key_set(soon()).await.unwrap()).unwrap();
        let key = DecodingKey::from_jwk(document.find("one").unwrap()).unwrap();
        let mut validation = Validation::new(name.parse().unwrap());
        validation.set_audience(&["tenantgate"]);
        validation.set_issuer(&[CONTEXT_ISSUER]);
        let claims = decode::<Value>(&*token, &key, &validation).unwrap().claims;
        assert_eq!(claims["tenant"], "acme");
        validation.set_audience(&["another"]);
        assert!(decode::<Value>(&*token, &key, &validation).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Whatever a value is made of, also of more than the grammars of ids allow, it is read back where it was put.
    #[test]
    fn no_value_breaks_out_of_its_place(
        texts in vec(odd_text(), 5),
        actors in vec(odd_text(), 0..4),
        scopes in vec(odd_text(), 0..4),
    ) {
        let [tenant, issuer, subject, audience, decision] = [0, 1, 2, 3, 4].map(|index| texts[index].as_str());
        let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let said = ContextSubject { tenant, issuer, subject, actors: &actors, scopes: &names };
        let keys = Keys::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let token = runtime.block_on(async { keys.signer().token(&said, audience, decision, NOW, soon()).await.unwrap() });
        let is_scope = |scope: &&str| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
        let scopes: BTreeSet<&str> = names.iter().copied().filter(is_scope).collect();
        let mut expected = json!({
            "iss": CONTEXT_ISSUER, "aud": audience, "iat": NOW, "exp": NOW + 60, "tenant": tenant, "sub": subject,
            "sub_id": {"format": "iss_sub", "iss": issuer, "sub": subject},
            "scope": scopes.into_iter().collect::<Vec<&str>>().join(" "), "txn": decision,
        });
        let chain = actors.iter().rev().fold(None, |inner: Option<Value>, actor| {
            let mut outer = json!({"sub": actor});
            if let Some(inner) = inner { outer["act"] = inner; }
            Some(outer)
        });
        if let Some(chain) = chain { expected["act"] = chain; }
        prop_assert_eq!(part(&token, 1), expected);
        prop_assert_eq!(part(&token, 0), json!({"alg": "ES256", "kid": "one", "typ": "tenant-context+jwt"}));
    }
}

fn odd_text() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "\"",
        "\\",
        "\",\"tenant\":\"other",
        "}",
        "{",
        "]",
        ",",
        ":",
        "\n",
        "\u{0}",
        "\u{1f}",
        "\u{7f}",
        "é",
        "\u{2028}",
        "😀",
        "\\u0022",
        ".",
        " ",
        "'",
        "</script>",
        "=",
        "\u{feff}",
    ];
    vec(any::<proptest::sample::Index>(), 0..12)
        .prop_map(move |indexes| indexes.iter().map(|index| pieces[index.index(pieces.len())]).collect())
}

#[tokio::test]
async fn nothing_of_a_key_or_a_caller_is_shown() {
    let keys = Keys::new();
    let pem = p256_pem();
    let settings = context(&json!({"keys": [keys.add("one", &pem)]}));
    let signer = ContextSigner::new(&settings);
    let token = token(&signer, &ALICE, NOW).await.unwrap();
    let shown = format!("{settings:?} {signer:?} {ALICE:?} {:?}", key_set(&signer).await);
    let secret = pem.lines().nth(2).unwrap();
    let signature = token.rsplit('.').next().unwrap();
    for hidden in [secret, signature, "alice", "orders.read"] {
        assert!(!shown.contains(hidden), "{hidden:?} in {shown}");
    }
    assert!(shown.contains("acme"));
}
