//! Single requests to AWS APIs that speak JSON: signed, bounded in size and time, and tried again where that is safe.

mod endpoint;
mod error;

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use clap::Args;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use policy_model::json::{self, Document};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use crate::client;
use crate::failure::Failure;
use endpoint::Endpoint;
pub(crate) use endpoint::encoded;
pub(crate) use error::ApiError;

/// Where AWS is reached.
#[derive(Debug, Args)]
pub(crate) struct ApiArguments {
    /// The AWS region [default: AWS_REGION, or the profile's]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The URL of an emulator: https, or http on this machine [default: AWS]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

impl ApiArguments {
    /// The same from options of other names.
    pub(crate) fn new(region: Option<String>, endpoint_url: Option<String>) -> ApiArguments {
        ApiArguments { region, endpoint_url }
    }
}

/// An API of AWS.
#[derive(Debug)]
pub(crate) struct Service {
    /// The first label of its host.
    host: &'static str,
    signing_name: &'static str,
}

/// The control plane of AgentCore.
pub(crate) const AGENTCORE_CONTROL: Service =
    Service { host: "bedrock-agentcore-control", signing_name: "bedrock-agentcore" };

pub(crate) const LAMBDA: Service = Service { host: "lambda", signing_name: "lambda" };

/// One request.
#[derive(Debug)]
pub(crate) struct Call<'c> {
    pub(crate) service: &'static Service,
    /// The right that it needs, as policies name it.
    pub(crate) action: &'static str,
    /// The path, and the query if there is one; encoded.
    pub(crate) path: String,
    /// The JSON that is put; without it the call only reads.
    pub(crate) put: Option<&'c str>,
}

/// AWS, or an emulator of it.
pub(crate) struct Api {
    http: Http,
    configuration: SdkConfig,
    credentials: Mutex<Option<Credentials>>,
    endpoint: Endpoint,
}

enum Http {
    /// To this machine only.
    Plain(Client<HttpConnector, Full<Bytes>>),
    Tls(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

impl Api {
    /// Checks first that there are credentials and a region.
    pub(crate) async fn connect(arguments: &ApiArguments) -> Result<Api, Failure> {
        let given = arguments.endpoint_url.as_deref();
        let configuration = client::configuration(given.filter(|url| client::is_loopback(url))).await;
        let endpoint = Endpoint::new(
            arguments.region.as_deref().or(configuration.region().map(AsRef::as_ref)),
            given.or(configuration.endpoint_url()),
        )?;
        let http = if endpoint.is_plain() {
            Http::Plain(Client::builder(TokioExecutor::new()).build_http())
        } else {
            let connector = HttpsConnectorBuilder::new()
                .with_native_roots()
                .map_err(|_| Failure::run("there are no root certificates on this machine"))?
                .https_only()
                .enable_http1()
                .build();
            Http::Tls(Client::builder(TokioExecutor::new()).build(connector))
        };
        let api = Api { http, configuration, credentials: Mutex::default(), endpoint };
        api.credentials().await.map_err(Failure::run)?;
        Ok(api)
    }

    pub(crate) fn region(&self) -> &str {
        self.endpoint.region()
    }

    /// The answer to one call.
    ///
    /// # Errors
    /// [`ApiError`], which says whether the call may have been carried out all the same.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Document<'static>, ApiError> {
        let mut pause = PAUSE_MIN;
        for _ in 1..ATTEMPTS_MAX {
            match self.attempt(call).await {
                Err(error) if error.is_worth_another(call.put.is_none()) => {}
                answer => return answer,
            }
            sleep(pause).await;
            pause *= 2;
        }
        self.attempt(call).await
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Document<'static>, ApiError> {
        let credentials = self.credentials().await.map_err(ApiError::undone)?;
        let request = self.request(call, &credentials)?;
        let exchange = async {
            let answer = match &self.http {
                Http::Plain(client) => client.request(request).await,
                Http::Tls(client) => client.request(request).await,
            };
            let place = self.endpoint.authority(call.service);
            let answer = answer.map_err(|error| ApiError::unconnected(&place, &error))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
            let body = body.map_err(|_| ApiError::garbled("its answer broke off, or is too long"))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let answer = timeout(ATTEMPT_TIME_MAX, exchange).await.unwrap_or_else(|_| Err(ApiError::late()))?;
        let document = String::from_utf8(answer.body().to_vec()).ok().and_then(|text| json::parse_owned(text).ok());
        if !answer.status().is_success() {
            return Err(ApiError::of_answer(call.action, &answer, document.as_ref(), &credentials));
        }
        let document = document.ok_or_else(|| ApiError::garbled("its answer is not JSON"))?;
        match document.root().duplicate_name() {
            Some(_) => Err(ApiError::garbled("a member stands twice in its answer")),
            None => Ok(document),
        }
    }

    fn request(&self, call: &Call<'_>, credentials: &Credentials) -> Result<Request<Full<Bytes>>, ApiError> {
        let unsigned = || ApiError::undone("the request cannot be signed".to_owned());
        let url = self.endpoint.url(call.service, &call.path);
        let (method, body) = call.put.map_or((Method::GET, ""), |body| (Method::PUT, body));
        let headers = call.put.map(|_| (header::CONTENT_TYPE.as_str(), "application/json"));
        let identity = credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.endpoint.region())
            .name(call.service.signing_name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| unsigned())?
            .into();
        let signable =
            SignableRequest::new(method.as_str(), &url, headers.into_iter(), SignableBody::Bytes(body.as_bytes()));
        let signed = sign(signable.map_err(|_| unsigned())?, &parameters).map_err(|_| unsigned())?;
        let (instructions, _) = signed.into_parts();
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers.into_iter().chain(instructions.headers()) {
            request = request.header(name, value);
        }
        request.body(Full::from(body.to_owned())).map_err(|_| unsigned())
    }

    /// The ones from before until shortly before they expire.
    async fn credentials(&self) -> Result<Credentials, String> {
        let mut kept = self.credentials.lock().await;
        let soon = SystemTime::now() + EXPIRY_MARGIN;
        if let Some(credentials) = kept.as_ref().filter(|kept| kept.expiry().is_none_or(|expiry| expiry > soon)) {
            return Ok(credentials.clone());
        }
        let remedy = "log in (for example `aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its siblings";
        let provider = self.configuration.credentials_provider();
        let provider = provider.ok_or_else(|| format!("there are no AWS credentials; {remedy}"))?;
        let credentials = provider
            .provide_credentials()
            .await
            .map_err(|error| format!("cannot obtain AWS credentials: {}; {remedy}", client::with_sources(&error)))?;
        Ok(kept.insert(credentials).clone())
    }
}

const ATTEMPTS_MAX: usize = 4;

const PAUSE_MIN: Duration = Duration::from_millis(250);

const ATTEMPT_TIME_MAX: Duration = Duration::from_secs(15);

const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

const EXPIRY_MARGIN: Duration = Duration::from_secs(60);
