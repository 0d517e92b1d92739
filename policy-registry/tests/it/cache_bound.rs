//! The cache holds no more than it is told to.

use policy_registry::{CacheState, Registry, Settings};

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, principal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn no_more_answers_are_kept_than_the_bound() {
    for bound in [0, 1, 4] {
        let table = Table::with_acme().await;
        let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
        let registry = Registry::new(Settings { cache_entries_max: bound, ..settings(&endpoint.url) });
        let users: Vec<_> = (0..40).map(|number| principal("acme", &format!("stranger{number}"))).collect();
        for user in &users {
            assert_eq!(ask(&registry, user).await.cache, CacheState::Miss);
        }
        let mut hits = 0;
        for user in users.iter().rev() {
            hits += usize::from(ask(&registry, user).await.cache == CacheState::Hit);
        }
        assert!(hits <= bound.max(1), "{hits} of {bound}");
        assert_eq!(endpoint.request_count(), 80 - hits);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_kept_while_there_is_room() {
    let table = Table::with_acme().await;
    let registry = Registry::new(Settings { cache_entries_max: 200, ..settings(&table.url) });
    let users: Vec<_> = (0..50).map(|number| principal("acme", &format!("stranger{number}"))).collect();
    for state in [CacheState::Miss, CacheState::Hit] {
        for user in &users {
            assert_eq!(ask(&registry, user).await.cache, state);
        }
    }
}
