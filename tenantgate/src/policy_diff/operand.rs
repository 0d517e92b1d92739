//! What is compared, as it was named: a path, or a version that was read from the registry.

use super::DiffArguments;
use crate::failure::Failure;
use crate::operator_desk::Desk;
use crate::version_reference::VersionReference;

/// A path, or what a registry has.
pub(super) enum Operand {
    Path(String),
    Version { name: String, text: Vec<u8> },
}

/// All that is named.
pub(super) struct Operands {
    pub(super) old: Operand,
    pub(super) new: Operand,
    pub(super) baseline: Option<Operand>,
}

impl Operands {
    /// Reads what is named as a version; the registry is reached only for that.
    pub(super) async fn read(arguments: &DiffArguments) -> Result<Operands, Failure> {
        let named = |text: &String| VersionReference::unless_file(text);
        let texts = [Some(&arguments.old), Some(&arguments.new), arguments.baseline.as_ref()];
        let is_needed = texts.into_iter().flatten().any(|text| named(text).is_some());
        let desk = if is_needed { Some(Desk::to_read(&arguments.registry).await?) } else { None };
        let mut operands = Vec::new();
        for text in texts {
            operands.push(match (text, text.and_then(named), &desk) {
                (None, _, _) => None,
                (Some(_), Some(reference), Some(desk)) => {
                    let version = reference.read(desk).await.map_err(|error| desk.failure(&error))?;
                    Some(Operand::Version { name: reference.to_string(), text: version.document.into_bytes() })
                }
                (Some(text), _, _) => Some(Operand::Path(text.clone())),
            });
        }
        match <[Option<Operand>; 3]>::try_from(operands) {
            Ok([Some(old), Some(new), baseline]) => Ok(Operands { old, new, baseline }),
            Ok([..]) | Err(_) => Err(Failure::input("name two versions")),
        }
    }
}

impl Operand {
    /// The path; a version has none.
    pub(super) fn path(&self) -> Option<&str> {
        match self {
            Operand::Path(path) => Some(path),
            Operand::Version { .. } => None,
        }
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> &str {
        match self {
            Operand::Path(path) => path,
            Operand::Version { name, .. } => name,
        }
    }
}
