//! The message as the settings and the policies want its arguments to be: written anew, read again, and from then on the only one.

use std::sync::OnceLock;

use policy_model::Arguments;
use policy_model::json::{self, Document, Edit, Edits, Kind, Value};
use policy_model::rewriting::{self, Outcome, Unresolved};

use crate::event::Event;
use crate::headers::Headers;
use crate::message::{Message, MessageFault};
use crate::method::Asks;
use crate::mirrored;
use crate::names::Names;
use crate::refusal::Refusal;
use crate::reserved;
use crate::settings::{ControlCharacters, TenantContextSettings};
use crate::view::View;
use crate::wanted::Wanted;

/// Deepest body that RESPONSE can read in its event.
const BODY_DEPTH_MAX: usize = json::DEPTH_MAX - 3;

/// Keeps the text of a rewritten message for as long as the message is needed, and what it is read with.
#[derive(Debug)]
pub(crate) struct Rewritten<'e> {
    headers: Headers<'e>,
    names: Names<'e>,
    settings: Option<&'e TenantContextSettings>,
    /// Without the argument that is ours.
    bare: OnceLock<Document<'static>>,
    /// Without control characters.
    plain: OnceLock<Document<'static>>,
    /// As the policies want it.
    document: OnceLock<Document<'static>>,
}

impl<'e> Rewritten<'e> {
    pub(crate) fn new(event: &Event<'e>, settings: Option<&'e TenantContextSettings>) -> Rewritten<'e> {
        let (bare, plain, document) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Rewritten { headers: event.headers, names: event.names, settings, bare, plain, document }
    }

    /// The name of the argument of a call that is ours to write.
    pub(crate) fn reserved(&self, message: &Message<'_>) -> Option<&'e str> {
        reserved::name_in(self.settings, message)
    }

    /// Whether a message was rewritten.
    pub(crate) fn is_there(&self) -> bool {
        self.plain.get().or(self.document.get()).is_some()
    }
}

/// The same message, or the rewritten one.
pub(crate) fn rewrite<'d>(
    message: Message<'d>,
    view: &View<'_>,
    kept: &'d Rewritten<'_>,
) -> Result<Message<'d>, Refusal> {
    let message = without_reserved(message, kept)?;
    let message = without_controls(message, view, kept)?;
    let Some(wanted) = message.wanted() else { return Ok(message) };
    let asks = wanted.asks();
    let arguments = match view.rewrite(wanted)? {
        Outcome::NotConcerned if kept.reserved(&message).is_none() => return Ok(message),
        Outcome::NotConcerned | Outcome::Same => {
            mirrored::check_rewritten(&kept.headers, arguments_of(message.body))?;
            return Ok(message);
        }
        Outcome::Changed(arguments) => arguments,
    };
    let message = renew(message, asks, &arguments, kept, &kept.document)?;
    check_reserved(&message, kept)?;
    Ok(message)
}

/// No policy writes where the tenant context stands.
fn check_reserved(message: &Message<'_>, kept: &Rewritten<'_>) -> Result<(), Refusal> {
    let Some(name) = kept.reserved(message) else { return Ok(()) };
    let is_like = |own: Value<'_>| own.as_str().is_some_and(|own| reserved::is_like(&own, name));
    let arguments = arguments_of(message.body).into_iter().flat_map(Value::members);
    if arguments.map(|member| member.name).any(is_like) {
        return Err(Refusal::ReservedArgument(name.to_owned()));
    }
    Ok(())
}

/// The same message, or the one without the argument that is ours to write.
fn without_reserved<'d>(message: Message<'d>, kept: &'d Rewritten<'_>) -> Result<Message<'d>, Refusal> {
    let (Some(name), Some(wanted)) = (kept.reserved(&message), message.wanted()) else { return Ok(message) };
    let Arguments::Known(Some(arguments)) = wanted.arguments() else { return Ok(message) };
    let asks = wanted.asks();
    match reserved::without(arguments, name)? {
        None => Ok(message),
        Some(arguments) => renew(message, asks, &arguments, kept, &kept.bare),
    }
}

/// The same message, or the one without control characters in its arguments.
fn without_controls<'d>(
    message: Message<'d>,
    view: &View<'_>,
    kept: &'d Rewritten<'_>,
) -> Result<Message<'d>, Refusal> {
    let Some(wanted) = message.wanted() else { return Ok(message) };
    let Arguments::Known(Some(arguments)) = wanted.arguments() else { return Ok(message) };
    let asks = wanted.asks();
    let without = || rewriting::without_controls(arguments).map_err(|unresolved| Refusal::Arguments(unresolved, asks));
    match view.controls() {
        ControlCharacters::Keep => Ok(message),
        ControlCharacters::Strip => match without()? {
            None => Ok(message),
            Some(arguments) => renew(message, asks, &arguments, kept, &kept.plain),
        },
        ControlCharacters::Refuse => match without()? {
            None => Ok(message),
            Some(_) => Err(Refusal::Arguments(Unresolved::ControlCharacter, asks)),
        },
    }
}

/// The message with other arguments, read once more.
fn renew<'d>(
    message: Message<'d>,
    asks: Asks,
    arguments: &str,
    kept: &Rewritten<'_>,
    place: &'d OnceLock<Document<'static>>,
) -> Result<Message<'d>, Refusal> {
    let text = with_arguments(message.body, arguments).ok_or(MessageFault::Params)?;
    let document =
        json::parse_within(text, BODY_DEPTH_MAX).map_err(|_| Refusal::Arguments(Unresolved::TooDeep, asks))?;
    let body = place.get_or_init(|| document).root();
    let params = body.get("params").ok_or(MessageFault::Params)?;
    mirrored::check_rewritten(&kept.headers, arguments_of(body))?;
    Ok(Message { body, ..message }.asking_for(Wanted::parse(asks, params, kept.names)?))
}

fn arguments_of(body: Value<'_>) -> Option<Value<'_>> {
    body.get("params")?.get("arguments")
}

/// The text of a message with other arguments, and every other byte as it was.
fn with_arguments(body: Value<'_>, arguments: &str) -> Option<String> {
    let params = body.get("params").filter(|params| params.kind() == Kind::Object)?;
    let mut edits = Edits::default();
    match params.get("arguments") {
        Some(there) => edits.add(there, Edit::Replace(arguments.to_owned().into())),
        None => edits.add(params, Edit::Append(format!("\"arguments\":{arguments}"))),
    }
    Some(edits.apply(body))
}
