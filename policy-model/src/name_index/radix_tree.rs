//! Prefixes in a tree: all that a text begins with, in one walk along it.

/// Prefixes, found along the text.
#[derive(Debug, Default)]
pub(crate) struct RadixTree {
    label: Box<[u8]>,
    rules: Vec<u32>,
    children: Vec<RadixTree>,
}

impl RadixTree {
    pub(crate) fn insert(&mut self, prefix: &str, rule: u32) {
        self.insert_bytes(prefix.as_bytes(), rule);
    }

    fn insert_bytes(&mut self, rest: &[u8], rule: u32) {
        let Some(first) = rest.first() else {
            self.rules.push(rule);
            return;
        };
        let place = self.children.binary_search_by_key(first, |child| child.label.first().copied().unwrap_or(0));
        let index = match place {
            Ok(index) => index,
            Err(index) => {
                self.children.insert(index, RadixTree { label: rest.into(), ..RadixTree::default() });
                index
            }
        };
        let Some(child) = self.children.get_mut(index) else { return };
        let common = child.label.iter().zip(rest).take_while(|(left, right)| left == right).count();
        if common < child.label.len() {
            let lower = child.label.get(common..).unwrap_or_default().into();
            let upper = child.label.get(..common).unwrap_or_default().into();
            let lower = RadixTree {
                label: lower,
                rules: std::mem::take(&mut child.rules),
                children: std::mem::take(&mut child.children),
            };
            *child = RadixTree { label: upper, rules: Vec::new(), children: vec![lower] };
        }
        child.insert_bytes(rest.get(common..).unwrap_or_default(), rule);
    }

    pub(crate) fn visit(&self, text: &str, visit: &mut impl FnMut(u32)) {
        let mut node = self;
        let mut rest = text.as_bytes();
        loop {
            node.rules.iter().copied().for_each(&mut *visit);
            let Some(first) = rest.first() else { return };
            let place = node.children.binary_search_by_key(first, |child| child.label.first().copied().unwrap_or(0));
            let Some(child) = place.ok().and_then(|index| node.children.get(index)) else { return };
            let Some(after) = rest.strip_prefix(child.label.as_ref()) else { return };
            node = child;
            rest = after;
        }
    }
}
