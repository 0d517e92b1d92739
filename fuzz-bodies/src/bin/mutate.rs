//! `mutate TARGET SECONDS [SEED]`: gives a target the seeds of its corpus and what random changes make of them.
//!
//! It knows no coverage, but runs on any machine; for libFuzzer see `fuzz/`. What makes a target panic is written to
//! `fuzz/artifacts/TARGET`.

use std::error::Error;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fuzz_bodies::TARGETS;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, seconds, seed @ ..] = arguments.as_slice() else { return Err("mutate TARGET SECONDS [SEED]".into()) };
    let (name, run) = TARGETS.into_iter().find(|(target, _)| target == name).ok_or("no such target")?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let mut pool = seeds(&folder.join("corpus").join(name))?;
    let tokens: Vec<Vec<u8>> = TOKENS.iter().map(|token| token.as_bytes().to_vec()).collect();
    let mut random = Random(seed.first().map_or(Ok(1), |seed| seed.parse())?);
    let end = Instant::now() + Duration::from_secs(seconds.parse()?);
    let (mut executions, mut found) = (0_u64, Vec::new());
    let mut lengths: Vec<usize> = pool.iter().map(Vec::len).collect();
    while Instant::now() < end {
        for _ in 0..256 {
            let input = random.change(&pool, &tokens);
            executions += 1;
            if catch_unwind(|| run(&input)).is_err() {
                found.push(keep(&folder.join("artifacts").join(name), &input)?);
                if found.len() >= FOUND_MAX {
                    break;
                }
            } else if executions.is_multiple_of(1_000) && pool.len() < POOL_MAX {
                // Changes add up.
                lengths.push(input.len());
                pool.push(input);
            }
        }
        if found.len() >= FOUND_MAX {
            break;
        }
    }
    report(&format!(
        "{name}: {executions} executions, {} inputs in the pool, {} found: {found:?}",
        pool.len(),
        found.len()
    ));
    if found.is_empty() { Ok(()) } else { Err("something does not hold".into()) }
}

#[expect(clippy::print_stdout, reason = "what was done is the output")]
fn report(line: &str) {
    println!("{line}");
}

fn seeds(folder: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<std::io::Result<_>>()?;
    if seeds.is_empty() { Err("no seeds".into()) } else { Ok(seeds) }
}

fn keep(folder: &Path, input: &[u8]) -> Result<PathBuf, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!(
        "{:016x}",
        input
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    ));
    fs::write(&path, input)?;
    Ok(path)
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn one_of<'p>(&mut self, pool: &'p [Vec<u8>]) -> &'p [u8] {
        let nth = self.below(pool.len());
        pool.get(nth).map(Vec::as_slice).unwrap_or_default()
    }

    /// One of the pool with some changes.
    fn change(&mut self, pool: &[Vec<u8>], tokens: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.one_of(pool).to_vec();
        for _ in 0..1 + self.below(5) {
            let (start, length) = (self.below(input.len() + 1), self.below(24));
            let end = (start + length).min(input.len());
            let new: Vec<u8> = match self.below(8) {
                0 => vec![self.below(256) as u8],
                1 => Vec::new(),
                2 => input.get(start..end).unwrap_or_default().repeat(2),
                3 => {
                    let other = self.one_of(pool);
                    let from = self.below(other.len());
                    let to = (from + self.below(40)).min(other.len());
                    other.get(from..to).unwrap_or_default().to_vec()
                }
                4 => vec![b' ' + self.below(95) as u8],
                _ => self.one_of(tokens).to_vec(),
            };
            let replaced = if self.below(2) == 0 { start..start } else { start..end };
            input.splice(replaced, new);
        }
        input.truncate(INPUT_BYTES_MAX);
        input
    }
}

const INPUT_BYTES_MAX: usize = 8 << 10;
const POOL_MAX: usize = 4_000;
const FOUND_MAX: usize = 20;

/// Pieces of which more than chance makes something.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\\"",
    ":",
    ",",
    "\\u0022",
    "\\ud800",
    "\\udc00",
    "null",
    "true",
    "1e5",
    "-0",
    "1.5",
    "\n",
    "\0",
    "{\"a\":1}",
    "[1,2]",
    "\"ssn\":",
    "\"a\":",
    "$..a",
    "$..ssn",
    "$.*",
    "$..*",
    "..",
    "[*]",
    "['a']",
    "\nr$..a",
    "\nm$.a",
    "\nc$..b",
    "\nt$.*",
    "\nl$..a",
    "\nf$..a",
    "\nh$..a",
    "\np$..a",
    "\nl!EMAIL",
    "\nm!PHONE",
    "\nr!IBAN",
    "body",
    "isBase64Encoded",
    "\"isBase64Encoded\":true",
    "****",
    "\u{2026}",
    "eyJhIjoxfQ==",
    "eyJzc24iOjF9",
    "%7B%22",
    "&quot;",
    "data: ",
    "ssn: ",
    "a=",
    "é",
    "😀",
    "\u{200b}",
    "\u{ff11}",
    "ana@example.com",
    "4111 1111 1111 1111",
    "078-05-1120",
    "+1 212 555 0123",
    "10.0.0.1",
    "::1",
    "AKIAIOSFODNN7EXAMPLE",
    "Bearer ",
    "token=",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----END RSA PRIVATE KEY-----",
    "DE89370400440532013000",
    "https://u:p@h/?sig=",
    "eyJhbGciOiJIUzI1NiJ9.e30.",
    "\"jsonrpc\":\"2.0\"",
    "\"result\":",
    "\"error\":",
    "\"content\":[",
    "\"type\":\"text\"",
    "\"text\":",
    "\"structuredContent\":",
    "\"method\":\"tools/call\"",
    "\"mcp\":",
    "\"gatewayRequest\":",
    "\"gatewayResponse\":",
    "\"interceptorInputVersion\":\"1.0\"",
    "\"inputRequests\":",
    "\"task\":",
    "-32042",
];
