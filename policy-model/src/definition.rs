//! What a tool is by its definition, and which definitions the policies pin.

use std::collections::HashMap;
use std::fmt;

use crate::decision::Layers;
use crate::policy::Policy;
use crate::tool_name::ToolName;

/// The SHA-256 of a tool's definition: of the canonical form of its whole entry in a list, as its target sent it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// A digest that was computed.
    pub fn new(bytes: [u8; 32]) -> Digest {
        Digest(bytes)
    }

    /// Takes 64 lower-case hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Digest> {
        let is_hex =
            text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let mut bytes = [0; 32];
        for (number, byte) in bytes.iter_mut().enumerate().filter(|_| is_hex) {
            *byte = text.get(2 * number..2 * number + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok())?;
        }
        is_hex.then_some(Digest(bytes))
    }
}

/// What the policies say of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pinned {
    /// The tool is not pinned.
    No,
    /// The definition is one that each policy that pins the tool pins.
    Met,
    /// It is not.
    Changed,
}

/// The pins of a policy.
#[derive(Debug, Default)]
pub(crate) struct Pins(HashMap<Box<str>, Box<[Digest]>, foldhash::fast::RandomState>);

impl Pins {
    /// The pins of these tools, each with the digests of which one must be met.
    pub(crate) fn new(tools: impl IntoIterator<Item = (Box<str>, Box<[Digest]>)>) -> Pins {
        Pins(tools.into_iter().collect())
    }

    /// Each pinned tool with the digests of which one must be met.
    pub(crate) fn tools(&self) -> impl Iterator<Item = (&str, &[Digest])> {
        self.0.iter().map(|(tool, digests)| (tool.as_ref(), digests.as_ref()))
    }

    fn of(&self, tool: &ToolName<'_>) -> Option<&[Digest]> {
        self.0.get(tool.as_str()).map(AsRef::as_ref)
    }
}

impl<'p> Layers<'p> {
    /// Whether any tool is pinned.
    pub fn has_pins(self) -> bool {
        self.policies().any(|policy| !policy.pins.0.is_empty())
    }

    /// Whether this tool is pinned.
    pub fn pins(self, tool: &ToolName<'_>) -> bool {
        self.policies().any(|policy| policy.pins.of(tool).is_some())
    }

    /// Whether a tool may have this definition; `None` is one that has no exact canonical form, which no pin is met by.
    pub fn check_definition(self, tool: &ToolName<'_>, definition: Option<&Digest>) -> Pinned {
        let pins = self.policies().filter_map(|policy| policy.pins.of(tool)).map(|digests| {
            let is_met = definition.is_some_and(|definition| digests.contains(definition));
            if is_met { Pinned::Met } else { Pinned::Changed }
        });
        pins.fold(Pinned::No, |so_far, pin| match (so_far, pin) {
            (Pinned::Changed, _) | (_, Pinned::Changed) => Pinned::Changed,
            (Pinned::Met, _) | (_, Pinned::Met) => Pinned::Met,
            (Pinned::No, Pinned::No) => Pinned::No,
        })
    }

    fn policies(self) -> impl Iterator<Item = &'p Policy> {
        self.baseline.into_iter().chain([self.policy])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
