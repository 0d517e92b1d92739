//! What the gateway sends for targets of the `http` family: the bytes of an invocation to an [`HttpEvent`].

use std::borrow::Cow;

use policy_model::json::{Kind, Value};

use crate::event::{EventFault, aws_principal, check_version, is_status, object, present, text};
use crate::headers::{Found, Headers};

/// An event of the `http` family. At the RESPONSE point the documented one has no request.
#[derive(Debug, Clone)]
pub(crate) struct HttpEvent<'d> {
    pub(crate) request: Option<HttpRequest<'d>>,
    pub(crate) response: Option<HttpResponse<'d>>,
}

/// What the caller sent.
#[derive(Debug, Clone)]
pub(crate) struct HttpRequest<'d> {
    /// The path below the gateway.
    pub(crate) path: Option<Cow<'d, str>>,
    pub(crate) method: Option<Cow<'d, str>>,
    /// Empty unless the gateway is told to pass them.
    pub(crate) headers: Headers<'d>,
    /// The AWS principal that the gateway itself names, where it authorizes by IAM.
    pub(crate) aws_principal: Found<Cow<'d, str>>,
    /// In base64; none if it is empty.
    pub(crate) body: Option<Value<'d>>,
}

/// What the target answered.
#[derive(Debug, Clone)]
pub(crate) struct HttpResponse<'d> {
    /// The HTTP status as written.
    pub(crate) status: Option<&'d str>,
    pub(crate) content_type: Option<Cow<'d, str>>,
    /// In base64; none if it is not in the event, which is not to say that there is none.
    pub(crate) body: Option<Value<'d>>,
}

impl<'d> HttpEvent<'d> {
    /// Takes an event of this family apart.
    ///
    /// # Errors
    /// [`EventFault`]: the event must be refused.
    pub(crate) fn parse(root: Value<'d>) -> Result<HttpEvent<'d>, EventFault> {
        check_version(root)?;
        let http = object(root, "http")?.ok_or(EventFault::Shape)?;
        let (request, response) = (object(http, "gatewayRequest")?, object(http, "gatewayResponse")?);
        let envelopes = [Some(root), Some(http), request, response];
        if envelopes.into_iter().flatten().any(|envelope| envelope.own_duplicate_name().is_some()) {
            return Err(EventFault::Shape);
        }
        Ok(HttpEvent {
            request: request.map(HttpRequest::parse).transpose()?,
            response: response.map(HttpResponse::parse).transpose()?,
        })
    }
}

impl<'d> HttpRequest<'d> {
    fn parse(request: Value<'d>) -> Result<HttpRequest<'d>, EventFault> {
        Ok(HttpRequest {
            path: text(Some(request), "path")?,
            method: text(Some(request), "httpMethod")?,
            headers: Headers::new(object(request, "headers")?),
            aws_principal: aws_principal(request),
            body: body(request)?.filter(|body| !body.is_str("")),
        })
    }
}

impl<'d> HttpResponse<'d> {
    fn parse(response: Value<'d>) -> Result<HttpResponse<'d>, EventFault> {
        let status = match present(response, "statusCode") {
            None => None,
            Some(status) if is_status(status.text()) => Some(status.text()),
            Some(_) => return Err(EventFault::Shape),
        };
        Ok(HttpResponse { status, content_type: text(Some(response), "contentType")?, body: body(response)? })
    }
}

fn body(parent: Value<'_>) -> Result<Option<Value<'_>>, EventFault> {
    match present(parent, "body") {
        None => Ok(None),
        Some(body) if body.kind() == Kind::String => Ok(Some(body)),
        Some(_) => Err(EventFault::Shape),
    }
}
