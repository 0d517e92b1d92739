//! What stands in the partition of a first segment is taken whole, or not at all.

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use policy_registry::record::Item;
use policy_registry::{Registry, RouteRefusal};
use serde_json::{Value, json};

use crate::endpoint::{Endpoint, Reply};
use crate::route::{binding, bound, found, suspended};
use crate::table::{TABLE, Table, settings};

/// Whatever its path says: what it was to refuse is not known.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_at_a_place_that_is_not_its_own_refuses_what_stands_beside_it() {
    for (moved, pk, sk) in [
        ("/a/b", "ROUTE#a", "ROUTE#/a/c"),
        ("/a/b", "ROUTE#a", "ROUTE#/a"),
        ("/a/b", "ROUTE#a", "ROUTE#%2Fa%2Fb"),
        ("/a/b", "ROUTE#a", "ROUTE"),
        ("/a/b", "ROUTE#a", "/a/b"),
        ("/other", "ROUTE#a", "ROUTE#/other"),
        ("/other", "ROUTE#a", "ROUTE#/a/other"),
    ] {
        let table = bound(&[binding("/x/y"), binding("/other")]).await;
        let mut item = suspended(moved).to_item();
        item.extend(key(pk, sk));
        table.put(item).await;
        let registry = table.registry();
        for path in ["/a", "/a/b", "/a/c/d"] {
            assert_eq!(found(&registry, path).await, Err(RouteRefusal::Malformed("path")), "{path}: {sk}");
        }
        for path in ["/x/y", "/other"] {
            assert_eq!(found(&registry, path).await.as_deref(), Ok(path), "{sk}");
        }
    }
}

/// A first segment reaches no partition but its own.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_another_partition_counts_for_nothing() {
    let table = bound(&[binding("/b"), binding("/A"), binding("/a~b")]).await;
    for pk in ["ROUTE#%2Fa", "ROUTE#/a", "ROUTE#a#", "ROUTE#a~", "ROUTE#", "TENANT#a", "a"] {
        let mut item = binding("/a").to_item();
        item.extend(key(pk, "ROUTE#/a"));
        table.put(item).await;
    }
    let registry = table.registry();
    for path in ["/a", "/a/b", "/a~", "/a:"] {
        assert_eq!(found(&registry, path).await, Err(RouteRefusal::Unbound), "{path}");
    }
    for path in ["/b", "/A", "/a~b"] {
        assert_eq!(found(&registry, path).await.as_deref(), Ok(path));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_the_whole_of_its_partition_is_none() {
    let item = |path: &str| {
        let texts = binding(path)
            .to_item()
            .into_iter()
            .filter_map(|(name, value)| Some((name, json!({"S": value.as_s().ok()?}))));
        let mut item: Value = texts.collect::<serde_json::Map<String, Value>>().into();
        item["schema"] = json!({"N": "1"});
        item
    };
    let last = json!({"pk": {"S": "ROUTE#a"}, "sk": {"S": "ROUTE#/a"}});
    for (answer, expected) in [
        (json!({"Items": [item("/a"), item("/a/b")], "Count": 2}), Ok("/a")),
        (json!({"Items": [item("/a")], "LastEvaluatedKey": last}), Err(RouteRefusal::Malformed("bindings"))),
        (json!({"Items": [], "LastEvaluatedKey": last}), Err(RouteRefusal::Malformed("bindings"))),
        (json!({"Items": [item("/a"), item("/b")]}), Err(RouteRefusal::Malformed("key"))),
        (json!({"Items": [item("/a"), item("/a/b"), item("/a")]}), Err(RouteRefusal::Malformed("key"))),
        (json!({"Items": [item("/a"), {}]}), Err(RouteRefusal::Malformed("key"))),
        (json!({"Items": []}), Err(RouteRefusal::Unbound)),
        (json!({}), Err(RouteRefusal::Malformed("items"))),
    ] {
        let endpoint = Endpoint::new(Reply::Json(200, answer.to_string())).await;
        let registry = Registry::new(settings(&endpoint.url));
        for _ in 0..2 {
            let answered = found(&registry, "/a/c").await;
            assert_eq!(answered.as_deref().map_err(|refusal| *refusal), expected, "{answer}");
        }
        assert_eq!(endpoint.request_count(), 1, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_bindings_are_answered_for_and_one_more_refuses_them_all() {
    let table = bound(&[binding("/b")]).await;
    let paths: Vec<String> = (0..1_000).map(|number| format!("/a/{number}")).collect();
    for some in paths.chunks(25) {
        put_all(&table, some).await;
    }
    assert_eq!(found(&table.registry(), "/a/999/x").await.as_deref(), Ok("/a/999"));
    table.put(binding("/a/x/y").to_item()).await;
    let registry = table.registry();
    for path in ["/a/999/x", "/a/x/y", "/a"] {
        assert_eq!(found(&registry, path).await, Err(RouteRefusal::Malformed("bindings")), "{path}");
    }
    assert_eq!(found(&registry, "/b").await.as_deref(), Ok("/b"));
}

/// More than one page, which has 1 MB.
#[tokio::test(flavor = "multi_thread")]
async fn bindings_that_fill_more_than_a_page_are_refused() {
    let table = bound(&[]).await;
    let long = format!("/{}", "a".repeat(169)).repeat(3);
    let paths: Vec<String> = (0..575).map(|number| format!("{long}/{number:0>169}")).collect();
    for some in paths.chunks(25) {
        put_all(&table, some).await;
    }
    assert_eq!(found(&table.registry(), &paths[0]).await.as_deref(), Ok(paths[0].as_str()));
    for some in (575..999).map(|number| format!("{long}/{number:0>169}")).collect::<Vec<String>>().chunks(25) {
        put_all(&table, some).await;
    }
    assert_eq!(found(&table.registry(), &paths[0]).await, Err(RouteRefusal::Malformed("bindings")));
}

async fn put_all(table: &Table, paths: &[String]) {
    let put = |path: &String| {
        let put = PutRequest::builder().set_item(Some(binding(path).to_item())).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let requests = paths.iter().map(put).collect();
    let written = table.client.batch_write_item().request_items(TABLE, requests).send().await.unwrap();
    assert!(written.unprocessed_items().is_none_or(|left| left.is_empty()));
}

fn key(pk: &str, sk: &str) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}
