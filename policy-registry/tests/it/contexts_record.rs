//! A context is recorded once, and again only as the same; it is found until its time is over.

use std::sync::Arc;

use policy_model::TenantId;
use policy_registry::{CONTEXT_BYTES_MAX, ContextRecord, ContextRefusal, PrincipalKind, RouteProtocol};

use crate::context::{GATEWAY, context, find, least, record};
use crate::table::{Table, owned};
use crate::task::{NOW, deadline};

#[tokio::test(flavor = "multi_thread")]
async fn a_context_is_found_as_it_was_recorded() {
    let table = Table::new().await;
    let registry = table.registry();
    for name in ["r-1", "5d2b6f52-1a52-4c1d-8f6c-0b1a2c3d4e5f", "a#b %23/{}\"~", " ", &"/".repeat(256)] {
        for context in [context(name), least(name)] {
            record(&registry, &context).await.unwrap();
            assert_eq!(find(&registry, &context.gateway, name).await, Ok(Some(context)), "{name}");
        }
    }
    for kind in [PrincipalKind::User, PrincipalKind::Client] {
        for protocol in RouteProtocol::ALL {
            for rpc_id in ["7", "null", "\"\"", "1e400"] {
                let name = format!("{kind:?} {protocol:?} {rpc_id}");
                let context = ContextRecord { kind, protocol, rpc_id: Some(rpc_id.to_owned()), ..context(&name) };
                record(&registry, &context).await.unwrap();
                assert_eq!(find(&registry, GATEWAY, &name).await, Ok(Some(context)), "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_context_three_times_is_one_item_that_lasts_to_the_latest_time() {
    for same in [context("r-1"), least("r-1")] {
        let table = Table::new().await;
        let registry = table.registry();
        for later in 0..3 {
            let again = ContextRecord { expires_at: NOW + later, ..same.clone() };
            record(&registry, &again).await.unwrap();
            assert_eq!(find(&registry, &same.gateway, "r-1").await, Ok(Some(again)));
        }
        assert_eq!(table.dump().await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_that_differs_in_anything_is_a_conflict_and_changes_nothing() {
    for first in [context("r-1"), least("r-1")] {
        let table = Table::new().await;
        let registry = table.registry();
        record(&registry, &first).await.unwrap();
        for other in others(&first) {
            let refusal = record(&registry, &other).await;
            assert_eq!(refusal, Err(ContextRefusal::Conflict), "{:?}", other.to_item());
        }
        assert_eq!(find(&registry, &first.gateway, "r-1").await, Ok(Some(first)));
    }
}

/// Each differs from this one in one thing; nobody needs to say that it is there, or that it is not.
fn others(first: &ContextRecord) -> Vec<ContextRecord> {
    let word = || "other".to_owned();
    let first = || first.clone();
    let flip = |text: &Option<String>, other: &str| match text {
        Some(_) => vec![None, Some(other.to_owned())],
        None => vec![Some(other.to_owned())],
    };
    let mut others = vec![
        ContextRecord { tenant: TenantId::parse("globex").unwrap(), ..first() },
        ContextRecord { issuer: word(), ..first() },
        ContextRecord { subject: word(), ..first() },
        ContextRecord { actors: owned(&["helper"]), ..first() },
        ContextRecord { roles: owned(&["admin"]), ..first() },
        ContextRecord { protocol: RouteProtocol::A2a, ..first() },
        ContextRecord { binding: word(), ..first() },
        ContextRecord { app: word(), ..first() },
        ContextRecord { agent_name: word(), ..first() },
        ContextRecord { target: word(), ..first() },
        ContextRecord { method: word(), ..first() },
        ContextRecord { scopes: Some(Vec::new()), expires_at: u64::MAX, ..first() },
    ];
    others.extend(flip(&first().agent, "other").into_iter().map(|agent| ContextRecord { agent, ..first() }));
    others.extend(flip(&first().claims, "{}").into_iter().map(|claims| ContextRecord { claims, ..first() }));
    others.extend(flip(&first().resource, "other").into_iter().map(|resource| ContextRecord { resource, ..first() }));
    others.extend(flip(&first().rpc_id, "1").into_iter().map(|rpc_id| ContextRecord { rpc_id, ..first() }));
    let kind = match first().kind {
        PrincipalKind::User => PrincipalKind::Client,
        PrincipalKind::Client => PrincipalKind::User,
    };
    others.push(ContextRecord { kind, ..first() });
    if first().scopes.is_some() {
        others.push(ContextRecord { scopes: None, ..first() });
    }
    others
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_is_that_of_its_gateway_and_request_alone() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &context("r-1")).await.unwrap();
    record(&registry, &least("r-2")).await.unwrap();
    let other = GATEWAY.replace("main", "other");
    for (gateway, name) in [
        (GATEWAY, "r-2"),
        (GATEWAY, "R-1"),
        (GATEWAY, "r-1 "),
        (GATEWAY, "r%2D1"),
        ("", "r-1"),
        (&other, "r-1"),
        ("", &format!("{GATEWAY}#r-1")),
        ("#", "r-2"),
    ] {
        assert_eq!(find(&registry, gateway, name).await, Ok(None), "{gateway} {name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_counts_to_its_last_second() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &context("r-1")).await.unwrap();
    let last = NOW + 60;
    for (now, is_there) in [(0, true), (last, true), (last + 1, false), (u64::MAX, false)] {
        let found = registry.find_context(GATEWAY, "r-1", now, deadline()).await.unwrap();
        assert_eq!(found.is_some(), is_there, "{now}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_context_still_keeps_its_request_from_others() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &ContextRecord { expires_at: 1, ..context("r-1") }).await.unwrap();
    let other = ContextRecord { subject: "bob".to_owned(), ..context("r-1") };
    assert_eq!(record(&registry, &other).await, Err(ContextRefusal::Conflict));
    record(&registry, &context("r-1")).await.unwrap();
    assert!(find(&registry, GATEWAY, "r-1").await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_for_one_request_one_wins() {
    let table = Table::new().await;
    let registry = Arc::new(table.registry());
    let writes = (0..16).map(|number| {
        let registry = Arc::clone(&registry);
        let context = ContextRecord { subject: format!("user-{number}"), ..context("r-1") };
        tokio::spawn(async move { record(&registry, &context).await })
    });
    let mut wins = 0;
    for write in writes.collect::<Vec<_>>() {
        match write.await.unwrap() {
            Ok(()) => wins += 1,
            Err(refusal) => assert_eq!(refusal, ContextRefusal::Conflict),
        }
    }
    assert_eq!(wins, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_longer_than_an_item_should_be_is_not_written() {
    let table = Table::new().await;
    let registry = table.registry();
    let long = |length: usize| {
        let claims = format!("{{\"a\":\"{}\"}}", "x".repeat(length));
        ContextRecord { claims: Some(claims), ..context("r-1") }
    };
    for too_long in [
        long(CONTEXT_BYTES_MAX),
        ContextRecord { roles: vec!["r".repeat(1_000); 300], ..context("r-1") },
        ContextRecord { actors: vec![String::new(); CONTEXT_BYTES_MAX], ..context("r-1") },
        ContextRecord { subject: "s".repeat(CONTEXT_BYTES_MAX), ..context("r-1") },
    ] {
        assert_eq!(record(&registry, &too_long).await, Err(ContextRefusal::TooLarge));
    }
    assert!(table.dump().await.is_empty());
    let fits = long(CONTEXT_BYTES_MAX - 2_000);
    record(&registry, &fits).await.unwrap();
    assert_eq!(find(&registry, GATEWAY, "r-1").await, Ok(Some(fits)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_again_is_not_written() {
    let table = Table::new().await;
    let registry = table.registry();
    let text = |text: &str| Some(text.to_owned());
    let first = || context("r-1");
    for (wrong, name) in [
        (context(""), "requestId"),
        (context("r\n1"), "requestId"),
        (context("\u{e9}"), "requestId"),
        (context(&"r".repeat(257)), "requestId"),
        (ContextRecord { gateway: "g".repeat(401), ..first() }, "gateway"),
        (ContextRecord { gateway: "a b".to_owned(), ..first() }, "gateway"),
        (ContextRecord { issuer: String::new(), ..first() }, "issuer"),
        (ContextRecord { subject: String::new(), ..first() }, "subject"),
        (ContextRecord { binding: "a b".to_owned(), ..first() }, "bindingId"),
        (ContextRecord { app: String::new(), ..first() }, "appId"),
        (ContextRecord { agent_name: "a/b".to_owned(), ..first() }, "agentName"),
        (ContextRecord { claims: text("{"), ..first() }, "claims"),
        (ContextRecord { claims: text("[]"), ..first() }, "claims"),
        (ContextRecord { rpc_id: text("{}"), ..first() }, "rpcId"),
        (ContextRecord { rpc_id: text("r-1"), ..first() }, "rpcId"),
    ] {
        assert_eq!(record(&registry, &wrong).await, Err(ContextRefusal::Malformed(name)));
    }
    assert!(table.dump().await.is_empty());
}
