//! A command that is killed: each tenant and each member is as before or as after, and the same command again completes it.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::desk::{Desk, Ended, FILE, ended, policy};

/// Enough for several transactions.
const TENANTS: usize = 40;

const MEMBERS: usize = 400;

const KILLS: u32 = 8;

#[test]
fn a_publication_that_is_killed_is_completed_by_the_same_again() {
    let desk = Desk::new();
    let tenants: Vec<String> = (0..TENANTS).map(|number| format!("tenant-{number:02}")).collect();
    let server = Server::of(&desk);
    for tenant in &tenants {
        assert_eq!(server.run(&["tenant", "add", tenant]).code, 0);
    }
    let publish = |round: u32| {
        for tenant in &tenants {
            desk.put(&format!("round-{round}/{tenant}.json"), policy(tenant, &format!("role-{round}")));
        }
        format!("round-{round}")
    };
    let began = Instant::now();
    assert_eq!(server.run(&["policy", "publish", &publish(0)]).code, 0);
    let takes = began.elapsed();
    let mut cut = 0;
    for round in 1..=KILLS {
        let folder = publish(round);
        cut += usize::from(server.kill_within(&["policy", "publish", &folder], part_of(takes)));
        assert_each_policy_is_whole(&server, &tenants, round);
        let again = server.run(&["policy", "publish", &folder]);
        assert_eq!(again.code, 0, "{}", again.err);
        let states = active_digests(&server);
        let digest = |tenant: &String| digest_of(&policy(tenant, &format!("role-{round}")));
        assert!(tenants.iter().all(|tenant| states[tenant] == digest(tenant)), "round {round}");
        let status = server.run(&["status"]);
        assert_eq!(status.code, 0, "round {round}: {}", status.out);
    }
    assert!(cut > 0, "no command was killed before its end");
    let versions: Value =
        serde_json::from_str(&server.run(&["policy", "list", "--tenant", "tenant-00", "--json"]).out).unwrap();
    let expected = usize::try_from(KILLS).unwrap() + 2;
    assert_eq!(versions.as_array().unwrap().len(), expected, "a version twice, or one that is missing");
}

#[test]
fn an_import_that_is_killed_is_completed_by_the_same_again() {
    let desk = Desk::with_tenants(&["acme"]);
    let server = Server::of(&desk);
    let write = |round: u32| {
        let lines: Vec<String> = (0..MEMBERS).map(|number| format!("user-{number:05},role-{round}")).collect();
        desk.put("members.csv", format!("subject,roles\n{}\n", lines.join("\n")));
    };
    let import = ["member", "import", "members.csv", "--tenant", "acme", "--issuer", "https://idp.example"];
    write(0);
    let began = Instant::now();
    assert_eq!(server.run(&import).code, 0);
    let takes = began.elapsed();
    let mut cut = 0;
    for round in 1..=KILLS / 2 {
        write(round);
        cut += usize::from(server.kill_within(&import, part_of(takes)));
        let roles = roles(&server);
        let is_whole = |(user, role): (&String, &String)| {
            user.starts_with("user-") && [round - 1, round].iter().any(|round| *role == format!("role-{round}"))
        };
        assert!(roles.len() == MEMBERS && roles.iter().all(is_whole), "round {round}: {} members", roles.len());
        let again = server.run(&import);
        assert_eq!(again.code, 0, "{}", again.err);
        assert!(self::roles(&server).values().all(|role| *role == format!("role-{round}")), "round {round}");
    }
    assert!(cut > 0, "no command was killed before its end");
}

#[test]
fn a_registry_in_a_file_outlives_the_commands_that_are_killed_in_it() {
    let desk = Desk::with_tenants(&["acme"]);
    let write = |round: u32| desk.put("acme.json", policy("acme", &format!("role-{round}")));
    let publish = ["policy", "publish", "acme.json", "--file", FILE];
    write(0);
    let began = Instant::now();
    assert_eq!(desk.plain(&publish).code, 0);
    let takes = began.elapsed();
    for round in 1..=KILLS {
        write(round);
        kill_within(desk.command(&publish).spawn().unwrap(), part_of(takes));
        let version = desk.json(&["policy", "show", "acme"]);
        let role = version["document"]["rules"][0]["principals"]["roles"][0].as_str().unwrap().to_owned();
        assert!([round - 1, round].iter().any(|round| role == format!("role-{round}")), "round {round}: {role}");
        assert_eq!(desk.plain(&publish).code, 0);
    }
    assert_eq!(desk.json(&["policy", "show", "acme"])["version"], KILLS + 2);
}

/// `registry serve`, and commands that speak to it.
struct Server<'d> {
    desk: &'d Desk,
    child: Child,
    url: String,
}

impl Server<'_> {
    fn of(desk: &Desk) -> Server<'_> {
        let mut child = desk
            .command(&["registry", "serve", "--file", FILE, "--listen", "127.0.0.1:0"])
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().rsplit_once(" at ").unwrap().1.to_owned();
        Server { desk, child, url }
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.desk.plain(&[arguments, &["--endpoint-url", &self.url]].concat())
    }

    fn kill_within(&self, arguments: &[&str], time: Duration) -> bool {
        kill_within(self.desk.command(&[arguments, &["--endpoint-url", &self.url]].concat()).spawn().unwrap(), time)
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Whether it was killed before it ended by itself.
fn kill_within(mut child: Child, time: Duration) -> bool {
    std::thread::sleep(time);
    child.kill().unwrap();
    ended(child).code == -1
}

/// A random part of a time.
fn part_of(takes: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 100;
    takes * u32::try_from(random).unwrap() / 100
}

/// The digest of the policy in force of each tenant.
fn active_digests(server: &Server<'_>) -> BTreeMap<String, String> {
    let listed: Value = serde_json::from_str(&server.run(&["policy", "list", "--json"]).out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().map(|one| (text(&one["tenantId"]), text(&one["sha256"]))).collect()
}

/// Each tenant's pointer, the document that decides and the version say the same.
fn assert_each_policy_is_whole(server: &Server<'_>, tenants: &[String], round: u32) {
    let items: Vec<Value> = serde_json::from_str(&server.run(&["registry", "dump", "--json"]).out).unwrap();
    let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    let items: BTreeMap<(String, String), &Value> =
        items.iter().map(|item| ((text(item, "pk"), text(item, "sk")), item)).collect();
    for tenant in tenants {
        let of = |sk: &str| items[&(format!("TENANT#{tenant}"), sk.to_owned())];
        let (pointer, active) = (of("TENANT"), of("POLICY#ACTIVE"));
        let version: u64 = pointer["policyVersion"]["N"].as_str().unwrap().parse().unwrap();
        let version = of(&format!("POLICY#VERSION#{version:010}"));
        let digest = text(pointer, "policySha256");
        assert_eq!([&text(active, "sha256"), &text(version, "sha256")], [&digest; 2], "round {round}, {tenant}");
        assert_eq!(digest_of(&text(active, "document")), digest, "round {round}, {tenant}");
        let expected = [round - 1, round].map(|round| digest_of(&policy(tenant, &format!("role-{round}"))));
        assert!(expected.contains(&digest), "round {round}, {tenant}");
    }
}

fn roles(server: &Server<'_>) -> BTreeMap<String, String> {
    let listed = server.run(&["member", "list", "--tenant", "acme", "--json"]).out;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|one| (text(&one["subject"]), text(&one["roles"][0])))
        .collect()
}

fn digest_of(text: &str) -> String {
    policy_registry::record::sha256_hex(text.as_bytes())
}
