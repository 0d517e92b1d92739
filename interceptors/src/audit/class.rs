//! Whose doing a decision was: the closed list of metrics and alarms.

/// Whose doing it was. The lists of codes are those of the alarms (`terraform/modules/interceptors/logs.tf`): what a caller or a target
/// alone can bring about is no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nobody's: it passed.
    Allowed,
    /// The policies said no.
    Policy,
    /// An operator stopped it.
    Killed,
    /// A value that a policy redacts was still there.
    Residue,
    /// A caller or a target can bring it about alone, and so can a fault of ours.
    Suspicious,
    /// The caller's own doing, or the target's.
    Outside,
    /// This program's fault.
    Program,
    /// The registry's.
    Registry,
    /// Policies and settings that do not go together.
    Configuration,
    /// Somebody's whom the interceptors ask.
    Dependency,
    /// The gateway speaks otherwise than it is known to.
    Gateway,
}

impl Class {
    /// The class of a refusal by its reason code.
    pub(crate) fn of_refusal(code: &str) -> Class {
        let lists = [
            (Class::Policy, POLICY),
            (Class::Killed, KILLED),
            (Class::Residue, RESIDUE),
            (Class::Suspicious, SUSPICIOUS),
            (Class::Program, PROGRAM),
            (Class::Registry, REGISTRY),
            (Class::Configuration, CONFIGURATION),
            (Class::Dependency, DEPENDENCY),
            (Class::Gateway, GATEWAY),
        ];
        lists.iter().find(|(_, codes)| codes.contains(&code)).map_or(Class::Outside, |(class, _)| *class)
    }

    /// The value of the dimension.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Class::Allowed => "ALLOWED",
            Class::Policy => "POLICY",
            Class::Killed => "KILLED",
            Class::Residue => "RESIDUE",
            Class::Suspicious => "SUSPICIOUS",
            Class::Outside => "OUTSIDE",
            Class::Program => "FAULT_PROGRAM",
            Class::Registry => "FAULT_REGISTRY",
            Class::Configuration => "FAULT_CONFIGURATION",
            Class::Dependency => "FAULT_DEPENDENCY",
            Class::Gateway => "FAULT_GATEWAY",
        }
    }

    /// Whether something is wrong on our side.
    pub(crate) fn is_fault(self) -> bool {
        match self {
            Class::Program | Class::Registry | Class::Configuration | Class::Dependency | Class::Gateway => true,
            Class::Allowed | Class::Policy | Class::Killed | Class::Residue | Class::Suspicious | Class::Outside => {
                false
            }
        }
    }
}

const POLICY: &[&str] =
    &["ARGUMENTS_REFUSED", "DENY_RULE", "MAX_TOKENS", "METHOD_NOT_GRANTABLE", "NO_RULE", "PUSH_URL", "STREAMING"];

const KILLED: &[&str] = &["KILLED"];

const RESIDUE: &[&str] = &["REDACTION_RESIDUE"];

const SUSPICIOUS: &[&str] = &["EVENT_UNREADABLE", "EXCHANGE_ISSUER", "EXCHANGE_REFUSED", "PIN_CHANGES_TOO_MANY"];

const PROGRAM: &[&str] = &["DEADLINE", "PANIC", "SETTINGS"];

const REGISTRY: &[&str] = &[
    "BASELINE_MISSING",
    "POLICY_INVALID",
    "POLICY_MISMATCH",
    "POLICY_MISSING",
    "REGISTRY_ITEM_MALFORMED",
    "REGISTRY_UNAVAILABLE",
    "ROUTE_MALFORMED",
    "TASK_MALFORMED",
];

const CONFIGURATION: &[&str] = &["ARGUMENT_CONFLICT", "HEADER_CONFLICT", "REDACTION_KEY"];

const DEPENDENCY: &[&str] =
    &["CONTEXT_KEY_UNAVAILABLE", "CONTEXT_SIGNING", "EXCHANGE_ANSWER", "EXCHANGE_UNAVAILABLE", "KEYS_UNAVAILABLE"];

const GATEWAY: &[&str] = &[
    "DECISION_CONTEXT_CONFLICT",
    "DECISION_CONTEXT_MALFORMED",
    "DECISION_CONTEXT_MISSING",
    "EVENT_FAMILY_UNCLEAR",
    "EVENT_SHAPE",
    "EVENT_VERSION",
    "HTTP_REQUEST_ID",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// One story: the alarms on audit lines and these metrics mean the same by every code.
    #[test]
    fn the_alarms_have_the_same_lists() {
        let terraform = include_str!("../../../terraform/modules/interceptors/logs.tf");
        for (name, codes) in [
            ("denial_codes", POLICY),
            ("suspicious_codes", SUSPICIOUS),
            ("program", PROGRAM),
            ("registry", REGISTRY),
            ("configuration", CONFIGURATION),
            ("dependency", DEPENDENCY),
            ("gateway", GATEWAY),
        ] {
            let is_list = |line: &&str| {
                line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with("= ["))
            };
            let line = terraform.lines().find(is_list).unwrap_or_else(|| panic!("no list {name}"));
            let there: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
            assert_eq!(there, codes, "{name}");
        }
    }
}
