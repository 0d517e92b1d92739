//! Sessions at the endpoint: by which token whose credentials are fetched, until when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::{digest, rand};
use policy_registry::Moment;

use crate::broker::{Holder, unix_now};
use crate::held::Holding;

/// All that are open.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Open>);

/// Why there is no new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The holder has as many as one may have.
    Holder,
    /// There are as many as there may be.
    All,
    /// There is no random token to be had.
    NoToken,
}

#[derive(Debug, Default)]
struct Open {
    sessions: HashMap<TokenHash, Session>,
    counts: HashMap<Holding, usize>,
}

#[derive(Debug)]
struct Session {
    holder: Arc<Holder>,
    ends: Moment,
}

/// SHA-256 of a token. How long finding one takes says nothing of the tokens that there are: nobody can choose a token by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct TokenHash([u8; 32]);

impl Sessions {
    /// Opens one that ends when the holder's token expires: the new token, which is not kept.
    pub(crate) fn open(&self, holder: Holder) -> Result<String, Full> {
        let mut random = [0; TOKEN_BYTES];
        rand::fill(&mut random).map_err(|_| Full::NoToken)?;
        let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let ends = Moment::now().after(Duration::from_secs(holder.expires().saturating_sub(unix_now())));
        let holding = holder.holding();
        let mut open = self.lock();
        if open.sessions.len() >= SESSIONS_MAX || open.count(&holding) >= HOLDER_SESSIONS_MAX {
            open.sweep();
        }
        if open.count(&holding) >= HOLDER_SESSIONS_MAX {
            return Err(Full::Holder);
        }
        if open.sessions.len() >= SESSIONS_MAX {
            return Err(Full::All);
        }
        *open.counts.entry(holding).or_default() += 1;
        open.sessions.insert(TokenHash::of(&token), Session { holder: Arc::new(holder), ends });
        Ok(token)
    }

    /// Whose it is, if it is open.
    pub(crate) fn find(&self, token: &str) -> Option<Arc<Holder>> {
        let hash = TokenHash::of(token);
        let mut open = self.lock();
        let session = open.sessions.get(&hash)?;
        if session.ends.is_over() {
            open.remove(hash);
            return None;
        }
        Some(Arc::clone(&session.holder))
    }

    /// Ends one: whose it was.
    pub(crate) fn end(&self, token: &str) -> Option<Arc<Holder>> {
        let session = self.lock().remove(TokenHash::of(token))?;
        (!session.ends.is_over()).then_some(session.holder)
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn count(&self, holding: &Holding) -> usize {
        self.counts.get(holding).copied().unwrap_or_default()
    }

    fn remove(&mut self, hash: TokenHash) -> Option<Session> {
        let session = self.sessions.remove(&hash)?;
        let holding = session.holder.holding();
        match self.count(&holding) {
            0 | 1 => drop(self.counts.remove(&holding)),
            more => drop(self.counts.insert(holding, more - 1)),
        }
        Some(session)
    }

    fn sweep(&mut self) {
        let over = self.sessions.iter().filter(|(_, session)| session.ends.is_over()).map(|(hash, _)| *hash);
        for hash in over.collect::<Vec<_>>() {
            self.remove(hash);
        }
    }
}

impl TokenHash {
    fn of(token: &str) -> TokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
        TokenHash(hash)
    }
}

/// 256 bits.
const TOKEN_BYTES: usize = 32;

/// Most sessions of all.
const SESSIONS_MAX: usize = 10_000;

/// Most sessions of one tenant's user.
pub(crate) const HOLDER_SESSIONS_MAX: usize = 100;
