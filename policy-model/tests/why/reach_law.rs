//! What is said of members is what is decided of them, with every token and all arguments of a small world.

use policy_model::decision::Effect;
use policy_model::explanation::{Held, RuleExplanation, explain};
use policy_model::reach::{Member, Need, Proof, Question, Reach, Standing, Wanted, Way};
use policy_model::{Arguments, Caller, Decision, Layers, Request, TenantId, UserId, decide, json};
use serde_json::json;

use crate::drawing::NAMES;
use crate::drawing::random::Random;
use crate::resource::resource;
use crate::worlds::World;

/// How often what was said.
#[derive(Debug, Default)]
struct Told {
    always: usize,
    sometimes: usize,
    unclear: usize,
    denied: usize,
    nothing: usize,
    contradicted: usize,
}

#[test]
fn what_is_said_of_members_is_decided_of_every_request() {
    let mut told = Told::default();
    for seed in 0..WORLDS {
        let random = &mut Random::new(seed);
        let world = World::draw(random);
        let layers = world.layers();
        for _ in 0..3 {
            let name = random.one_of(NAMES);
            let question = Question::new(layers, resource("tool", name).unwrap(), TIME);
            for _ in 0..3 {
                check(random, layers, &question, name, &world.text, &mut told);
            }
        }
    }
    println!("{told:?}");
    assert!(told.always > 50 && told.sometimes > 200 && told.denied > 50 && told.nothing > 100, "{told:?}");
    assert!(told.contradicted > 10 && told.unclear * 10 < told.sometimes, "{told:?}");
}

fn check(random: &mut Random, layers: Layers<'_>, question: &Question<'_>, name: &str, text: &str, told: &mut Told) {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse(random.one_of(&["alice", "eve"])).unwrap());
    let roles = texts(random.one_of(&[&[][..], &["r"], &["z"]]));
    let workspaces = texts(random.one_of(&[&[][..], &["w"]]));
    let bound = random.one_of(&[false, false, true]).then(|| texts(&["t"]));
    let member = Member {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        roles: &roles,
        workspaces: &workspaces,
        scopes: bound.as_deref(),
        is_machine: random.below(3) == 0,
    };
    let reach = question.ask(&member);
    let mut is_allowed = false;
    let mut is_denied = false;
    for _ in 0..REQUESTS {
        let token_roles = texts(random.one_of(&[&[][..], &[], &["r"], &["s"], &["z"], &["r", "s"]]));
        let scopes: &[&[&str]] = if bound.is_some() { &[&[], &["t"]] } else { &[&[], &["t"], &["u"], &["t", "u"]] };
        let scopes = texts(random.one_of(scopes));
        let agents: &[Option<&str>] =
            if reach.needs_agent { &[Some("x"), Some("y")] } else { &[None, Some("x"), Some("y")] };
        let [claims, arguments] = [(); 2].map(|()| crate::drawing::draw_members(random).to_string());
        let (claims, arguments) = (json::parse(claims.as_bytes()).unwrap(), json::parse(arguments.as_bytes()).unwrap());
        let caller = Caller {
            tenant: &tenant,
            user: &user,
            issuer: "https://issuer.example",
            agent: random.one_of(agents),
            roles: [&token_roles, &roles],
            workspaces: &workspaces,
            scopes: &scopes,
            claims: Some(claims.root()),
        };
        let time = MIDNIGHT + random.one_of(&[0, 6, 8, 12, 18, 23]) * 3_600;
        let arguments = Arguments::Known(Some(arguments.root()));
        let request = Request::new(&caller, resource("tool", name).unwrap(), arguments, time);
        let is_permit = matches!(decide(layers, &request, ()), Decision::Permit(_));
        assert_eq!(follows(&reach, layers, &request, &caller), is_permit, "{reach:#?}\n{text}");
        is_allowed |= is_permit;
        is_denied |= !is_permit;
    }
    match reach.standing {
        Standing::Always(_) => {
            told.always += 1;
            assert!(!is_denied, "{reach:#?}\n{text}");
        }
        Standing::Sometimes { is_shown } => {
            told.sometimes += 1;
            told.unclear += usize::from(!is_shown);
        }
        Standing::Denied(..) => told.denied += 1,
        Standing::NothingAllows => told.nothing += 1,
        Standing::Contradicted => told.contradicted += 1,
    }
    assert!(!(reach.standing.is_never() && is_allowed), "{member:?} {name} {reach:#?}\n{text}");
}

