//! What the table answered a short while ago, refusals included.

use std::hash::Hash;

use quick_cache::Equivalent;
use quick_cache::sync::Cache;

use crate::moment::Moment;

/// Answers by what was asked, each for as long as it counts.
pub(crate) struct Answers<K, T>(Cache<K, Answer<T>>);

/// An answer, and until when it counts.
#[derive(Clone)]
pub(crate) struct Answer<T> {
    pub(crate) answer: T,
    pub(crate) expires: Moment,
}

impl<K: Eq + Hash, T: Clone> Answers<K, T> {
    pub(crate) fn new(entries_max: usize) -> Answers<K, T> {
        Answers(Cache::new(entries_max))
    }

    /// What is remembered and still counts.
    pub(crate) fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, question: &Q) -> Option<T> {
        let held = self.0.get(question)?;
        if !held.expires.is_over() {
            return Some(held.answer);
        }
        self.0.remove_if(question, |other| other.expires == held.expires);
        None
    }

    /// Asks; simultaneous questions about one thing are one.
    pub(crate) async fn ask_once<Q>(&self, question: &Q, ask: impl Future<Output = Answer<T>>) -> T
    where
        Q: Hash + Equivalent<K> + ToOwned<Owned = K> + ?Sized,
    {
        match self.0.get_value_or_guard_async(question).await {
            Ok(held) => held.answer,
            Err(place) => {
                let held = ask.await;
                let answer = held.answer.clone();
                // The place is given up only when the cache was cleared meanwhile.
                drop(place.insert(held));
                answer
            }
        }
    }
}
