//! Waiting where DynamoDB has too much to do.

use std::time::Duration;

use aws_lc_rs::rand;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Longer and longer pauses, with chance in them, and an end.
pub(super) struct Backoff {
    attempts: u32,
    unanswered: u32,
}

impl Backoff {
    pub(super) fn new() -> Backoff {
        Backoff { attempts: 0, unanswered: 0 }
    }

    /// Waits before another attempt; whether there is to be one.
    pub(super) async fn wait(&mut self) -> bool {
        if self.attempts >= ATTEMPTS_MAX {
            return false;
        }
        let longest = PAUSE_MIN.saturating_mul(1_u32 << self.attempts.min(10)).min(PAUSE_MAX);
        self.attempts += 1;
        let mut byte = [0];
        let share = rand::fill(&mut byte).map_or(1.0, |()| f64::from(byte.first().copied().unwrap_or(255)) / 255.0);
        tokio::time::sleep(longest.mul_f64(0.5 + share / 2.0)).await;
        true
    }

    /// The same; where nobody answers there are few attempts.
    pub(super) async fn wait_after<E, R>(&mut self, error: &SdkError<E, R>) -> bool {
        if !matches!(error, SdkError::ServiceError(_)) {
            self.unanswered += 1;
            if self.unanswered > UNANSWERED_MAX {
                return false;
            }
        }
        self.wait().await
    }
}

/// Whether the same request may succeed a little later.
pub(super) fn is_passing<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    match error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(_) => error.code().is_some_and(|code| PASSING.contains(&code)),
        SdkError::ConstructionFailure(_) | _ => false,
    }
}

const ATTEMPTS_MAX: u32 = 12;

const UNANSWERED_MAX: u32 = 2;

const PAUSE_MIN: Duration = Duration::from_millis(25);

const PAUSE_MAX: Duration = Duration::from_secs(5);

const PASSING: [&str; 8] = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "ThrottlingError",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
    "TransactionInProgressException",
    "TransactionConflictException",
];
