//! The targets of a gateway, as `aws bedrock-agentcore-control` describes them. Members that are not known are left alone.

use policy_registry::{RouteBinding, RoutePath};
use serde_json::Value;

use crate::failure::Failure;
use crate::input;

/// A target, as far as it is described.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The headers that it is sent; not known of a target that is only listed.
    pub(crate) headers: Option<Vec<String>>,
}

/// What a target leads to.
#[derive(Debug)]
pub(crate) enum Kind {
    /// An agent's runtime, by its ARN, at an endpoint.
    Runtime { arn: Option<String>, qualifier: Option<String> },
    /// Another endpoint, with what is spoken there.
    Passthrough { protocol: Option<String> },
    /// A model provider. All of them are reached by one path.
    Inference,
    /// Tools, which are reached through the gateway's own MCP endpoint.
    Mcp,
    /// Tools that see no headers, listed or not: a Lambda function, an API of AWS, a connector.
    Function,
    /// Something else that has a path.
    Other,
    /// Not known: the target is only listed.
    Unknown,
}

impl Kind {
    /// Whether requests to it say so by their path, or may.
    pub(crate) fn has_path(&self) -> bool {
        match self {
            Kind::Runtime { .. } | Kind::Passthrough { .. } | Kind::Inference | Kind::Other | Kind::Unknown => true,
            Kind::Mcp | Kind::Function => false,
        }
    }
}

impl Target {
    /// The shortest path that leads to it.
    pub(crate) fn first_path(&self) -> String {
        match self.kind {
            Kind::Inference => format!("/{INFERENCE}"),
            Kind::Runtime { .. }
            | Kind::Passthrough { .. }
            | Kind::Mcp
            | Kind::Function
            | Kind::Other
            | Kind::Unknown => format!("/{}", self.name),
        }
    }

    /// Whether some path of the binding leads to it.
    pub(crate) fn is_reached_by(&self, binding: &RouteBinding) -> bool {
        let path = RoutePath::parse(&binding.path);
        let first = path.as_ref().map(RoutePath::first_segment).unwrap_or_default();
        let is_inference = matches!(self.kind, Kind::Inference) && first == INFERENCE;
        self.kind.has_path() && (first == self.name || is_inference)
    }
}

/// The gateway's targets, and what an operator should know of how they were read.
pub(crate) struct Gateway {
    pub(crate) targets: Vec<Target>,
    pub(crate) notes: Vec<String>,
}

/// Reads a gateway and files with its targets: described one by one, in a list, or one after another.
pub(crate) fn read(gateway: &str, files: &[String]) -> Result<Gateway, Failure> {
    let described = documents(gateway)?;
    let [own] = described.as_slice() else {
        return Err(Failure::input(format!(
            "{} has {} JSON values; expected one, {GATEWAY}",
            input::name(gateway),
            described.len()
        )));
    };
    let is_gateway = ["gatewayArn", "gatewayId", "gatewayUrl", "name"]
        .iter()
        .any(|name| own.get(name).is_some_and(Value::is_string));
    if !is_gateway || own.get("targetConfiguration").is_some() {
        return Err(Failure::input(format!("{} is no gateway; expected {GATEWAY}", input::name(gateway))));
    }
    if lists(own).count() == 0 && files.is_empty() {
        return Err(Failure::input(format!(
            "{} has no targets; name files with them by --targets, {TARGETS}",
            input::name(gateway)
        )));
    }
    let mut described = Vec::new();
    for file in files {
        described.extend(documents(file)?.into_iter().map(|document| (file.clone(), document)));
    }
    of(gateway, own, &described)
}

/// The lists of targets that a gateway's own description has.
fn lists(gateway: &Value) -> impl Iterator<Item = &Value> {
    [gateway.get("targets"), gateway.get("items")].into_iter().flatten()
}

/// The targets of a gateway and of other JSON values, each with the name of where it was read.
pub(crate) fn of(name: &str, gateway: &Value, described: &[(String, Value)]) -> Result<Gateway, Failure> {
    let mut reader = Reader { gateway: gateway.get("gatewayArn"), targets: Vec::new(), notes: Vec::new() };
    for list in lists(gateway) {
        reader.take(name, list)?;
    }
    for (file, document) in described {
        reader.take(file, document)?;
    }
    let known = reader.targets.iter().filter(|(target, is_described)| target.kind.has_path() && !is_described).count();
    if known > 0 {
        reader.notes.push(format!(
            "{known} of the targets are only listed, so that neither ARNs nor headers could be compared; capture each with `aws \
             bedrock-agentcore-control get-gateway-target`"
        ));
    }
    Ok(Gateway { targets: reader.targets.into_iter().map(|(target, _)| target).collect(), notes: reader.notes })
}

/// The JSON values of a file, of which there is at least one.
pub(crate) fn documents(file: &str) -> Result<Vec<Value>, Failure> {
    let text = input::read(file, FILE_BYTES_MAX, "captured JSON files")?;
    let file = input::name(file);
    if text.len() > FILE_BYTES_MAX {
        return Err(Failure::input(format!("{file} is longer than {FILE_BYTES_MAX} bytes")));
    }
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_slice(&text).into_iter().collect();
    match values {
        Ok(values) if values.is_empty() => Err(Failure::input(format!("{file} is empty; expected JSON"))),
        Ok(values) => Ok(values),
        Err(error) => Err(Failure::input(format!("{file} is not JSON: {error}"))),
    }
}

