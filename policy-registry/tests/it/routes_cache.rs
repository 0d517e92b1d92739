//! What is bound to a path is remembered for a while, refusals included.

use std::sync::Arc;
use std::time::Duration;

use policy_registry::{Registry, RoutePath, RouteRefusal, Settings};
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply, nobody};
use crate::route::{binding, bound, find, found, suspended};
use crate::table::settings;
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_question_about_a_first_segment_is_none() {
    let table = bound(&[binding("/a"), suspended("/s"), binding("/deep/er")]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    for (number, path) in ["/a", "/s/x", "/unbound", "/A", "/deep"].into_iter().enumerate() {
        let first = found(&registry, path).await;
        for again in [path.to_owned(), format!("{path}/")] {
            assert_eq!(found(&registry, &again).await, first, "{again}");
        }
        assert_eq!(endpoint.request_count(), number + 1, "{path}");
    }
    // What is bound and what is not are one answer.
    assert_eq!(found(&registry, "/deep/er/x").await.as_deref(), Ok("/deep/er"));
    assert_eq!(endpoint.request_count(), 5);
}

/// An id in each path, as in those of A2A tasks.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_paths_with_one_first_segment_cost_one_read_and_one_place() {
    let table = bound(&[binding("/a"), suspended("/a/tasks/7"), binding("/a/tasks/8/x")]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(Settings { cache_entries_max: 2, ..settings(&endpoint.url) });
    for number in 0..1_000 {
        let expected = if number == 7 { Err(RouteRefusal::Suspended) } else { Ok("/a") };
        let answer = found(&registry, &format!("/a/tasks/{number}")).await;
        assert_eq!(answer.as_deref().map_err(|refusal| *refusal), expected, "{number}");
    }
    assert_eq!(endpoint.request_count(), 1);
    for number in 0..1_000 {
        assert_eq!(found(&registry, &format!("/unbound/{number}")).await, Err(RouteRefusal::Unbound));
    }
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_binding_is_remembered_too() {
    let table = bound(&[binding("/a")]).await;
    let mut item = binding("/a").to_item();
    item.remove("status");
    table.put(item).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    for _ in 0..2 {
        assert_eq!(found(&registry, "/a").await, Err(RouteRefusal::Malformed("status")));
    }
    assert_eq!(endpoint.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_once_the_answer_is_too_old_and_not_before() {
    let ttl = Duration::from_millis(400);
    for (before, after, expected) in [
        (Some(binding("/a/b")), Some(suspended("/a/b")), Err(RouteRefusal::Suspended)),
        (Some(binding("/a/b")), None, Ok("/a")),
        (None, Some(binding("/a/b")), Ok("/a/b")),
    ] {
        let table = bound(&[binding("/a")]).await;
        if let Some(before) = &before {
            table.put(before.to_item()).await;
        }
        let registry = Registry::new(Settings { cache_ttl: ttl, ..settings(&table.url) });
        let started = Instant::now();
        let first = found(&registry, "/a/b").await;
        let answered = Instant::now();
        match &after {
            Some(after) => table.put(after.to_item()).await,
            None => table.delete(binding("/a/b").key()).await,
        }
        loop {
            let now = Instant::now();
            let answer = found(&registry, "/a/b").await;
            if answer != first {
                assert_eq!(answer.as_deref().map_err(|refusal| *refusal), expected);
                assert!(started.elapsed() >= ttl, "forgotten after {:?}", started.elapsed());
                break;
            }
            assert!(now < answered + ttl, "used for {:?}", now - answered);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_simultaneous_questions_about_a_first_segment_are_one() {
    let table = bound(&[binding("/a")]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Arc::new(Registry::new(settings(&endpoint.url)));
    for (path, expected) in [("/a/b", Ok("/a")), ("/unbound", Err(RouteRefusal::Unbound))] {
        let before = endpoint.request_count();
        for answer in thousand(&registry, path).await {
            assert_eq!(answer.as_deref().map_err(|refusal| *refusal), expected);
        }
        assert_eq!(endpoint.request_count(), before + 1, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_questions_to_a_table_that_hangs_are_one_and_end() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let mut settings = settings(&endpoint.url);
    settings.client.timeout = Duration::from_millis(400);
    let registry = Arc::new(Registry::new(settings));
    let start = Instant::now();
    for answer in thousand(&registry, "/a").await {
        assert_eq!(answer, Err(RouteRefusal::Unavailable("timeout")));
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    // One question, which has two attempts.
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_table_is_unavailable_with_its_cause() {
    for (status, code, cause) in [
        (400, "AccessDeniedException", "access denied"),
        (400, "ProvisionedThroughputExceededException", "throttled"),
        (400, "ResourceNotFoundException", "no such table"),
        (500, "InternalServerError", "service"),
    ] {
        let endpoint = Endpoint::new(error(status, code)).await;
        let refusal = found(&Registry::new(settings(&endpoint.url)), "/a").await;
        assert_eq!(refusal, Err(RouteRefusal::Unavailable(cause)));
    }
    let refusal = found(&Registry::new(settings(&nobody().await)), "/a").await;
    assert_eq!(refusal, Err(RouteRefusal::Unavailable("connection")));
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_remembered_briefly() {
    let table = bound(&[binding("/a")]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    // So that the client is there and connected: what counts is the time of one answer.
    assert!(found(&registry, "/warm").await == Err(RouteRefusal::Unbound));
    endpoint.reply_with(error(400, "AccessDeniedException"));
    for path in ["/a", "/a/b"] {
        assert_eq!(found(&registry, path).await, Err(RouteRefusal::Unavailable("access denied")));
    }
    assert_eq!(endpoint.request_count(), 2);
    endpoint.reply_with(Reply::Forward(table.address));
    let end = Instant::now() + Duration::from_secs(5);
    while let Err(refusal) = found(&registry, "/a").await {
        assert!(Instant::now() < end, "still {refusal:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The table is well: only this caller had no time left.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_is_kept_and_not_held_against_the_next_caller() {
    let table = bound(&[binding("/a")]).await;
    let endpoint = Endpoint::new(Reply::Once(Box::new(Reply::Hang), Box::new(Reply::Forward(table.address)))).await;
    let registry = Registry::new(settings(&endpoint.url));
    let (path, start) = (RoutePath::parse("/a").unwrap(), Instant::now());
    assert_eq!(registry.find_route(&path, start).await, Err(RouteRefusal::Unavailable("timeout")));
    assert_eq!(endpoint.request_count(), 0);
    let soon = start + Duration::from_millis(300);
    assert_eq!(registry.find_route(&path, soon).await, Err(RouteRefusal::Unavailable("timeout")));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(find(&registry, "/a").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_answers_are_kept_than_the_bound() {
    let table = bound(&[]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(Settings { cache_entries_max: 4, ..settings(&endpoint.url) });
    for round in 1..=2 {
        for number in 0..40 {
            assert_eq!(found(&registry, &format!("/{number}")).await, Err(RouteRefusal::Unbound));
        }
        assert!(endpoint.request_count() >= 36 * round + 4, "{}", endpoint.request_count());
    }
}

/// About as many paths below that one.
async fn thousand(registry: &Arc<Registry>, path: &'static str) -> Vec<Result<String, RouteRefusal>> {
    let mut questions = tokio::task::JoinSet::new();
    for number in 0..1_000 {
        let registry = Arc::clone(registry);
        questions.spawn(async move { found(&registry, &format!("{path}/{number}")).await });
    }
    questions.join_all().await
}
