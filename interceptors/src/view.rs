//! What one caller may do and see now: the policies it is under, and who it is.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use policy_model::json::Value;
use policy_model::recorded::Facts;
use policy_model::redaction::{HashKey, HashKeys, Redactor};
use policy_model::rewriting::Outcome;
use policy_model::{
    Arguments, Caller, Decision, DecisionId, Effect, Layers, Permit, Pinned, Policy, Request, Resource, RuleId,
    SearchWork, ToolName, admit, decide, would_decide,
};
use policy_registry::Shadow;

use crate::audit::Trail;
use crate::method::Asks;
use crate::names::Names;
use crate::own_words::OwnWords;
use crate::pins::check_entry;
use crate::refusal::Refusal;
use crate::settings::{ControlCharacters, InvisibleCharacters, TenantContextSettings};
use crate::wanted::Wanted;

/// A caller under its policies, at one time.
pub struct View<'v> {
    layers: Layers<'v>,
    shadow: Option<&'v Shadow>,
    caller: Caller<'v>,
    /// Seconds since 1970.
    time: i64,
    hash_keys: Option<&'v HashKeys>,
    /// With what digests of arguments are made.
    arguments_key: Option<&'v HashKey>,
    /// Tools that were asked for by name before: one list names each several times.
    tools: RefCell<HashMap<Box<str>, bool>>,
    /// Entries of lists that were compared with the shadow policy.
    compared: RefCell<HashSet<Box<str>>>,
    /// What looking for arguments may still take.
    search: SearchWork,
    gains: Cell<u32>,
    losses: Cell<u32>,
    /// Pinned tools that had other definitions.
    changed: RefCell<HashSet<Box<str>>>,
    invisible: InvisibleCharacters,
    controls: ControlCharacters,
    context: Option<&'v TenantContextSettings>,
    decision: Option<DecisionId<'v>>,
    names: Names<'v>,
    own_words: OwnWords,
}

/// What the shadow policy says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its `policyId`; none if it cannot be used.
    pub policy: Option<String>,
    /// What it would do; none if it cannot be used.
    pub effect: Option<Effect>,
    /// The rule that would settle it.
    pub rule: Option<RuleId>,
}

impl Difference {
    /// The shadow cannot be used.
    const BROKEN: Difference = Difference { policy: None, effect: None, rule: None };

    /// What it would do, as the audit line says it.
    pub(crate) fn word(&self) -> &'static str {
        self.effect.map_or("INVALID", Effect::word)
    }
}

