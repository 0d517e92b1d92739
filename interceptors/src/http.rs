//! The `http` family: agents, runtimes and models behind the gateway.
//!
//! In the order of the pipeline: `event` is what the gateway sends, `line` and `body` its path and bytes; `request` looks up where the
//! path leads and gives the rest to that route's protocol as an `ask`: `agent` (whatever an agent is sent), [`a2a`], `mcp`,
//! [`inference`]. `context` is what the REQUEST point leaves behind for the RESPONSE point, `response` finds it and gives the answer
//! to the protocol, `seen` what comes of it, `strictest` what of an answer is seen that is nobody's; `dialect` is how each protocol
//! is refused, `fault` why.
//!
//! [`a2a`]: crate::a2a
//! [`inference`]: crate::inference

mod a2a;
mod agent;
mod agent_tasks;
pub(crate) mod ask;
mod body;
mod context;
pub(crate) mod dialect;
pub(crate) mod event;
mod event_stream;
pub(crate) mod fault;
mod inference;
mod line;
mod mcp;
pub(crate) mod request;
pub(crate) mod response;
mod seen;
mod strictest;

use policy_model::header::Header;
use policy_registry::RouteBinding;

pub(crate) use fault::HttpFault;

use crate::interceptor::Working;

impl Working {
    /// What the receiver learns of the way that a request took.
    fn route_headers(&self, binding: &RouteBinding) -> [Header; 3] {
        let names = &self.settings.headers;
        let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        [
            header(&names.agent_name, &binding.agent_name),
            header(&names.app_id, &binding.app_id),
            header(&names.route_binding, &binding.binding_id),
        ]
    }
}
