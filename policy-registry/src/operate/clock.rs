//! When something was done, and a word that nothing else has.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand;
use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};

use super::OperateError;

/// A moment in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp(u64);

impl Stamp {
    pub(super) fn now() -> Stamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Stamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn seconds(self) -> u64 {
        self.0 / 1_000
    }

    /// What is above the seconds, below 1000.
    pub(super) fn millis(self) -> u64 {
        self.0 % 1_000
    }

    /// RFC 3339, UTC, always with three digits of a second: it sorts by time.
    pub(super) fn text(self) -> Result<String, OperateError> {
        let seconds = i64::try_from(self.seconds()).unwrap_or(i64::MAX);
        let text = DateTime::from_secs(seconds).fmt(DateTimeFormat::DateTime);
        let text = text.map_err(|_| OperateError::Table("the clock shows no date".to_owned()))?;
        Ok(format!("{}.{:03}Z", text.trim_end_matches('Z'), self.millis()))
    }
}

/// The day in UTC, as in `2026-11-22`.
pub(super) fn day(seconds: u64) -> Result<String, OperateError> {
    let text = Stamp(seconds.saturating_mul(1_000)).text()?;
    Ok(text.split('T').next().unwrap_or_default().to_owned())
}

/// Random hexadecimal digits, two for each byte.
pub(super) fn random_hex<const BYTES: usize>() -> Result<String, OperateError> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_| OperateError::Table("no random numbers".to_owned()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(super) const DAY_SECONDS: u64 = 86_400;
