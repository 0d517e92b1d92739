//! Addresses in a Terraform state: of modules, resources and their instances.

mod reader;

use std::fmt;

use self::reader::Reader;

/// Modules from the outside in, and then the resource, if it is one's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    /// `module.a`, `aws_x.y` or `data.aws_x.y`
    name: String,
    key: Option<Key>,
}

/// Which of several instances.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Index(u64),
    Name(String),
}

impl Address {
    /// Reads an address as Terraform writes it; the error says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Address, String> {
        let wrong = |what: String| format!("{text:?} is no address: {what}; as in module.agents[\"support\"].aws_x.y");
        if text.len() > ADDRESS_BYTES_MAX {
            return Err(format!("an address is longer than {ADDRESS_BYTES_MAX} bytes"));
        }
        let mut reader = Reader { rest: text };
        let mut steps = Vec::new();
        loop {
            let step = reader.step().map_err(wrong)?;
            let is_module = step.is_module();
            steps.push(step);
            match reader.rest.strip_prefix('.') {
                Some(rest) if is_module => reader.rest = rest,
                _ if reader.rest.is_empty() => return Ok(Address(steps)),
                Some(_) | None => return Err(wrong(format!("{:?} is left over", reader.rest))),
            }
        }
    }

    /// A resource in this module (nothing is the root).
    pub(crate) fn of_resource(module: Option<&Address>, name: String, key: Option<Key>) -> Address {
        let mut steps = module.map_or_else(Vec::new, |module| module.0.clone());
        steps.push(Step { name, key });
        Address(steps)
    }

    /// Whether all of it is modules.
    pub(crate) fn is_module(&self) -> bool {
        self.0.iter().all(Step::is_module)
    }

    /// Whether the other is this, or stands in it. A step without a key is all of its instances.
    pub(crate) fn holds(&self, other: &Address) -> bool {
        let is_same =
            |own: &Step, theirs: &Step| own.name == theirs.name && (own.key.is_none() || own.key == theirs.key);
        self.0.len() <= other.0.len() && self.0.iter().zip(&other.0).all(|(own, theirs)| is_same(own, theirs))
    }

    /// Without the keys: what stands in the configuration.
    pub(crate) fn configured(&self) -> String {
        self.0.iter().map(|step| step.name.as_str()).collect::<Vec<_>>().join(".")
    }

    /// With the keys of the modules that both are in: a module's instance refers to no other instance of itself.
    pub(crate) fn seen_from(&self, dependent: &Address) -> Address {
        let mut steps = self.0.clone();
        for (step, theirs) in steps.iter_mut().zip(&dependent.0) {
            if step.name != theirs.name || !step.is_module() {
                break;
            }
            step.key.clone_from(&theirs.key);
        }
        Address(steps)
    }
}

impl Step {
    fn is_module(&self) -> bool {
        self.name.starts_with(MODULE_PREFIX)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Step { name, key }) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{name}")?;
            match key {
                None => {}
                Some(Key::Index(number)) => write!(f, "[{number}]")?,
                Some(Key::Name(name)) => write!(f, "[\"{}\"]", escaped(name))?,
            }
        }
        Ok(())
    }
}

fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' => out.extend(['\\', character]),
            '$' | '%' if characters.as_str().starts_with('{') => out.extend([character, character]),
            control if control.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => out.push(plain),
        }
    }
    out
}

const MODULE_PREFIX: &str = "module.";

const ADDRESS_BYTES_MAX: usize = 1 << 14;

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_written_as_it_was_read() {
        for text in [
            "aws_x.y",
            "data.aws_x.y",
            "aws_x.y[0]",
            "module.a",
            "module.a[\"b.c\"].module.d[12].data.aws_x.y[\"[]\"]",
            r#"aws_x.y["a\"b\\c\nd\te$${f}%%{g}"]"#,
            "aws_x.y[\"$\"]",
            "aws_x.y[\"$$\"]",
            "aws-x.y_z",
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_an_error() {
        for text in [
            "",
            ".",
            "a",
            "a.",
            ".a",
            "a.b.c",
            "module",
            "module.",
            "module.a.",
            "module.a.b",
            "data.a",
            "data.a.b.c.d",
            "a.b[",
            "a.b[]",
            "a.b[-1]",
            "a.b[x]",
            "a.b[\"x]",
            "a.b[\"x\"",
            "a.b[\"\\x\"]",
            "a.b[\"\\ud800\"]",
            "a.b[0]c",
            "a.b[0][1]",
            "a b.c",
            "a.*",
            "a.b[*]",
            "../a.b",
            "a.b\n",
            " a.b",
            "1a.b",
            "a.b[99999999999999999999999]",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_step_without_a_key_holds_all_instances() {
        let check = |claim: &str, other: &str, holds: bool| {
            let [claim, other] = [claim, other].map(|text| Address::parse(text).unwrap());
            assert_eq!(claim.holds(&other), holds, "{claim} {other}");
        };
        check("module.a", "module.a[\"x\"].module.b.aws_x.y[0]", true);
        check("module.a[\"x\"]", "module.a[\"x\"].aws_x.y", true);
        check("module.a[\"x\"]", "module.a[\"y\"].aws_x.y", false);
        check("module.a[0]", "module.a[\"0\"].aws_x.y", false);
        check("module.a", "module.ab.aws_x.y", false);
        check("module.a", "aws_x.y", false);
        check("aws_x.y", "aws_x.y[1]", true);
        check("aws_x.y[1]", "aws_x.y", false);
        check("aws_x.y", "aws_x.yz", false);
        check("aws_x.y", "data.aws_x.y", false);
        check("module.a.aws_x.y", "module.b.module.a.aws_x.y", false);
    }

    #[test]
    fn a_dependency_is_in_the_same_instance_of_a_module() {
        let check = |dependency: &str, dependent: &str, seen: &str| {
            let [dependency, dependent] = [dependency, dependent].map(|text| Address::parse(text).unwrap());
            assert_eq!(dependency.seen_from(&dependent).to_string(), seen);
        };
        check("module.a.aws_x.y", "module.a[\"k\"].aws_x.z[1]", "module.a[\"k\"].aws_x.y");
        check("module.b.aws_x.y", "module.a[\"k\"].aws_x.z", "module.b.aws_x.y");
        check("module.a.module.c.aws_x.y", "module.a[0].module.b[1].aws_x.z", "module.a[0].module.c.aws_x.y");
        check("aws_x.y", "aws_x.y[1]", "aws_x.y");
    }
}
