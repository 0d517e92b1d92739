//! When a tenant context is used again, and that nobody gets another's.

use std::collections::HashMap;
use std::sync::Arc;

use interceptors::tenant_context::ContextSubject;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use crate::context_stage::{ALICE, Keys, NOW, part, soon, token};

#[tokio::test]
async fn a_context_is_used_again_while_half_its_life_is_left() {
    let signer = Keys::new().signer();
    let first = token(&signer, &ALICE, NOW).await.unwrap();
    for later in [0, 1, 30] {
        assert!(Arc::ptr_eq(&first, &token(&signer, &ALICE, NOW + later).await.unwrap()), "{later}");
    }
    let second = token(&signer, &ALICE, NOW + 31).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(part(&second, 1)["iat"], NOW + 31);
    assert!(Arc::ptr_eq(&second, &token(&signer, &ALICE, NOW + 32).await.unwrap()));
}

#[tokio::test]
async fn a_context_of_the_future_is_not_used_when_the_clock_has_gone_back() {
    let signer = Keys::new().signer();
    let first = token(&signer, &ALICE, NOW).await.unwrap();
    let back = token(&signer, &ALICE, NOW - 1).await.unwrap();
    assert_ne!(first, back);
    assert_eq!(part(&back, 1)["iat"], NOW - 1);
}

#[tokio::test]
async fn the_decision_is_the_one_that_it_was_signed_for() {
    let signer = Keys::new().signer();
    let first = signer.token(&ALICE, "tenantgate", "decision-1", NOW, soon()).await.unwrap();
    let again = signer.token(&ALICE, "tenantgate", "decision-2", NOW, soon()).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    assert_eq!(part(&again, 1)["txn"], "decision-1");
}

#[tokio::test]
async fn a_change_to_any_part_is_another_context() {
    let signer = Keys::new().signer();
    let (one, two) = (["a".to_owned()], ["a".to_owned(), "a".to_owned()]);
    let subjects = [
        ALICE,
        ContextSubject { tenant: "acme2", ..ALICE },
        ContextSubject { issuer: "https://issuer.example/other", ..ALICE },
        ContextSubject { subject: "alice2", ..ALICE },
        ContextSubject { actors: &one, ..ALICE },
        ContextSubject { actors: &two, ..ALICE },
        ContextSubject { scopes: &[], ..ALICE },
        ContextSubject { scopes: &["orders.read"], ..ALICE },
        ContextSubject { scopes: &["orders.writeorders.read"], ..ALICE },
        // The same characters at other joints.
        ContextSubject { tenant: "ac", issuer: "mehttps://issuer.example/main", ..ALICE },
        ContextSubject { actors: &one, scopes: &[], ..ALICE },
        ContextSubject { scopes: &["a"], ..ALICE },
    ];
    let mut tokens = Vec::new();
    for subject in &subjects {
        tokens.push(token(&signer, subject, NOW).await.unwrap());
        tokens.push(signer.token(subject, "https://orders.example", "decision-1", NOW, soon()).await.unwrap());
    }
    let mut different = tokens.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), tokens.len());
    for (index, subject) in subjects.iter().enumerate() {
        assert!(Arc::ptr_eq(&tokens[index * 2], &token(&signer, subject, NOW).await.unwrap()), "{index}");
    }
}

#[tokio::test]
async fn many_callers_at_once_get_their_own() {
    let signer = Arc::new(Keys::new().signer());
    let callers = (0..200).map(|number| {
        let signer = Arc::clone(&signer);
        tokio::spawn(async move {
            let user = format!("user-{}", number % 20);
            let token = token(&signer, &ContextSubject { subject: &user, ..ALICE }, NOW).await.unwrap();
            assert_eq!(part(&token, 1)["sub"], *user);
        })
    });
    for caller in futures_util::future::join_all(callers).await {
        caller.unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// From an alphabet so small that parts run into each other, no two subjects share a context.
    #[test]
    fn two_callers_never_share(subjects in vec((vec("[ab1]{0,2}", 4), vec("[ab1]{0,2}", 0..3), vec("[ab1]{0,2}", 0..3)), 2..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let signer = Keys::new().signer();
        let mut owners = HashMap::new();
        for subject in &subjects {
            let (texts, actors, scopes) = subject;
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let said = ContextSubject { tenant: &texts[0], issuer: &texts[1], subject: &texts[2], actors, scopes: &scopes };
            let token = runtime.block_on(async { signer.token(&said, &texts[3], "d", NOW, soon()).await.unwrap() });
            let owner = owners.entry(token.to_string()).or_insert(subject);
            prop_assert_eq!(*owner, subject);
            prop_assert!(part(&token, 1)["tenant"] == *texts[0] && part(&token, 1)["aud"] == *texts[3]);
        }
    }
}
