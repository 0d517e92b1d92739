//! Random policies whose every path ends in a name.

use policy_model::Policy;

use crate::random::Random;
use crate::template::quote;

/// What a policy redacts.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) named: Vec<(&'static str, Action)>,
    /// Whether emails, cards and social security numbers are masked.
    pub(crate) detects: bool,
    pub(crate) free_text: FreeText,
    pub(crate) blocks_opaque: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Mask,
    MaskTyped,
    KeepLast,
    Replace,
    Truncate,
    Remove,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FreeText {
    Guard,
    Mask,
    Pass,
}

/// Names that nothing else has, and no protocol.
pub(crate) const SECRET_NAMES: &[&str] =
    &["secretNumber", "card holder", "schlüsselwort", "x.token", "it's-hidden", "pass\"phrase\\"];

impl Rules {
    pub(crate) fn draw(random: &mut Random) -> Rules {
        let actions = [
            Action::Mask,
            Action::Mask,
            Action::MaskTyped,
            Action::KeepLast,
            Action::Replace,
            Action::Truncate,
            Action::Remove,
        ];
        let mut names = SECRET_NAMES.to_vec();
        random.shuffle(&mut names);
        names.truncate(random.below(4));
        let detects = names.is_empty() || random.chance(40);
        Rules {
            named: names.into_iter().map(|name| (name, random.one_of(&actions))).collect(),
            detects,
            free_text: random.one_of(&[FreeText::Guard, FreeText::Guard, FreeText::Mask, FreeText::Pass]),
            blocks_opaque: random.chance(10),
        }
    }

    pub(crate) fn has_paths(&self) -> bool {
        !self.named.is_empty()
    }

    /// Whether what a program says of itself is masked.
    pub(crate) fn masks_messages(&self) -> bool {
        self.has_paths() && self.free_text != FreeText::Pass
    }

    /// Whether every text that is no JSON is masked.
    pub(crate) fn masks_prose(&self) -> bool {
        self.has_paths() && self.free_text == FreeText::Mask
    }

    /// What stands between the tokens of JSON: nothing where something goes away, so that it is plain what is left.
    pub(crate) fn space(&self, random: &mut Random) -> &'static str {
        let removes = self.named.iter().any(|(_, action)| *action == Action::Remove);
        if removes { "" } else { random.one_of(&["", "", " ", "\n\t "]) }
    }

    pub(crate) fn parse(&self) -> Policy {
        let mut redactions: Vec<String> = self
            .named
            .iter()
            .map(|(name, action)| {
                let path = quote(&format!("$..['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")));
                format!(r#"{{"resources":["agent:tool:*"],"path":{path},{}}}"#, action.members())
            })
            .collect();
        if self.detects {
            redactions.push(
                r#"{"resources":["agent:tool:*"],"detect":["EMAIL","PAYMENT_CARD","US_SSN"],"action":"MASK"}"#.into(),
            );
        }
        let free_text = match self.free_text {
            FreeText::Guard => "GUARD",
            FreeText::Mask => "MASK",
            FreeText::Pass => "PASS",
        };
        let text = format!(
            r#"{{"policyId":"p","tenantId":"t","rules":[],"freeText":"{free_text}","opaqueContent":"{}","redactions":[{}]}}"#,
            if self.blocks_opaque { "BLOCK" } else { "MASK" },
            redactions.join(",")
        );
        Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in {text}"))
    }
}

impl Action {
    fn members(self) -> &'static str {
        match self {
            Action::Mask => r#""action":"MASK""#,
            Action::MaskTyped => r#""action":"MASK","preserveType":true"#,
            Action::KeepLast => r#""action":"MASK","keepLast":4"#,
            Action::Replace => r#""action":"REPLACE","with":"not shown""#,
            Action::Truncate => r#""action":"TRUNCATE","length":3"#,
            Action::Remove => r#""action":"REMOVE""#,
        }
    }
}
