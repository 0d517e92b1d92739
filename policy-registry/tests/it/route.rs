//! Bindings of paths, and the questions about them.

use std::sync::Arc;

use policy_registry::record::Status;
use policy_registry::{Registry, RouteBinding, RoutePath, RouteProtocol, RouteRefusal, RouteResponses};

use crate::table::Table;
use crate::task::deadline;

pub(crate) const ARN: &str = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/support-AbC123";

/// An active binding of a path.
pub(crate) fn binding(path: &str) -> RouteBinding {
    RouteBinding {
        binding_id: "support-a2a".to_owned(),
        path: path.to_owned(),
        protocol: RouteProtocol::A2a,
        agent_name: "support".to_owned(),
        app_id: "helpdesk".to_owned(),
        runtime_arn: Some(ARN.to_owned()),
        responses: RouteResponses::Any,
        status: Status::Active,
    }
}

/// A suspended one.
pub(crate) fn suspended(path: &str) -> RouteBinding {
    RouteBinding { status: Status::Suspended, ..binding(path) }
}

/// A table with these bindings.
pub(crate) async fn bound(bindings: &[RouteBinding]) -> Table {
    let table = Table::new().await;
    for binding in bindings {
        table.put(binding.to_item()).await;
    }
    table
}

pub(crate) async fn find(registry: &Registry, path: &str) -> Result<Arc<RouteBinding>, RouteRefusal> {
    registry.find_route(&RoutePath::parse(path).unwrap(), deadline()).await
}

/// The path that the answer is bound to.
pub(crate) async fn found(registry: &Registry, path: &str) -> Result<String, RouteRefusal> {
    find(registry, path).await.map(|binding| binding.path.clone())
}
