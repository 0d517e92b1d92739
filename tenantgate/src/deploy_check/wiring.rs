//! Whether a gateway calls the functions that were compared, with what they need.

use policy_model::json::Value;

use super::{Check, Compared};
use crate::aws_api::Api;
use crate::function_arn::FunctionArn;
use crate::gateway_update::{self, interceptors, request::INTERCEPTORS};

/// Compares the interceptors of a gateway with the ARNs of the functions at REQUEST and at RESPONSE.
pub(crate) async fn wiring(api: &Api, id: &str, arns: [Option<String>; 2]) -> Compared {
    let what = format!("gateway {id}");
    let gateway = match gateway_update::read(api, id).await {
        Ok(gateway) => gateway,
        Err(error) => return Compared { what, outcome: Err(error.to_string()) },
    };
    let list = gateway.root().get(INTERCEPTORS);
    let [request, response] = arns;
    let mut checks = vec![Check {
        name: "status",
        expected: "READY".to_owned(),
        found: gateway_update::status(gateway.root()),
        remedy: "wait until it is ready; see its statusReasons",
    }];
    let [first, second] =
        [&request, &response].map(|arn| arn.as_deref().and_then(|arn| arn.parse::<FunctionArn>().ok()));
    if let (Some(request), Some(response)) = (first, second) {
        let ours = interceptors::Ours { request: &request, response: &response };
        checks.push(Check {
            name: "interceptors",
            expected: EXACTLY.to_owned(),
            found: if ours.are_exactly(list) { EXACTLY } else { "others, or other settings" }.to_owned(),
            remedy: "`tenantgate gateway attach --dry-run` shows what differs, a filter of bodies for example",
        });
    }
    checks.extend(at(list, "REQUEST", ["request", "request headers"], request));
    checks.extend(at(list, "RESPONSE", ["response", "response headers"], response));
    Compared { what, outcome: Ok(checks) }
}

/// A function that could not be looked at is told already.
fn at(list: Option<Value<'_>>, point: &str, names: [&'static str; 2], arn: Option<String>) -> Vec<Check> {
    let entry = interceptors::at_point(list, point);
    let [name, headers] = names;
    let function = arn.map(|expected| Check {
        name,
        expected,
        found: entry.map_or_else(|| NONE.to_owned(), interceptors::name),
        remedy: "see `tenantgate gateway attach --dry-run`",
    });
    let passed = entry.map(|entry| if interceptors::passes_headers(entry) { PASSED } else { "not passed" });
    let headers = Check {
        name: headers,
        expected: PASSED.to_owned(),
        found: passed.unwrap_or(NONE).to_owned(),
        remedy: "set passRequestHeaders: without the headers nobody has an identity",
    };
    function.into_iter().chain([headers]).collect()
}

const EXACTLY: &str = "exactly these two";

const PASSED: &str = "passed";

const NONE: &str = "none";
