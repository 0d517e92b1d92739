//! Bodies of the `http` family: what decoding, reading, redacting and encoding them costs, beside the same on a tree of
//! `serde_json`; what whole events cost; and what it costs that an answer finds its caller.
//!
//! Each figure is the least of many rounds: what the work takes when nothing else wants the processor.

mod contexts;
mod documents;
mod exchanges;
mod pieces;
mod stage;
mod table;

use std::error::Error;

use documents::Kind;
use stage::Stage;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for kind in Kind::ALL {
        pieces::measure(&mut out, kind)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stage = runtime.block_on(Stage::new())?;
    for kind in Kind::ALL {
        runtime.block_on(exchanges::measure(&mut out, &stage, kind))?;
    }
    runtime.block_on(contexts::measure(&mut out, &stage))
}
