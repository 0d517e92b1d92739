//! Prefixes in a tree: all that a text begins with, in one walk along it.

/// Prefixes, found along the text.
#[derive(Debug, Default)]
pub(crate) struct RadixTree {
    label: Box<[u8]>,
    rules: Vec<u32>,
    /// What the labels of the children begin with, in order: beside each other, a child is found without a look at the others.
    firsts: Vec<u8>,
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
        let index = match self.firsts.binary_search(first) {
            Ok(index) => index,
            Err(index) => {
                self.firsts.insert(index, *first);
                self.children.insert(index, RadixTree { label: rest.into(), ..RadixTree::default() });
                index
            }
        };
        let Some(child) = self.children.get_mut(index) else { return };
        let common = child.label.iter().zip(rest).take_while(|(left, right)| left == right).count();
        if common < child.label.len() {
            let (upper, lower) = child.label.split_at_checked(common).unwrap_or_default();
            let firsts = lower.iter().copied().take(1).collect();
            let (upper, lower) = (upper.into(), lower.into());
            let lower = RadixTree { label: lower, ..std::mem::take(child) };
            *child = RadixTree { label: upper, rules: Vec::new(), firsts, children: vec![lower] };
        }
        child.insert_bytes(rest.get(common..).unwrap_or_default(), rule);
    }

    pub(crate) fn visit(&self, text: &str, visit: &mut impl FnMut(u32)) {
        let mut node = self;
        let mut rest = text.as_bytes();
        loop {
            node.rules.iter().copied().for_each(&mut *visit);
            let Some(first) = rest.first() else { return };
            let place = node.firsts.iter().position(|own| own == first);
            let Some(child) = place.and_then(|index| node.children.get(index)) else { return };
            let Some(after) = rest.strip_prefix(child.label.as_ref()) else { return };
            node = child;
            rest = after;
        }
    }
}
