//! What Lambda says of a function, at a version or alias of it.

use policy_model::json::{Kind, Value};

use super::Expected;
use crate::aws_api::{Api, ApiError, Call, LAMBDA, encoded};

/// A function as it is deployed. What is not told is an empty text.
#[derive(Debug)]
pub(crate) struct Deployed {
    /// With the version or alias that was asked for.
    pub(crate) arn: String,
    pub(crate) sha256: String,
    pub(crate) architecture: String,
    pub(crate) package_type: String,
    pub(crate) runtime: String,
    pub(crate) state: String,
    pub(crate) update: String,
    /// The ARNs of its layers, or "none".
    pub(crate) layers: String,
    /// Which versions are called through the name.
    pub(crate) versions: String,
}

/// Asks Lambda.
///
/// # Errors
/// Why it cannot be known.
pub(crate) async fn read(api: &Api, expected: &Expected) -> Result<Deployed, String> {
    let function = encoded(&expected.function);
    let query = expected.qualifier.as_deref().map(|qualifier| format!("?Qualifier={}", encoded(qualifier)));
    let call = Call {
        service: &LAMBDA,
        action: "lambda:GetFunctionConfiguration",
        path: format!("/2015-03-31/functions/{function}/configuration{}", query.unwrap_or_default()),
        put: None,
    };
    let answer = api.call(&call).await.map_err(|error| error.to_string())?;
    let root = answer.root();
    let text = |name: &str| root.get(name).and_then(Value::as_str).unwrap_or_default().into_owned();
    let architectures: Vec<String> = root
        .get("Architectures")
        .into_iter()
        .flat_map(Value::elements)
        .filter_map(|element| element.as_str().map(|text| text.into_owned()))
        .collect();
    let plain: Vec<String> = text("FunctionArn").split(':').take(ARN_PARTS).map(ToOwned::to_owned).collect();
    let arn = match &expected.qualifier {
        Some(qualifier) => format!("{}:{qualifier}", plain.join(":")),
        None => plain.join(":"),
    };
    Ok(Deployed {
        arn,
        sha256: text("CodeSha256"),
        architecture: architectures.join(" and "),
        package_type: text("PackageType"),
        runtime: text("Runtime"),
        layers: layers(root.get("Layers")),
        state: text("State"),
        update: text("LastUpdateStatus"),
        versions: versions(api, &function, expected.qualifier.as_deref()).await.map_err(|error| error.to_string())?,
    })
}

/// A layer can bring programs of its own, which start beside the function and see what it sees.
fn layers(list: Option<Value<'_>>) -> String {
    let list = list.filter(|list| list.kind() != Kind::Null);
    let names = list.into_iter().flat_map(Value::elements);
    let names: Vec<String> = names.map(|layer| layer.get("Arn").unwrap_or(layer).text().to_owned()).collect();
    if names.is_empty() { NO_LAYERS.to_owned() } else { names.join(" and ") }
}

/// "one version", or all with their weights. Only an alias can lead to several.
async fn versions(api: &Api, function: &str, qualifier: Option<&str>) -> Result<String, ApiError> {
    let is_alias = |qualifier: &&str| *qualifier != "$LATEST" && !qualifier.bytes().all(|byte| byte.is_ascii_digit());
    let Some(alias) = qualifier.filter(is_alias) else { return Ok(ONE.to_owned()) };
    let call = Call {
        service: &LAMBDA,
        action: "lambda:GetAlias",
        path: format!("/2015-03-31/functions/{function}/aliases/{}", encoded(alias)),
        put: None,
    };
    let answer = api.call(&call).await?;
    let root = answer.root();
    let routing = root.get("RoutingConfig").filter(|routing| routing.kind() != Kind::Null);
    let weights = routing.and_then(|routing| routing.get("AdditionalVersionWeights"));
    let others: Vec<String> = weights
        .into_iter()
        .flat_map(Value::members)
        .map(|weight| format!("{} (weight {})", weight.name.as_str().unwrap_or_default(), weight.value.text()))
        .collect();
    if others.is_empty() {
        return Ok(ONE.to_owned());
    }
    let main = root.get("FunctionVersion").and_then(Value::as_str).unwrap_or_default();
    Ok(format!("version {main} and {}", others.join(" and ")))
}

/// What is said of a function without layers.
pub(crate) const NO_LAYERS: &str = "none";

const ONE: &str = "one version";

/// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`
const ARN_PARTS: usize = 7;
