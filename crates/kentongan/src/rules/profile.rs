//! What a script may do. Everything that is not allowed here does not exist for it: it is refused when it is read.
//!
//! No function changes a value in place, none grows one by a number, none depends on the machine: rhai's `sleep` and
//! `timestamp` wait and read a clock, `**`, `sin` and their like give other last digits on another system. So values
//! grow by literals, `+` and interpolation alone, which the limits of [`limits`] count.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{Array, Dynamic, Engine, EvalAltResult, INT, Map, NativeCallContext, OptimizationLevel};

use super::facts::Elapsed;
use crate::limits;

/// The functions of rhai that a script may call. Operators, and what the engine itself adds, come on top.
const ALLOWED: [&str; 39] = [
    // Of text.
    "bytes",
    "chars",
    "contains",
    "ends_with",
    "index_of",
    "is_empty",
    "len",
    "parse_float",
    "parse_int",
    "split",
    "starts_with",
    "sub_string",
    "to_lower",
    "to_string",
    "to_upper",
    // Of lists, maps and ranges; `contains`, `index_of`, `is_empty` and `len` are theirs too.
    "end",
    "extract",
    "get",
    "keys",
    "range",
    "start",
    "values",
    // Of numbers.
    "abs",
    "ceiling",
    "floor",
    "fraction",
    "int",
    "is_even",
    "is_finite",
    "is_infinite",
    "is_nan",
    "is_odd",
    "is_zero",
    "max",
    "min",
    "round",
    "sign",
    "to_float",
    "to_int",
];

/// rhai's ways out of what was read: code from text, functions as values, and output. Then the one operator whose
/// result depends on the machine.
const DISABLED: [&str; 8] = ["eval", "curry", "Fn", "call", "print", "debug", "**", "**="];

/// What can be called, with how many arguments.
pub(super) fn callable(engine: &Engine) -> BTreeMap<String, BTreeSet<usize>> {
    let signature =
        |function: rhai::FuncInfo<'_>| Some((function.metadata.name.to_string(), function.metadata.num_params));
    let own = engine.collect_fn_metadata(None, signature, false);
    let all = engine.collect_fn_metadata(None, signature, true);
    let allowed = all.into_iter().filter(|(name, _)| ALLOWED.contains(&name.as_str()));
    let mut callable: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (name, arguments) in own.into_iter().chain(allowed).chain([("type_of".to_owned(), 1)]) {
        callable.entry(name).or_default().insert(arguments);
    }
    callable
}

/// What can be read of a value as if it were a part of it.
pub(super) fn getters(engine: &Engine) -> BTreeSet<String> {
    let getter = |function: rhai::FuncInfo<'_>| function.metadata.name.strip_prefix("get$").map(str::to_owned);
    engine.collect_fn_metadata(None, getter, true).into_iter().collect()
}

/// Runs what reads or evaluates a script with [`limits::SCRIPT_STACK_BYTES`] of stack before it: where the caller has
/// less, on a stack of its own. So the caller's stack decides neither the answer nor whether there is one.
pub(super) fn on_enough_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(limits::SCRIPT_STACK_BYTES, limits::SCRIPT_STACK_BYTES, run)
}

/// A rhai engine under the profile.
pub(super) fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    // Not the core language package: it brings `sleep`, which no limit stops.
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    for symbol in DISABLED {
        engine.disable_symbol(symbol);
    }
    // The optimiser has dropped statements before; conditions are small.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_allow_anonymous_fn(false);
    engine.set_max_operations(limits::SCRIPT_OPERATIONS_MAX);
    engine.set_max_array_size(limits::SCRIPT_ARRAY_MAX);
    engine.set_max_map_size(limits::SCRIPT_MAP_MAX);
    engine.set_max_string_size(limits::SCRIPT_STRING_BYTES_MAX);
    engine.set_max_variables(limits::SCRIPT_VARIABLES_MAX);
    engine.set_max_functions(limits::SCRIPT_FUNCTIONS_MAX);
    engine.set_max_call_levels(limits::SCRIPT_CALLS_MAX);
    engine.set_max_expr_depths(limits::SCRIPT_DEPTH_MAX.0, limits::SCRIPT_DEPTH_MAX.1);
    engine.set_max_strings_interned(0);
    collections(&mut engine);
    elapsed(&mut engine);
    engine
}

/// Lists and maps are compared to a depth, and are no text. rhai's own functions for both call themselves for what is
/// inside, with two kilobytes of stack a level or more.
fn collections(engine: &mut Engine) {
    engine.register_fn("==", |context: NativeCallContext<'_>, left: &mut Array, right: Array| {
        same_list(&context, left, right)
    });
    engine.register_fn("!=", |context: NativeCallContext<'_>, left: &mut Array, right: Array| {
        same_list(&context, left, right).map(|same| !same)
    });
    engine.register_fn("==", |context: NativeCallContext<'_>, left: &mut Map, right: Map| {
        same_map(&context, left, right)
    });
    engine.register_fn("!=", |context: NativeCallContext<'_>, left: &mut Map, right: Map| {
        same_map(&context, left, right).map(|same| !same)
    });
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |_: &mut Array| failed::<String>("a list is no text"));
        engine.register_fn(name, |_: &mut Map| failed::<String>("a map is no text"));
    }
}

fn failed<T>(why: &str) -> Result<T, Box<EvalAltResult>> {
    Err(why.into())
}

fn same_list(context: &NativeCallContext<'_>, left: &mut Array, mut right: Array) -> Result<bool, Box<EvalAltResult>> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (one, other) in left.iter_mut().zip(&mut right) {
        if !same(context, one, other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_map(context: &NativeCallContext<'_>, left: &mut Map, mut right: Map) -> Result<bool, Box<EvalAltResult>> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (name, one) in left {
        let Some(other) = right.get_mut(name) else {
            return Ok(false);
        };
        if !same(context, one, other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// As rhai compares what is inside of lists and maps: of two kinds that do not compare, `false`.
fn same(context: &NativeCallContext<'_>, one: &mut Dynamic, other: &mut Dynamic) -> Result<bool, Box<EvalAltResult>> {
    if nests_deeper(one, limits::SCRIPT_NESTING_MAX) {
        return failed("the values nest too deep to be compared");
    }
    match context.call_native_fn_raw("==", true, &mut [one, other]) {
        Ok(answer) => Ok(answer.as_bool().unwrap_or(false)),
        Err(error) => match *error {
            EvalAltResult::ErrorFunctionNotFound(..) if one.type_id() != other.type_id() => Ok(false),
            _ => Err(error),
        },
    }
}

fn nests_deeper(value: &Dynamic, levels: usize) -> bool {
    let deeper = |inside: &Dynamic| levels == 0 || nests_deeper(inside, levels - 1);
    if let Ok(list) = value.as_array_ref() {
        return list.iter().any(deeper);
    }
    value.as_map_ref().is_ok_and(|map| map.values().any(deeper))
}

fn elapsed(engine: &mut Engine) {
    engine.register_type_with_name::<Elapsed>("elapsed");
    macro_rules! compare {
        ($($operator:literal $holds:expr),* $(,)?) => {$(
            engine.register_fn($operator, |left: Elapsed, right: INT| $holds(left.compared_with(right)));
            engine.register_fn($operator, |left: INT, right: Elapsed| $holds(right.compared_with(left).reverse()));
        )*};
    }
    compare!(
        "==" Ordering::is_eq,
        "!=" Ordering::is_ne,
        "<" Ordering::is_lt,
        "<=" Ordering::is_le,
        ">" Ordering::is_gt,
        ">=" Ordering::is_ge,
    );
}
