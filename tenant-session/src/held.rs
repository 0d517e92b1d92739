//! Credentials that are remembered, and exchanges under way.

use std::sync::Arc;
use std::time::Duration;

use policy_model::TenantId;
use policy_registry::{Member, Moment};
use quick_cache::sync::Cache;

use crate::credentials::TenantCredentials;
use crate::exchange::ExchangeFault;

/// Whose credentials they are. All say it together: no two tenants have one entry, and no two issuers' users of one name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Holding {
    pub(crate) tenant: TenantId,
    pub(crate) member: Member,
    /// SHA-256 of the token where AWS decides on that: what it thinks of one says nothing of another.
    pub(crate) token: Option<[u8; 32]>,
}

/// What came of an exchange, and until when it counts.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    outcome: Result<Arc<TenantCredentials>, ExchangeFault>,
    until: Moment,
}

/// All that are remembered.
pub(crate) struct HeldCredentials(Cache<Holding, Held>);

impl Held {
    /// Credentials, while enough of their life is left. `asked` is when they were asked for: before that they had no life.
    pub(crate) fn credentials(credentials: TenantCredentials, asked: Moment, asked_unix: u64) -> Held {
        let life = Duration::from_secs(credentials.expires.saturating_sub(asked_unix));
        let margin = MARGIN_MAX.min(life / 3);
        Held { outcome: Ok(Arc::new(credentials)), until: asked.after(life.saturating_sub(margin)) }
    }

    /// A failure: soon over, but not asked again for each of a thousand callers. It counts from now, as asking may have taken longer.
    pub(crate) fn fault(fault: ExchangeFault) -> Held {
        Held { outcome: Err(fault), until: Moment::now().after(FAULT_TTL) }
    }
}

impl HeldCredentials {
    /// What is remembered, or else what `ask` says: it is asked once for all who want the same at the same time.
    pub(crate) async fn once(
        &self,
        holding: &Holding,
        ask: impl AsyncFnOnce() -> Held,
    ) -> Result<Arc<TenantCredentials>, ExchangeFault> {
        if let Some(held) = self.0.get(holding)
            && held.until.is_over()
        {
            self.0.remove_if(holding, |other| other.until == held.until);
        }
        match self.0.get_value_or_guard_async(holding).await {
            Ok(held) => held.outcome,
            Err(place) => {
                let held = ask().await;
                // The place is given up only when the cache was cleared meanwhile.
                drop(place.insert(held.clone()));
                held.outcome
            }
        }
    }
}

impl Default for HeldCredentials {
    fn default() -> HeldCredentials {
        HeldCredentials(Cache::new(HELD_MAX))
    }
}

impl std::fmt::Debug for HeldCredentials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("HeldCredentials").field("entries", &self.0.len()).finish()
    }
}

/// Most entries.
const HELD_MAX: usize = 10_000;

/// Credentials are handed out no later than this before they expire, or than a third of a shorter life.
const MARGIN_MAX: Duration = Duration::from_secs(300);

/// How long a failure is the answer without asking again.
const FAULT_TTL: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use policy_model::UserId;
    use policy_registry::PrincipalKind;
    use proptest::prelude::*;

    use super::*;

    fn credentials(of: &str, expires: u64) -> TenantCredentials {
        let text = of.to_owned();
        TenantCredentials { access_key_id: text.clone(), secret_access_key: text.clone(), session_token: text, expires }
    }

    fn held(of: &str, life: u64) -> Held {
        Held::credentials(credentials(of, life), Moment::now(), 0)
    }

    fn holding(tenant: &str, issuer: &str, subject: &str) -> Holding {
        let member =
            Member { kind: PrincipalKind::User, issuer: issuer.into(), subject: UserId::parse(subject).unwrap() };
        Holding { tenant: TenantId::parse(tenant).unwrap(), member, token: None }
    }

    #[tokio::test]
    async fn one_exchange_serves_all_who_want_the_same_at_once() {
        let all = Arc::new(HeldCredentials::default());
        let asked = Arc::new(Mutex::new(0));
        let flights: Vec<_> = (0..50)
            .map(|_| {
                let (all, asked) = (Arc::clone(&all), Arc::clone(&asked));
                tokio::spawn(async move {
                    let holding = holding("acme", "https://issuer.example", "alice");
                    let ask = async || {
                        *asked.lock().unwrap() += 1;
                        tokio::task::yield_now().await;
                        held("acme", 900)
                    };
                    all.once(&holding, ask).await.unwrap().access_key_id.clone()
                })
            })
            .collect();
        for flight in flights {
            assert_eq!(flight.await.unwrap(), "acme");
        }
        assert_eq!(*asked.lock().unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_are_handed_out_until_five_minutes_or_a_third_of_their_life_is_left() {
        for (life, used) in [(3600, 3300), (900, 600), (300, 200), (0, 0)] {
            let all = HeldCredentials::default();
            let holding = holding("acme", "i", "alice");
            all.once(&holding, async || held("first", life)).await.unwrap();
            if let Some(before) = u64::checked_sub(used, 1) {
                tokio::time::advance(Duration::from_secs(before)).await;
                let kept = all.once(&holding, async || held("second", life)).await.unwrap();
                assert_eq!(kept.access_key_id, "first", "{life}");
                tokio::time::advance(Duration::from_secs(1)).await;
            }
            let renewed = all.once(&holding, async || held("second", life)).await.unwrap();
            assert_eq!(renewed.access_key_id, "second", "{life}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_not_repeated_for_a_second_and_then_forgotten() {
        let all = HeldCredentials::default();
        let holding = holding("acme", "i", "alice");
        let fail = async || Held::fault(ExchangeFault::Throttled);
        assert_eq!(all.once(&holding, fail).await, Err(ExchangeFault::Throttled));
        assert_eq!(all.once(&holding, async || held("x", 900)).await, Err(ExchangeFault::Throttled));
        tokio::time::advance(FAULT_TTL).await;
        assert!(all.once(&holding, async || held("x", 900)).await.is_ok());
    }

    proptest! {
        #[test]
        fn nobody_is_handed_what_was_asked_for_somebody_else(
            asked in proptest::collection::vec(("[ab]{1,2}", "[ab|/]{1,2}", "[ab|/]{1,2}"), 1..40)
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let all = HeldCredentials::default();
            for (tenant, issuer, subject) in asked {
                let own = format!("{tenant} {issuer} {subject}");
                let holding = holding(&tenant, &issuer, &subject);
                let given = runtime.block_on(all.once(&holding, async || held(&own, 900))).unwrap();
                prop_assert_eq!(&given.access_key_id, &own);
            }
        }
    }
}
