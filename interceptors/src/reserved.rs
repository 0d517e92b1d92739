//! The arguments in which targets that see no headers find the tenant context: ours alone, whatever a caller writes there.

use policy_model::Arguments;
use policy_model::json::{Edit, Edits, Kind, Value, quote};
use policy_model::spelling::folded;

use crate::message::{Message, MessageFault};
use crate::method::Asks;
use crate::settings::TenantContextSettings;

/// The name of the argument that is reserved in a call; none if there is none.
pub(crate) fn name_in<'s>(settings: Option<&'s TenantContextSettings>, message: &Message<'_>) -> Option<&'s str> {
    // A message about a task of a tool has no arguments.
    let is_call = message.wanted().is_some_and(|wanted| match (wanted.asks(), wanted.arguments()) {
        (Asks::Tool, Arguments::Known(_)) => true,
        (Asks::Tool, Arguments::Unknown)
        | (Asks::Prompt | Asks::Resource | Asks::Completion | Asks::Agent | Asks::Model, _) => false,
    });
    let target = message.target().filter(|_| is_call)?;
    settings?.targets.get(target)?.argument.as_deref()
}

/// Whether a name is that of the argument, or could be taken for it: letters and digits alone, in any case and width.
pub(crate) fn is_like(name: &str, reserved: &str) -> bool {
    plain(name) == plain(reserved)
}

/// The letters and digits of a name, in one case and width.
pub(crate) fn plain(name: &str) -> String {
    let narrow: String = name.chars().map(narrow).collect();
    folded(&narrow).chars().filter(|character| character.is_alphanumeric()).collect()
}

/// Full-width forms as the ASCII that they look like (Unicode block Halfwidth and Fullwidth Forms).
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - FULL_WIDTH).unwrap_or(character),
        other => other,
    }
}

/// The text of arguments without it; `None` if they do not have it.
///
/// # Errors
/// [`MessageFault::AmbiguousMember`] if a member could be taken for it.
pub(crate) fn without(arguments: Value<'_>, name: &str) -> Result<Option<String>, MessageFault> {
    let mut edits = Edits::default();
    for member in arguments.members() {
        let own = member.name.as_str().unwrap_or_default();
        if own == name {
            edits.add(member.value, Edit::Remove);
        } else if is_like(&own, name) {
            return Err(MessageFault::AmbiguousMember);
        }
    }
    Ok((!edits.is_empty()).then(|| edits.apply(arguments)))
}

/// The text of a message with it.
pub(crate) fn write(body: Value<'_>, name: &str, value: &str) -> String {
    let member = format!("{}:{}", quote(name), quote(value));
    let mut edits = Edits::default();
    if let Some(params) = body.get("params") {
        match params.get("arguments") {
            Some(arguments) if arguments.kind() == Kind::Object => edits.add(arguments, Edit::Append(member)),
            Some(other) => edits.add(other, Edit::Replace(format!("{{{member}}}").into())),
            None => edits.add(params, Edit::Append(format!("\"arguments\":{{{member}}}"))),
        }
    }
    edits.apply(body)
}

/// From a character to its full-width form.
const FULL_WIDTH: u32 = 0xfee0;
