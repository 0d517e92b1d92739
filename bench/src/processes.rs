//! The real binaries as processes: start to first poll, warm round trip, memory, size.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use tenantgate::function::Function;
use tenantgate::keys::KeyRing;
use tenantgate::registry_host::RegistryHost;
use tenantgate::runtime_api::Outcome;
use tenantgate::settings::Substitution;

use crate::sample::median;
use crate::table::Table;

pub(crate) async fn measure(binaries: &Path, table: &mut Table) -> Result<(), Box<dyn Error>> {
    let bench = Stage::new().await?;
    let functions = ["empty-lambda", "request-interceptor", "response-interceptor"];
    let paths = functions.map(|name| binaries.join(name));

    let mut cold: [Vec<Duration>; 3] = Default::default();
    for _ in 0..COLD_STARTS {
        // In turn, so that a slow moment of the machine meets all alike.
        for (path, times) in paths.iter().zip(&mut cold) {
            let function = Function::start(path, &bench.environment).await?;
            times.push(function.ready(PATIENCE).await?);
            function.stop().await;
        }
    }
    let cold = cold.map(median);

    let mut running = Vec::new();
    for path in &paths {
        let function = Function::start(path, &bench.environment).await?;
        function.ready(PATIENCE).await?;
        running.push(function);
    }
    let events = [&bench.request, &bench.request, &bench.response];
    let mut warm: [Vec<Duration>; 3] = Default::default();
    for round in 0..WARM_CALLS {
        for ((function, event), times) in running.iter().zip(events).zip(&mut warm) {
            let invocation = function.invoke(event.clone(), PATIENCE).await;
            match &invocation.outcome {
                Outcome::Reply(reply) if round == 0 => check(&function.name(), reply)?,
                Outcome::Reply(_) => times.push(invocation.elapsed),
                Outcome::Error(_) | Outcome::TimedOut | Outcome::Exited => {
                    return Err(format!("{} gave no reply", function.name()).into());
                }
            }
            if round % 100 == 0 {
                function.take_output();
            }
        }
    }
    let warm = warm.map(median);
    let memory: Vec<u64> = running.iter().map(resident_bytes).collect::<Result<_, _>>()?;
    let sizes: Vec<u64> = paths.iter().map(|path| Ok(path.metadata()?.len())).collect::<std::io::Result<_>>()?;

    for (name, time) in functions.iter().zip(cold) {
        table.time(&format!("cold start, process start to first poll: {name}"), time, cold[0]);
    }
    for (name, time) in functions.iter().zip(warm) {
        table.time(&format!("warm round trip, policy and token cached: {name}"), time, warm[0]);
    }
    for (name, bytes) in functions.iter().zip(&memory) {
        table.bytes(
            &format!("resident memory after {WARM_CALLS} calls: {name}"),
            *bytes,
            memory.first().copied().unwrap_or(1),
        );
    }
    for (name, bytes) in functions.iter().zip(&sizes) {
        table.bytes(&format!("size of the binary: {name}"), *bytes, sizes.first().copied().unwrap_or(1));
    }
    Ok(())
}

/// A registry, a caller and two events.
pub(crate) struct Stage {
    _registry: RegistryHost,
    pub(crate) settings: String,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) request: Bytes,
    pub(crate) response: Bytes,
    pub(crate) token: String,
    pub(crate) keys: serde_json::Value,
}

impl Stage {
    pub(crate) async fn new() -> Result<Stage, Box<dyn Error>> {
        let ring = KeyRing::generate()?;
        let registry = RegistryHost::start(None, "bench").await?;
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
        registry.fill(Some(&fixtures.join("registry"))).await?;
        let substitution = Substitution { table: registry.table(), endpoint_url: registry.endpoint_url(), ring: &ring };
        // Answers are kept for the whole run: what is measured is the cached path.
        let settings = substitution.apply(tenantgate::settings::DEVELOPMENT)?;
        let settings = settings.replacen("\"endpointUrl\"", "\"cacheTtlMs\": 300000, \"endpointUrl\"", 1);
        let mut environment = registry.environment().await?;
        environment.push(("TENANTGATE_SETTINGS".to_owned(), settings.clone()));
        let callers = tenantgate::callers::Callers::read(&fixtures.join("callers.json"))?;
        let token = callers.token("alice", &ring)?;
        let request = serde_json::json!({
            "interceptorInputVersion": "1.0",
            "mcp": { "gatewayRequest": {
                "path": "/mcp", "httpMethod": "POST",
                "headers": { "Accept": "application/json", "Authorization": format!("Bearer {token}"), "User-Agent": "bench" },
                "body": {
                    "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                    "params": { "name": "orders___getOrder", "arguments": { "orderId": "A-1001" } },
                },
            } },
        });
        let mut response = request.clone();
        if let Some(mcp) = response.get_mut("mcp").and_then(|mcp| mcp.as_object_mut()) {
            let text = "{\"orderId\":\"A-1001\",\"total\":52.5,\"lines\":[{\"sku\":\"A\",\"quantity\":2}]}";
            let body = serde_json::json!({
                "jsonrpc": "2.0", "id": 1,
                "result": { "content": [{ "type": "text", "text": text }], "isError": false },
            });
            mcp.insert("gatewayResponse".to_owned(), serde_json::json!({ "statusCode": 200, "body": body }));
        }
        Ok(Stage {
            _registry: registry,
            settings,
            environment,
            request: Bytes::from(request.to_string()),
            response: Bytes::from(response.to_string()),
            token,
            keys: ring.key_set(tenantgate::keys::KeySet::Main),
        })
    }
}

fn check(name: &str, reply: &Bytes) -> Result<(), Box<dyn Error>> {
    let expected = match name {
        "request-interceptor" => "transformedGatewayRequest",
        "response-interceptor" => "orderId",
        _ => "null",
    };
    let reply = String::from_utf8_lossy(reply);
    if reply.contains(expected) { Ok(()) } else { Err(format!("{name} answered {reply}").into()) }
}

/// `VmRSS`, which Linux gives in kibibytes.
fn resident_bytes(function: &Function) -> Result<u64, Box<dyn Error>> {
    let id = function.process_id().ok_or("the process has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes * 1024)
}

const COLD_STARTS: usize = 41;

const WARM_CALLS: usize = 2_001;

const PATIENCE: Duration = Duration::from_secs(30);