/// One JSON value of a file.
pub(crate) fn document(file: &str) -> Result<Value, Failure> {
    let mut values = documents(file)?;
    match (values.pop(), values.len()) {
        (Some(value), 0) => Ok(value),
        (_, more) => Err(Failure::input(format!("{} has {} JSON values; expected one", input::name(file), more + 1))),
    }
}

struct Reader<'g> {
    gateway: Option<&'g Value>,
    /// With whether they are described, and not only listed.
    targets: Vec<(Target, bool)>,
    notes: Vec<String>,
}

impl Reader<'_> {
    /// A list of targets, an answer with such a list, or a target.
    fn take(&mut self, file: &str, value: &Value) -> Result<(), Failure> {
        if let Some(targets) = value.as_array() {
            return targets.iter().try_for_each(|target| self.take_target(file, target));
        }
        let lists: Vec<&Value> = ["items", "targets"].iter().filter_map(|name| value.get(name)).collect();
        if lists.is_empty() {
            return self.take_target(file, value);
        }
        if value.get("nextToken").is_some_and(Value::is_string) {
            self.notes
                .push(format!("{} has a nextToken: the list goes on; capture the other pages too", input::name(file)));
        }
        for list in lists {
            let targets = list.as_array().ok_or_else(|| wrong(file, "a list of targets is no array"))?;
            targets.iter().try_for_each(|target| self.take_target(file, target))?;
        }
        Ok(())
    }

    fn take_target(&mut self, file: &str, value: &Value) -> Result<(), Failure> {
        let name = value.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| wrong(file, &format!("expected {TARGETS}, but something there has no name")))?;
        let own = value.get("gatewayArn").filter(|arn| arn.is_string());
        if let (Some(own), Some(gateway)) = (own, self.gateway)
            && own != gateway
        {
            return Err(wrong(file, &format!("target {name:?} is one of {own}, and not of {gateway}")));
        }
        let configuration = value.get("targetConfiguration").filter(|configuration| configuration.is_object());
        let is_described = configuration.is_some();
        let kind = configuration.map_or_else(|| listed_kind(value), described_kind);
        let headers = is_described.then(|| allowed_headers(value));
        let target = Target { name: name.to_owned(), kind, headers };
        match self.targets.iter_mut().find(|(known, _)| known.name == name) {
            None => self.targets.push((target, is_described)),
            Some((_, true)) if is_described => {
                return Err(wrong(file, &format!("target {name:?} is described twice; keep one")));
            }
            Some(known) if is_described => *known = (target, true),
            Some(_) => {}
        }
        Ok(())
    }
}

fn described_kind(configuration: &Value) -> Kind {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(http) = configuration.get("http") else {
        let has = |name: &str| configuration.get(name).is_some_and(|member| !member.is_null());
        return if has("inference") {
            Kind::Inference
        } else if let Some(mcp) = configuration.get("mcp").filter(|mcp| !mcp.is_null()) {
            let is_function = NO_HEADERS.iter().any(|name| mcp.get(name).is_some_and(|member| !member.is_null()));
            if is_function { Kind::Function } else { Kind::Mcp }
        } else {
            Kind::Other
        };
    };
    if let Some(runtime) = http.get("agentcoreRuntime").or(http.get("runtime")) {
        return Kind::Runtime { arn: text(runtime, "arn"), qualifier: text(runtime, "qualifier") };
    }
    http.get("passthrough")
        .map_or(Kind::Other, |passthrough| Kind::Passthrough { protocol: text(passthrough, "protocolType") })
}

/// What a list says of a target.
fn listed_kind(target: &Value) -> Kind {
    match target.get("targetType").and_then(Value::as_str).unwrap_or_default() {
        "AGENTCORE_RUNTIME" => Kind::Runtime { arn: None, qualifier: None },
        "PASSTHROUGH" => Kind::Passthrough { protocol: None },
        "PROVIDER" => Kind::Inference,
        "OPEN_API_SCHEMA" | "MCP_SERVER" | "API_GATEWAY" => Kind::Mcp,
        "SMITHY_MODEL" | "LAMBDA" => Kind::Function,
        "HTTP_CONNECTOR" => Kind::Other,
        _ => Kind::Unknown,
    }
}

fn allowed_headers(target: &Value) -> Vec<String> {
    let headers = target.get("metadataConfiguration").and_then(|metadata| metadata.get("allowedRequestHeaders"));
    let headers = headers.and_then(Value::as_array).into_iter().flatten();
    headers.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn wrong(file: &str, what: &str) -> Failure {
    Failure::input(format!("{}: {what}", input::name(file)))
}

/// Configurations of targets that see no headers.
const NO_HEADERS: [&str; 3] = ["lambda", "smithyModel", "connector"];

/// Where models are asked for, whatever the provider's target is called.
const INFERENCE: &str = "inference";

const GATEWAY: &str = "the output of `aws bedrock-agentcore-control get-gateway`";

const TARGETS: &str = "the output of `aws bedrock-agentcore-control get-gateway-target` or `list-gateway-targets`";

const FILE_BYTES_MAX: usize = 16 << 20;
