//! The operators of conditions and what each is compared with: one table for the reader and for the JSON Schema.

/// What stands beside an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Neither `value` nor `valuePath`.
    Nothing,
    /// A string, number, boolean or null.
    Scalar,
    /// The same, without the empty string.
    Part,
    /// Strings, or numbers.
    List,
    Number,
    /// A string that is not empty.
    Text,
    /// A string with wildcards; written out.
    Like,
    /// A regular expression; written out.
    Expression,
    /// A network or a list of them; written out.
    Networks,
    /// Two times of the day; written out.
    Times,
}

impl Needs {
    pub(crate) const ALL: &'static [Needs] = &[
        Needs::Nothing,
        Needs::Scalar,
        Needs::Part,
        Needs::List,
        Needs::Number,
        Needs::Text,
        Needs::Like,
        Needs::Expression,
        Needs::Networks,
        Needs::Times,
    ];

    /// Whether the value may stand elsewhere: what is compiled with the policy may not.
    pub(crate) fn takes_path(self) -> bool {
        match self {
            Needs::Scalar | Needs::Part | Needs::List | Needs::Number | Needs::Text => true,
            Needs::Nothing | Needs::Like | Needs::Expression | Needs::Networks | Needs::Times => false,
        }
    }

    /// What would be right, said to an author.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Needs::Nothing => "no value",
            Needs::Scalar => "a string, number, boolean or null",
            Needs::Part => "a string, number, boolean or null, and not the empty string",
            Needs::List => "a list, not empty, of strings or of numbers",
            Needs::Number => "a number",
            Needs::Text => "a string that is not empty",
            Needs::Like => "a string, not empty, with * for any run of characters",
            Needs::Expression => "a regular expression, not empty",
            Needs::Networks => "a network as in \"10.0.0.0/8\", or a list of them that is not empty",
            Needs::Times => "two different times of the day in UTC, as in [\"08:00\", \"18:00\"]",
        }
    }
}

macro_rules! operators {
    ($($name:ident $word:literal $needs:ident,)*) => {
        /// How the selected values are compared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Operator { $($name,)* }

        /// The operators as written.
        pub(crate) const OPERATORS: &[&str] = &[$($word,)*];

        impl Operator {
            pub(crate) const ALL: &'static [Operator] = &[$(Operator::$name,)*];

            /// As written.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Operator::$name => $word,)* }
            }

            /// What stands beside it.
            pub(crate) fn needs(self) -> Needs {
                match self { $(Operator::$name => Needs::$needs,)* }
            }
        }
    };
}

operators! {
    Equals "EQUALS" Scalar,
    NotEquals "NOT_EQUALS" Scalar,
    In "IN" List,
    NotIn "NOT_IN" List,
    LessThan "LESS_THAN" Number,
    LessThanOrEqual "LESS_THAN_OR_EQUAL" Number,
    GreaterThan "GREATER_THAN" Number,
    GreaterThanOrEqual "GREATER_THAN_OR_EQUAL" Number,
    Contains "CONTAINS" Part,
    StartsWith "STARTS_WITH" Text,
    EndsWith "ENDS_WITH" Text,
    Like "LIKE" Like,
    Matches "MATCHES" Expression,
    Exists "EXISTS" Nothing,
    NotExists "NOT_EXISTS" Nothing,
    InCidr "IN_CIDR" Networks,
    Between "BETWEEN" Times,
}

impl Operator {
    pub(crate) fn of(word: &str) -> Option<Operator> {
        Operator::ALL.iter().copied().find(|operator| operator.word() == word)
    }
}
