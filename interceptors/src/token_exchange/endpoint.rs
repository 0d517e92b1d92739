//! The token endpoint: one POST of a form, as the client of the settings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use form_urlencoded::{Serializer, byte_serialize};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Request, StatusCode, Uri};
use http_body_util::Full;

use super::{EXCHANGE_TIME_MAX, ExchangeFault, Failure, assertion, error_code};
use crate::settings::{ClientAuthentication, Secret, TokenExchangeSettings};
use crate::web::{Bounds, Web};

/// One endpoint and who asks it.
pub(super) struct Endpoint {
    uri: Uri,
    /// The address as the operator wrote it.
    text: String,
    client_id: String,
    authentication: ClientAuthentication,
    web: Web,
}

impl Endpoint {
    pub(super) fn new(settings: &TokenExchangeSettings) -> Endpoint {
        Endpoint {
            uri: settings.endpoint.clone(),
            text: settings.endpoint_text.clone(),
            client_id: settings.client_id.clone(),
            authentication: settings.authentication.clone(),
            web: Web::default(),
        }
    }

    /// The body of an answer of status 200.
    pub(super) async fn ask(&self, form: &[(&str, &str)], unix_now: u64) -> Result<Bytes, Failure> {
        let request = self.request(form, unix_now).map_err(Failure::unavailable)?;
        let bounds = Bounds { time: EXCHANGE_TIME_MAX, bytes: ANSWER_BYTES_MAX };
        let answer = self.web.ask(request, bounds).await.map_err(Failure::unavailable)?;
        match answer.status {
            StatusCode::OK => Ok(answer.body),
            StatusCode::TOO_MANY_REQUESTS => Err(Failure::unavailable("status 429")),
            status if status.is_server_error() => {
                let error = error_code::find(&answer.body);
                Err(Failure { error, ..Failure::unavailable("a status from 500 to 599") })
            }
            status if status.is_client_error() => Err(Failure {
                fault: ExchangeFault::Refused,
                problem: "a status from 400 to 499",
                error: error_code::find(&answer.body),
            }),
            status if status.is_redirection() => Err(Failure::answer("a redirect, which is not followed")),
            _ => Err(Failure::answer("another status than 200")),
        }
    }

    fn request(&self, form: &[(&str, &str)], unix_now: u64) -> Result<Request<Full<Bytes>>, &'static str> {
        let mut body = Serializer::new(String::new());
        body.extend_pairs(form);
        let mut header = None;
        match &self.authentication {
            ClientAuthentication::SecretBasic(secret) => header = Some(basic(&self.client_id, secret)?),
            ClientAuthentication::SecretPost(secret) => {
                body.extend_pairs([("client_id", self.client_id.as_str()), ("client_secret", secret.expose())]);
            }
            ClientAuthentication::PrivateKeyJwt { key, key_id } => {
                let assertion = assertion::sign(key, key_id.as_deref(), &self.client_id, &self.text, unix_now)?;
                body.extend_pairs([("client_assertion_type", JWT_BEARER), ("client_assertion", &assertion)]);
            }
        }
        let mut request = Request::post(self.uri.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json");
        if let Some(header) = header {
            request = request.header(AUTHORIZATION, header);
        }
        request.body(Full::from(body.finish())).map_err(|_| "not an address")
    }
}

/// The credentials of a client: both parts are encoded like a form's before they are joined (RFC 6749, section 2.3.1).
fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, &'static str> {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = format!("{}:{}", encode(client_id), encode(secret.expose()));
    let header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(credentials)));
    let mut header = header.map_err(|_| "not a credential")?;
    header.set_sensitive(true);
    Ok(header)
}

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
