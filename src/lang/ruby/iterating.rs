//! The methods whose blocks rubocop takes for loops.
//!
//! Source: <https://docs.rubocop.org/rubocop/cops_metrics.html#metricscyclomaticcomplexity>.

/// In alphabetical order.
const ITERATING: [&[u8]; 86] = [
    b"all?",
    b"any?",
    b"bsearch",
    b"bsearch_index",
    b"chain",
    b"chunk",
    b"chunk_while",
    b"collect",
    b"collect!",
    b"collect_concat",
    b"combination",
    b"count",
    b"cycle",
    b"d_permutation",
    b"delete_if",
    b"detect",
    b"drop",
    b"drop_while",
    b"each",
    b"each_cons",
    b"each_entry",
    b"each_index",
    b"each_key",
    b"each_pair",
    b"each_slice",
    b"each_value",
    b"each_with_index",
    b"each_with_object",
    b"entries",
    b"fetch",
    b"fetch_values",
    b"filter",
    b"filter_map",
    b"find",
    b"find_all",
    b"find_index",
    b"flat_map",
    b"grep",
    b"grep_v",
    b"group_by",
    b"has_key?",
    b"inject",
    b"keep_if",
    b"lazy",
    b"map",
    b"map!",
    b"max",
    b"max_by",
    b"merge",
    b"merge!",
    b"min",
    b"min_by",
    b"minmax",
    b"minmax_by",
    b"none?",
    b"one?",
    b"partition",
    b"permutation",
    b"product",
    b"reduce",
    b"reject",
    b"reject!",
    b"repeat",
    b"repeated_combination",
    b"reverse_each",
    b"select",
    b"select!",
    b"slice_after",
    b"slice_before",
    b"slice_when",
    b"sort",
    b"sort!",
    b"sort_by",
    b"sum",
    b"take",
    b"take_while",
    b"tally",
    b"to_h",
    b"transform_keys",
    b"transform_keys!",
    b"transform_values",
    b"transform_values!",
    b"uniq",
    b"with_index",
    b"with_object",
    b"zip",
];

/// Whether a block given to the method `name` is a loop.
pub(super) fn iterates(name: &[u8]) -> bool {
    ITERATING.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::ITERATING;

    #[test]
    fn the_names_are_in_order() {
        assert!(ITERATING.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
