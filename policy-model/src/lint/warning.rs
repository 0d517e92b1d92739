//! The kinds of warnings.

macro_rules! warnings {
    ($($(#[$about:meta])* $name:ident $code:literal,)*) => {
        /// A kind of warning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Warning { $($(#[$about])* $name,)* }

        impl Warning {
            /// All of them.
            pub const ALL: &'static [Warning] = &[$(Warning::$name,)*];

            /// Its name for programs.
            pub fn code(self) -> &'static str {
                match self { $(Warning::$name => $code,)* }
            }
        }
    };
}

warnings! {
    /// An ALLOW of a bare name without a default target.
    UnreachableBareName "unreachable-bare-name",
    /// A resource that no well-formed name fits.
    NamesNothing "names-nothing",
    /// An ALLOW of what is always denied.
    ShadowedByDeny "shadowed-by-deny",
    /// A rule whose time is over.
    Expired "expired",
    /// Conditions that never hold together.
    UnsatisfiableConditions "unsatisfiable-conditions",
    /// A condition that never holds.
    NeverTrue "never-true",
    /// A path that selects nothing in any document, or a redaction or change of what is never let through.
    NeverSelects "never-selects",
    /// A `valuePath` of what is set in calls that never has such a value.
    NeverResolves "never-resolves",
    /// A claim that neither the standards nor the settings know.
    UnknownClaim "unknown-claim",
    /// A DENY for those only who are in several lists.
    DenyWithSeveralPrincipalLists "deny-with-several-principal-lists",
    /// An ALLOW of everything to everybody.
    GrantsEverything "grants-everything",
    /// A wildcard of an ALLOW that reaches further than it looks.
    WideWildcard "wide-wildcard",
    /// A wildcard of a DENY, redaction or entry of `arguments` that reaches further than it looks.
    WideDenial "wide-denial",
    /// A pin of a tool that nobody may call.
    PinnedInVain "pinned-in-vain",
    /// A condition that holds for every text.
    MatchesEverything "matches-everything",
    /// An ALLOW of all arguments but a few.
    AllowsAllOthers "allows-all-others",
    /// A rule that says what another says.
    DuplicateRule "duplicate-rule",
    /// A tenant's policy that is only recorded.
    LogOnlyPolicyAllowsNothing "log-only-policy-allows-nothing",
    /// A tenant's policy without a rule that allows.
    NoAllowRule "no-allow-rule",
}