/// Whether the rules and their needs let the request be allowed, as they are told.
fn follows(reach: &Reach<'_>, layers: Layers<'_>, request: &Request<'_>, caller: &Caller<'_>) -> bool {
    let explanation = explain(layers, request);
    let told = |way: &Way<'_>| {
        let is_it =
            |rule: &&RuleExplanation<'_>| (rule.layer, rule.number) == (way.layer, way.number) && rule.is_enforced;
        explanation.rules.iter().find(is_it).unwrap()
    };
    let has = |wanted: &Wanted<'_>, own: &[&str]| match wanted {
        Wanted::Any => !own.is_empty(),
        Wanted::OneOf(names) => own.iter().any(|own| names.iter().any(|name| **name == **own)),
    };
    let is_met = |way: &Way<'_>, need: &Need<'_>| match need {
        Need::Role(wanted) => has(wanted, &caller.roles[0].iter().map(String::as_str).collect::<Vec<_>>()),
        Need::Agent(wanted) => has(wanted, &caller.agent.into_iter().collect::<Vec<_>>()),
        Need::Scopes(scopes) => scopes.iter().all(|scope| caller.scopes.iter().any(|own| **own == **scope)),
        Need::Condition(number) => match (told(way).conditions[*number].held, way.effect) {
            (Held::True, _) | (Held::Indeterminate(_), Effect::Deny) => true,
            (Held::False | Held::Open, _) | (Held::Indeterminate(_), Effect::Allow) => false,
        },
    };
    let applies = |way: &Way<'_>| way.needs.iter().all(|need| is_met(way, need));
    let is_allowed = reach.allows.iter().filter(|way| applies(way)).collect::<Vec<_>>();
    let allows = !is_allowed.is_empty() && !reach.denies.iter().any(applies);
    assert!(!allows || is_allowed.iter().all(|way| way.proof != Some(Proof::Excluded)), "{reach:#?}");
    allows
}

#[test]
fn members_that_share_an_answer_would_each_have_it() {
    for seed in 0..200 {
        let random = &mut Random::new(seed);
        let world = World::draw(random);
        let layers = world.layers();
        let name = random.one_of(NAMES);
        let shared = Question::new(layers, resource("tool", name).unwrap(), TIME);
        for user in ["alice", "bob", "eve", "dan"] {
            for roles in [json!([]), json!(["r"]), json!(["s", "q"]), json!(["q"])] {
                let roles: Vec<String> = serde_json::from_value(roles).unwrap();
                let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse(user).unwrap());
                let workspaces = ["w", "v"].map(str::to_owned);
                let workspaces = workspaces.get(..random.below(3)).unwrap();
                let (issuer, is_machine) = ("https://issuer.example", random.below(4) == 0);
                let member = Member {
                    tenant: &tenant,
                    user: &user,
                    issuer,
                    roles: &roles,
                    workspaces,
                    scopes: None,
                    is_machine,
                };
                let alone = Question::new(layers, resource("tool", name).unwrap(), TIME);
                assert_eq!(shared.ask(&member), alone.ask(&member), "{member:?} {}", world.text);
            }
        }
    }
}

const WORLDS: u64 = 200;
const REQUESTS: usize = 150;
/// Of 1 March 2026.
const MIDNIGHT: i64 = 1_772_323_200;
const TIME: i64 = MIDNIGHT + 12 * 3_600;
