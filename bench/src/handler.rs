//! The pipelines in this process: what they cost beside one parse of the bytes and one signature check.

use std::error::Error;
use std::time::{Duration, Instant};

use interceptors::event::Point;
use interceptors::gateway_context::GatewayContext;
use interceptors::interceptor::{Interceptor, Invocation};
use interceptors::settings::Settings;
use policy_registry::AwsEnvironment;

use crate::processes::Stage;
use crate::sample::{median, time_of};
use crate::table::Table;

pub(crate) async fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let bench = Stage::new().await?;
    let aws = AwsEnvironment {
        region: Some("us-east-1".to_owned()),
        access_key_id: Some("bench".to_owned()),
        secret_access_key: Some("bench".to_owned()),
        session_token: None,
    };
    let settings = Settings::parse(&bench.settings, aws)?;

    let parse = time_of(|| drop(serde_json::from_slice::<serde_json::Value>(&bench.request)));
    table.time("serde_json: one parse of the REQUEST event into a tree", parse, parse);
    let signature = signature_check(&bench)?;
    table.time("jsonwebtoken: one ES256 signature check", signature, parse);
    for (name, point, event) in [
        ("REQUEST pipeline, tools/call", Point::Request, &bench.request),
        ("RESPONSE pipeline, tools/call", Point::Response, &bench.response),
    ] {
        let interceptor = Interceptor::new(point, Ok(settings.clone()));
        let mut times = Vec::new();
        for round in 0..CALLS {
            let started = Instant::now();
            let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
            let reply = interceptor
                .intercept(event, Invocation { id: "bench", deadline, gateway: GatewayContext::default() })
                .await;
            times.push(started.elapsed());
            if round == 0 && !reply.as_str().contains("orderId") {
                return Err(format!("{name} answered {}", reply.as_str()).into());
            }
        }
        table.time(name, median(times), parse);
    }
    Ok(())
}

fn signature_check(bench: &Stage) -> Result<Duration, Box<dyn Error>> {
    let keys = interceptors::token::KeySet::parse(bench.keys.to_string().as_bytes()).map_err(|invalid| invalid.0)?;
    let algorithm = jsonwebtoken::Algorithm::ES256;
    let key = keys.find(Some("es256"), algorithm).ok_or("no key")?;
    let (message, signature) = bench.token.rsplit_once('.').ok_or("no token")?;
    let verify = || jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm);
    if !verify()? {
        return Err("the token is not signed".into());
    }
    Ok(time_of(|| drop(verify())))
}

const CALLS: usize = 5_000;
