//! Decision contexts: who asked for what, written by REQUEST and read by RESPONSE. Nothing is remembered.

use tokio::time::Instant;

use crate::key::Key;
use crate::put::{PutFault, put_once};
use crate::read::{ReadFault, read};
use crate::record::{ContextRecord, MalformedItem, is_gateway, is_request_id, item_bytes};
use crate::registry::Registry;

/// Longest item of a context, in bytes; DynamoDB takes 400 KB.
pub const CONTEXT_BYTES_MAX: usize = 300_000;

/// Why a context is not known, or cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextRefusal {
    /// Another one is recorded for the same request.
    Conflict,
    /// Its item would be longer than [`CONTEXT_BYTES_MAX`].
    TooLarge,
    /// It is not what it should be: the attribute.
    Malformed(&'static str),
    /// The table did not answer in time, or at all: the cause.
    Unavailable(&'static str),
}

impl Registry {
    /// Records a context by one conditional write: the same one may be recorded again, and no other for its request.
    ///
    /// # Errors
    /// [`ContextRefusal`]; of the table within the timeout of the settings and before `deadline`.
    pub async fn record_context(&self, context: &ContextRecord, deadline: Instant) -> Result<(), ContextRefusal> {
        let item = context.to_item();
        // What could not be read again is not written.
        ContextRecord::from_item(&item, &context.gateway, &context.request_id)?;
        if item_bytes(&item) > CONTEXT_BYTES_MAX {
            return Err(ContextRefusal::TooLarge);
        }
        let written = self.in_time(deadline, async {
            Ok(put_once(self.client().await?, self.table(), item, &ContextRecord::OPTIONAL).await?)
        });
        written.await
    }

    /// Finds the context of a gateway's request, by one strongly consistent read; none if it is over. `now` is in seconds since
    /// 1970.
    ///
    /// # Errors
    /// [`ContextRefusal::Malformed`], or [`ContextRefusal::Unavailable`] within the timeout of the settings and before `deadline`.
    pub async fn find_context(
        &self,
        gateway: &str,
        request_id: &str,
        now: u64,
        deadline: Instant,
    ) -> Result<Option<ContextRecord>, ContextRefusal> {
        if !is_gateway(gateway) {
            return Err(ContextRefusal::Malformed("gateway"));
        }
        if !is_request_id(request_id) {
            return Err(ContextRefusal::Malformed("requestId"));
        }
        let key = Key::context(gateway, request_id);
        let found = self.in_time(deadline, async {
            let items = read(self.client().await?, self.table(), std::slice::from_ref(&key)).await?;
            let context =
                items.get(&key).map(|item| ContextRecord::from_item(item, gateway, request_id)).transpose()?;
            Ok(context.filter(|context| now <= context.expires_at))
        });
        found.await
    }
}

impl From<ReadFault> for ContextRefusal {
    fn from(fault: ReadFault) -> ContextRefusal {
        match fault {
            ReadFault::Malformed(part) => ContextRefusal::Malformed(part),
            ReadFault::Unavailable(cause) => ContextRefusal::Unavailable(cause),
        }
    }
}

impl From<PutFault> for ContextRefusal {
    fn from(fault: PutFault) -> ContextRefusal {
        match fault {
            PutFault::Taken => ContextRefusal::Conflict,
            PutFault::Unavailable(cause) => ContextRefusal::Unavailable(cause),
        }
    }
}

impl From<MalformedItem> for ContextRefusal {
    fn from(item: MalformedItem) -> ContextRefusal {
        ContextRefusal::Malformed(item.0)
    }
}
