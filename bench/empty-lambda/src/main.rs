//! A Lambda that takes any event and answers `null`: what the runtime itself costs.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::IgnoredAny;

fn main() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let handler = service_fn(async |_: LambdaEvent<IgnoredAny>| Ok::<(), Error>(()));
    runtime.block_on(lambda_runtime::Runtime::new(handler).run())
}
