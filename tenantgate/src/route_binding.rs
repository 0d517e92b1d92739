//! `tenantgate route add|list|remove`: what paths are bound to.

use clap::Args;
use policy_registry::admin::check_route;
use policy_registry::record::{RouteBinding, RouteProtocol, RouteResponses, Status};
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::confirm::ConfirmArguments;
use crate::failure::Failure;
use crate::member_command::outcome;
use crate::operator_desk::{ReadArguments, WriteArguments, readable};

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// The path, as /support; it counts for what is below it, too
    #[arg(value_name = "PATH")]
    path: String,
    /// The binding's id, which no other binding has
    #[arg(long, value_name = "ID")]
    binding_id: String,
    /// What is spoken there
    #[arg(long, value_name = "PROTOCOL", ignore_case = true, value_parser = ["HTTP", "A2A", "MCP", "INFERENCE"])]
    protocol: String,
    /// The agent that answers
    #[arg(long, value_name = "NAME")]
    agent_name: String,
    /// The application that it belongs to
    #[arg(long, value_name = "ID")]
    app_id: String,
    /// The agent's runtime
    #[arg(long, value_name = "ARN")]
    runtime_arn: Option<String>,
    /// Whether answers may stream past the RESPONSE interceptor
    #[arg(long, value_name = "WORD", ignore_case = true, default_value = "ANY", value_parser = ["ANY", "BUFFERED"])]
    responses: String,
    /// Nothing may go there
    #[arg(long)]
    suspended: bool,
    /// It may be suspended now, and is active again; without this it stays suspended, and the command is refused
    #[arg(long, conflicts_with = "suspended")]
    lift_suspension: bool,
    #[command(flatten)]
    write: WriteArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    read: ReadArguments,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArguments {
    /// The path of the binding
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    confirm: ConfirmArguments,
    #[command(flatten)]
    write: WriteArguments,
}

/// Binds a path, or changes what it is bound to.
pub(crate) async fn add(arguments: &AddArguments) -> Result<Verdict, Failure> {
    let word = |problem: &str| Failure::input(problem.to_owned());
    let route = RouteBinding {
        binding_id: arguments.binding_id.clone(),
        path: arguments.path.clone(),
        protocol: RouteProtocol::from_word(&arguments.protocol.to_ascii_uppercase())
            .ok_or_else(|| word("no such protocol"))?,
        agent_name: arguments.agent_name.clone(),
        app_id: arguments.app_id.clone(),
        runtime_arn: arguments.runtime_arn.clone(),
        responses: RouteResponses::from_word(&arguments.responses.to_ascii_uppercase())
            .ok_or_else(|| word("no such responses"))?,
        status: if arguments.suspended { Status::Suspended } else { Status::Active },
    };
    check_route(&route).map_err(Failure::input)?;
    let mut desk = arguments.write.open().await?;
    desk.operator.keep_suspensions(!arguments.lift_suspension);
    let done =
        desk.operator.add_route(&route, arguments.write.comment()).await.map_err(|error| desk.failure(&error))?;
    let mut json = route_json(&route);
    if let Some(object) = json.as_object_mut() {
        object.insert("outcome".to_owned(), outcome(done).0.into());
    }
    answer::write(arguments.write.json, &json, || {
        format!("route {} to agent {}: {}", route.path, route.agent_name, outcome(done).1)
    })?;
    Ok(Verdict::Success)
}

/// Lists all bindings.
pub(crate) async fn list(arguments: &ListArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let mut pages = desk.operator.routes();
    let mut routes = Vec::new();
    while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
        routes.extend(readable(page));
    }
    routes.sort_by(|one, other| one.path.cmp(&other.path));
    answer::write(arguments.read.json, &Value::Array(routes.iter().map(route_json).collect()), || {
        if routes.is_empty() {
            return "no routes".to_owned();
        }
        let head = ["PATH", "STATUS", "PROTOCOL", "AGENT", "APP", "BINDING", "RUNTIME"].map(str::to_owned);
        answer::columns([head].into_iter().chain(routes.iter().map(row)))
    })?;
    Ok(Verdict::Success)
}

/// Ends the binding of a path.
pub(crate) async fn remove(arguments: &RemoveArguments) -> Result<Verdict, Failure> {
    let RemoveArguments { path, confirm, write } = arguments;
    let desk = write.open().await?;
    confirm.ask(&format!(
        "Remove the route {path:?} from {}? What is below it is then bound as a shorter path says.",
        desk.registry.place
    ))?;
    let route = desk.operator.remove_route(path, write.comment()).await.map_err(|error| desk.failure(&error))?;
    answer::write(write.json, &route_json(&route), || format!("removed the route {}", route.path))?;
    Ok(Verdict::Success)
}

/// As an entry of `routes.json`.
fn route_json(route: &RouteBinding) -> Value {
    let mut json = json!({
        "bindingId": route.binding_id, "path": route.path, "protocol": route.protocol.word(), "agentName": route.agent_name,
        "appId": route.app_id, "responses": route.responses.word(), "status": route.status.word(),
    });
    if let (Some(object), Some(arn)) = (json.as_object_mut(), &route.runtime_arn) {
        object.insert("runtimeArn".to_owned(), arn.as_str().into());
    }
    json
}

fn row(route: &RouteBinding) -> [String; 7] {
    [
        route.path.clone(),
        route.status.word().to_owned(),
        route.protocol.word().to_owned(),
        route.agent_name.clone(),
        route.app_id.clone(),
        route.binding_id.clone(),
        route.runtime_arn.clone().unwrap_or_else(|| "-".to_owned()),
    ]
}
