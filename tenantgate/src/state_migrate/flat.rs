//! A Terraform state of version 4, as an index over its text: nothing of it is written anew.

use std::borrow::Cow;
use std::collections::BTreeSet;

use policy_model::json::{Kind, Value};

use super::address::{Address, Key};
use super::moves::shown;

/// A state.
pub(super) struct Flat<'d> {
    pub(super) root: Value<'d>,
    pub(super) lineage: Cow<'d, str>,
    pub(super) serial: &'d str,
    pub(super) outputs: Vec<(Cow<'d, str>, Value<'d>)>,
    pub(super) resources: Vec<Resource<'d>>,
}

/// One resource, in one instance of its module.
pub(super) struct Resource<'d> {
    pub(super) value: Value<'d>,
    pub(super) is_data: bool,
    pub(super) instances: Vec<Instance<'d>>,
}

/// One instance, which may be one that is still to be destroyed.
pub(super) struct Instance<'d> {
    pub(super) value: Value<'d>,
    pub(super) address: Address,
    pub(super) deposed: Option<Cow<'d, str>>,
    pub(super) dependencies: Vec<Address>,
}

impl<'d> Flat<'d> {
    /// Reads a state; the error says what is wrong, and shows no value of it.
    pub(super) fn read(root: Value<'d>) -> Result<Flat<'d>, String> {
        if root.kind() != Kind::Object {
            return Err("no Terraform state; expected what `terraform state pull` writes".to_owned());
        }
        check_version(root)?;
        if root.duplicate_name().is_some() {
            return Err("a member is there twice, and readers may differ about which counts".to_owned());
        }
        let lineage = root.get("lineage").and_then(Value::as_str).filter(|lineage| !lineage.is_empty());
        let serial = root.get("serial").map(Value::text).filter(|serial| serial.parse::<u64>().is_ok());
        let resources = root.get("resources").filter(|resources| resources.kind() == Kind::Array);
        let mut flat = Flat {
            root,
            lineage: lineage.ok_or("lineage is missing; expected what `terraform state pull` writes")?,
            serial: serial.ok_or("serial is missing or no number")?,
            outputs: root
                .get("outputs")
                .into_iter()
                .flat_map(Value::members)
                .map(named)
                .collect::<Option<_>>()
                .ok_or("an output has no name")?,
            resources: Vec::new(),
        };
        for (index, value) in resources.ok_or("resources is missing or no array")?.elements().enumerate() {
            let resource = Resource::read(value).map_err(|what| format!("resources[{index}]: {what}"))?;
            flat.resources.push(resource);
        }
        flat.check_once()?;
        Ok(flat)
    }

    /// All instances, in the order of the text.
    pub(super) fn instances(&self) -> impl Iterator<Item = (&Resource<'d>, &Instance<'d>)> {
        self.resources.iter().flat_map(|resource| resource.instances.iter().map(move |instance| (resource, instance)))
    }

    fn check_once(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for (_, Instance { address, deposed, .. }) in self.instances() {
            if !seen.insert((address, deposed)) {
                return Err(format!("{address} is there twice; a state with a resource twice is broken"));
            }
        }
        Ok(())
    }
}

fn check_version(root: Value<'_>) -> Result<(), String> {
    match root.get("version").map(Value::text) {
        Some("4") => Ok(()),
        Some(old @ ("1" | "2" | "3")) => Err(format!(
            "a state of version {old}; `terraform apply -refresh-only` with Terraform 0.12 or later makes it version 4"
        )),
        Some(_) => Err("a state of an unknown version; version 4 is what Terraform writes since 0.12".to_owned()),
        None => Err("version is missing; expected what `terraform state pull` writes".to_owned()),
    }
}

fn named<'d>(member: policy_model::json::Member<'d>) -> Option<(Cow<'d, str>, Value<'d>)> {
    Some((member.name.as_str()?, member.value))
}

impl<'d> Resource<'d> {
    fn read(value: Value<'d>) -> Result<Resource<'d>, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let module = text("module").map(|module| Address::parse(&module)).transpose()?;
        if module.as_ref().is_some_and(|module| !module.is_module()) {
            return Err("module is no address of a module".to_owned());
        }
        let is_data = match text("mode").as_deref() {
            Some("managed") => false,
            Some("data") => true,
            Some(_) | None => return Err("mode is neither managed nor data".to_owned()),
        };
        let (kind, name) = text("type").zip(text("name")).ok_or("type or name is missing")?;
        let prefix = if is_data { "data." } else { "" };
        let name = format!("{prefix}{kind}.{name}");
        if Address::parse(&name).is_err() {
            return Err("type and name are none of a resource".to_owned());
        }
        let instances = value.get("instances").filter(|instances| instances.kind() == Kind::Array);
        let instances = instances.ok_or("instances is missing or no array")?.elements();
        let read = |instance: Value<'d>| Instance::read(instance, module.as_ref(), &name);
        Ok(Resource { value, is_data, instances: instances.map(read).collect::<Result<_, _>>()? })
    }

    /// What stands beside the instances.
    pub(super) fn head(&self) -> Vec<(Cow<'d, str>, &'d str)> {
        let members = self.value.members().filter_map(named);
        members.filter(|(name, _)| name != "instances").map(|(name, value)| (name, value.text())).collect()
    }
}

impl<'d> Instance<'d> {
    fn read(value: Value<'d>, module: Option<&Address>, name: &str) -> Result<Instance<'d>, String> {
        let key = match value.get("index_key").map(|key| (key.kind(), key.as_str(), key.text())) {
            None | Some((Kind::Null, ..)) => None,
            Some((Kind::String, Some(name), _)) => Some(Key::Name(name.into_owned())),
            Some((_, _, text)) => Some(Key::Index(text.parse().map_err(|_| "index_key is no index")?)),
        };
        let deposed = value.get("deposed").and_then(Value::as_str).filter(|deposed| !deposed.is_empty());
        let written = value.get("dependencies").into_iter().flat_map(Value::elements);
        let dependencies = written.map(|dependency| {
            let text = dependency.as_str().ok_or("dependencies holds what is no string")?;
            Address::parse(&text)
        });
        Ok(Instance {
            value,
            address: Address::of_resource(module, name.to_owned(), key),
            deposed,
            dependencies: dependencies.collect::<Result<_, _>>()?,
        })
    }

    /// As it is called in messages, where no two have one name.
    pub(super) fn shown(&self) -> String {
        shown(&self.address, self.deposed.as_deref())
    }
}
