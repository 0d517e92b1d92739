//! No id reaches the item of another id.

use policy_registry::Refusal;
use policy_registry::record::Membership;

use crate::table::{ISSUER, Table, ask, document, membership, of_issuer, principal, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn separators_in_issuer_and_subject_reach_nobody_else() {
    let table = Table::with_acme().await;
    table.put(Membership { issuer: "https://a".to_owned(), ..membership("acme", "b#c") }.to_item()).await;
    let registry = table.registry();
    assert!(ask(&registry, &of_issuer("https://a", "b#c", "acme")).await.grant.is_ok());
    for (issuer, subject) in [
        ("https://a#b", "c"),
        ("https://a", "b%23c"),
        ("https%3A%2F%2Fa", "b#c"),
        ("https://a", "b"),
        ("https://a", "B#c"),
        ("https://A", "b#c"),
        ("https://a/", "b#c"),
        ("https://a#", "b#c"),
        ("", "b#c"),
    ] {
        let refusal = refusal(&registry, &of_issuer(issuer, subject, "acme")).await;
        assert_eq!(refusal, Refusal::NotAMember, "{issuer} {subject}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_look_like_keys_reach_no_item() {
    let table = Table::with_acme().await;
    let registry = table.registry();
    for subject in ["alice#TENANT#acme", "TENANT#acme", "#", "%", "alice%00", "alice/../bob", "USER#alice", "{}"] {
        assert_eq!(refusal(&registry, &principal("acme", subject)).await, Refusal::NotAMember, "{subject}");
    }
    for issuer in ["TENANT", "USER", "https://issuer.example/main#alice", "\u{0}", "\u{ff0f}", "ISSUER"] {
        assert_eq!(refusal(&registry, &of_issuer(issuer, "acme", "acme")).await, Refusal::NotAMember, "{issuer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_subject_of_two_issuers_is_two_users() {
    let table = Table::with_acme().await;
    let other = "https://issuer.example/other";
    let registry = table.registry();
    assert!(ask(&registry, &of_issuer(ISSUER, "alice", "acme")).await.grant.is_ok());
    assert_eq!(refusal(&registry, &of_issuer(other, "alice", "acme")).await, Refusal::NotAMember);
    let roles = vec!["guest".to_owned()];
    table.put(Membership { issuer: other.to_owned(), roles, ..membership("acme", "alice") }.to_item()).await;
    let registry = table.registry();
    assert_eq!(ask(&registry, &of_issuer(other, "alice", "acme")).await.grant.unwrap().roles, ["guest"]);
    assert_eq!(ask(&registry, &of_issuer(ISSUER, "alice", "acme")).await.grant.unwrap().roles, ["admin"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_no_prefix_and_no_other_spelling_of_another() {
    let table = Table::with_acme().await;
    for tenant in ["acme-eu", "acm", "Acme", "ACME", "acme.", "acme_eu"] {
        table.publish(tenant, &document(tenant, "p9")).await;
        assert_eq!(refusal(&table.registry(), &principal(tenant, "alice")).await, Refusal::NotAMember, "{tenant}");
    }
    table.enroll("acme-eu", "eve", &["admin"]).await;
    assert_eq!(refusal(&table.registry(), &principal("acme", "eve")).await, Refusal::NotAMember);
    assert!(ask(&table.registry(), &principal("acme-eu", "eve")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_ids_can_be_members() {
    let table = Table::new().await;
    let (tenant, subject, issuer) = ("t".repeat(63), "/".repeat(256), "/".repeat(400));
    table.publish(&tenant, &document(&tenant, "p1")).await;
    table.put(Membership { issuer: issuer.clone(), ..membership(&tenant, &subject) }.to_item()).await;
    assert!(ask(&table.registry(), &of_issuer(&issuer, &subject, &tenant)).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_too_long_for_a_key_is_refused() {
    let table = Table::with_acme().await;
    let refusal = refusal(&table.registry(), &of_issuer(&"/".repeat(4_000), "alice", "acme")).await;
    assert!(matches!(refusal, Refusal::Unavailable(_)), "{refusal:?}");
}