impl<'v> View<'v> {
    /// A caller's view at a time, in seconds since 1970.
    pub fn new(
        layers: Layers<'v>,
        shadow: Option<&'v Shadow>,
        caller: Caller<'v>,
        time: i64,
        invisible: InvisibleCharacters,
    ) -> View<'v> {
        View {
            layers,
            shadow,
            caller,
            time,
            hash_keys: None,
            arguments_key: None,
            tools: RefCell::default(),
            compared: RefCell::default(),
            search: SearchWork::for_a_list(),
            gains: Cell::new(0),
            losses: Cell::new(0),
            changed: RefCell::default(),
            invisible,
            controls: ControlCharacters::Keep,
            context: None,
            decision: None,
            names: Names::GATEWAY,
            own_words: OwnWords::default(),
        }
    }

    /// The same with keys for hashes.
    pub fn with_hash_keys(self, keys: &'v HashKeys) -> View<'v> {
        View { hash_keys: Some(keys), ..self }
    }

    /// The same where the facts of audit lines have digests of arguments that are made with this.
    pub(crate) fn with_arguments_key(self, key: Option<&'v HashKey>) -> View<'v> {
        View { arguments_key: key, ..self }
    }

    /// The same where this becomes of control characters in arguments.
    pub fn with_controls(self, controls: ControlCharacters) -> View<'v> {
        View { controls, ..self }
    }

    /// The same where calls carry a tenant context.
    pub fn with_context(self, context: Option<&'v TenantContextSettings>) -> View<'v> {
        View { context, ..self }
    }

    /// The same for the arguments of the decision of this id.
    pub fn with_decision(self, decision: Option<DecisionId<'v>>) -> View<'v> {
        View { decision, ..self }
    }

    /// The same for messages that use these names.
    pub fn with_names(self, names: Names<'v>) -> View<'v> {
        View { names, ..self }
    }

    /// Whose names the messages use.
    pub(crate) fn names(&self) -> Names<'v> {
        self.names
    }

    /// The full name of what they call so; none if that is nobody's.
    pub(crate) fn full_name<'n>(&self, name: &'n str) -> Option<Cow<'n, str>> {
        self.names.full(name)
    }

    /// The words of the answer that name tools which are not listed.
    pub(crate) fn own_words(&self) -> &OwnWords {
        &self.own_words
    }

    /// The argument of a tool in which it finds the tenant context.
    pub(crate) fn reserved_argument(&self, tool: &ToolName<'_>) -> Option<&'v str> {
        self.context?.targets.get(tool.target()?)?.argument.as_deref()
    }

    /// The policies.
    pub fn layers(&self) -> Layers<'v> {
        self.layers
    }

    /// The redactions for results of these; of all things where it is not known what it was.
    pub(crate) fn redactor(&self, resources: Option<&[Resource<'_>]>) -> Result<Redactor<'v>, Refusal> {
        self.with_keys(self.layers.redactor(resources, Some(&self.caller)))
    }

    /// What detectors find in what a list says of its entries, whatever they are.
    pub(crate) fn redactor_of_lists(&self) -> Result<Redactor<'v>, Refusal> {
        self.with_keys(self.layers.redactor(None, Some(&self.caller)).without_paths())
    }

    fn with_keys(&self, redactor: Redactor<'v>) -> Result<Redactor<'v>, Refusal> {
        let redactor = redactor.with_keys(self.hash_keys.cloned().unwrap_or_default());
        if redactor.lacks_key() { Err(Refusal::HashKey) } else { Ok(redactor) }
    }

    /// Lets pass what every known caller may do.
    pub(crate) fn admit<T>(&self, subject: T, trail: &mut Trail) -> Permit<T> {
        if let Some(Shadow::Broken) = self.shadow {
            trail.shadow(Some(Difference::BROKEN));
        }
        admit(self.layers, subject)
    }

    /// Decides, and notes by which rule, what rules that only log would have done, and what the shadow policy says otherwise.
    pub(crate) fn decide<T>(&self, wanted: &Wanted<'_>, subject: T, trail: &mut Trail) -> Result<Permit<T>, Refusal> {
        let request = Request::new(&self.caller, wanted.resource()?, wanted.arguments(), self.time);
        let decision = decide(self.layers, &request, subject);
        trail.log_only(would_decide(self.layers, &request));
        trail.shadow(self.difference(&request, &decision));
        trail.decision(self.layers, &decision);
        trail.facts(|| self.facts(&request, &decision));
        match decision {
            Decision::Permit(permit) => Ok(permit),
            Decision::Denial(denial) => Err(Refusal::Policy(denial, wanted.asks())),
        }
    }

    /// What deciding again needs.
    fn facts<T>(&self, request: &Request<'_>, decision: &Decision<T>) -> Option<Facts> {
        let shadow = match self.shadow {
            Some(Shadow::Policy(policy)) => Some(policy.as_ref()),
            Some(Shadow::Broken) | None => None,
        };
        let mut facts = Facts::of(self.layers, shadow, request, decision)?;
        facts.arguments = self.arguments_key.and_then(|key| request.arguments_digest(key));
        Some(facts)
    }

    /// The arguments as the policies want them.
    pub(crate) fn rewrite(&self, wanted: &Wanted<'_>) -> Result<Outcome, Refusal> {
        let resource = wanted.resource()?;
        let outcome = match wanted.asks() {
            Asks::Completion => self.layers.check_completion(&resource).map(|()| Outcome::NotConcerned),
            Asks::Tool | Asks::Prompt | Asks::Resource | Asks::Agent | Asks::Model => {
                let request = Request::new(&self.caller, resource, wanted.arguments(), self.time);
                self.layers.rewrite_arguments(&request.with_decision(self.decision))
            }
        };
        outcome.map_err(|unresolved| Refusal::Arguments(unresolved, wanted.asks()))
    }

    /// Whether something is listed: whether some arguments could be allowed.
    pub(crate) fn lists(&self, resource: Resource<'_>) -> bool {
        let request = Request::new(&self.caller, resource, Arguments::Unknown, self.time).among(&self.search);
        is_permit(&decide(self.layers, &request, ()))
    }

    /// The same for a tool.
    pub(crate) fn lists_tool(&self, tool: &ToolName<'_>) -> bool {
        if let Some(known) = self.tools.borrow().get(tool.as_str()) {
            return *known;
        }
        let is_listed = self.lists(Resource::Tool(*tool));
        self.tools.borrow_mut().insert(tool.as_str().into(), is_listed);
        is_listed
    }

    /// Whether an entry of a list stays; what the shadow policy would do is counted once for each name.
    pub(crate) fn lists_entry(&self, name: &str, resource: Resource<'_>) -> bool {
        let is_listed = match &resource {
            Resource::Tool(tool) => self.lists_tool(tool),
            Resource::Prompt(_)
            | Resource::Uri(_)
            | Resource::Template(_)
            | Resource::Agent(_)
            | Resource::Model(_) => self.lists(resource.clone()),
        };
        if let Some(Shadow::Policy(policy)) = self.shadow
            && self.compared.borrow_mut().insert(name.into())
        {
            let request = Request::new(&self.caller, resource, Arguments::Unknown, self.time).among(&self.search);
            match (is_listed, is_permit(&decide(self.beside(policy), &request, ()))) {
                (false, true) => self.gains.set(self.gains.get().saturating_add(1)),
                (true, false) => self.losses.set(self.losses.get().saturating_add(1)),
                (true, true) | (false, false) => {}
            }
        }
        is_listed
    }

    /// Whether a tool that is pinned has a definition that is, in the entry of a list as it came.
    pub(crate) fn is_as_pinned(&self, tool: &ToolName<'_>, entry: Value<'_>) -> bool {
        match check_entry(self.layers, self.names, tool, entry) {
            (Pinned::No | Pinned::Met, _) => true,
            (Pinned::Changed, _) => {
                self.changed.borrow_mut().insert(tool.as_str().into());
                false
            }
        }
    }

    /// How many tools that the policies list were hidden since they are not as pinned.
    pub(crate) fn pins_hidden(&self) -> u32 {
        u32::try_from(self.changed.borrow().len()).unwrap_or(u32::MAX)
    }

    /// What becomes of control characters in arguments.
    pub(crate) fn controls(&self) -> ControlCharacters {
        self.controls
    }

    /// What becomes of characters that nobody sees.
    pub(crate) fn invisible(&self) -> InvisibleCharacters {
        self.invisible
    }

    /// How many entries the shadow policy would show that are hidden, and hide that are shown.
    pub(crate) fn shadow_list(&self) -> (u32, u32) {
        (self.gains.get(), self.losses.get())
    }

    fn beside<'s>(&'s self, policy: &'s Policy) -> Layers<'s> {
        Layers { policy, ..self.layers }
    }

    fn difference<T>(&self, request: &Request<'_>, decision: &Decision<T>) -> Option<Difference> {
        match self.shadow? {
            Shadow::Broken => Some(Difference::BROKEN),
            Shadow::Policy(policy) => {
                let shadow = decide(self.beside(policy), request, ());
                let (effect, rule) = match &shadow {
                    Decision::Permit(permit) => (Effect::Allow, permit.rule().cloned()),
                    Decision::Denial(denial) => (Effect::Deny, denial.rule().cloned()),
                };
                let policy = Some(policy.id().as_str().to_owned());
                (is_permit(&shadow) != is_permit(decision)).then_some(Difference { policy, effect: Some(effect), rule })
            }
        }
    }
}

fn is_permit<T>(decision: &Decision<T>) -> bool {
    match decision {
        Decision::Permit(_) => true,
        Decision::Denial(_) => false,
    }
}
