//! The policy, in the hands of JavaScript.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use kentongan::oncall::Schedule;
use kentongan::policy::BUILT_IN_CHANNELS;
use kentongan::{Alert, Classifier, Policy, PolicyError, Ruling};
use kentongan_lab::Summary;
use napi_derive::napi;
use serde::Serialize;
use serde_json::Value;

use crate::batch::NativeBatch;
use crate::cells::{Known, decide_packed};
use crate::lab::{ReadFile, reader};
use crate::layout::Layout;
use crate::problem::{Problem, instant, json, millis};
use crate::shared::guarded;

self_cell::self_cell!(
    /// A policy, and a classifier that keeps its memory from alert to alert.
    struct Ready {
        owner: Arc<Policy>,
        #[not_covariant]
        dependent: Asking,
    }
);

struct Asking<'p>(RefCell<Classifier<'p>>);

/// Every policy of the process that is in use, by digest, for the threads that share one.
static IN_USE: Mutex<BTreeMap<String, Vec<Weak<Policy>>>> = Mutex::new(BTreeMap::new());

/// A policy of the process that is in use.
pub(crate) fn in_use(digest: &str) -> Option<Arc<Policy>> {
    let in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    in_use.get(digest)?.iter().find_map(Weak::upgrade)
}

/// A policy, compiled.
#[napi]
pub struct NativePolicy {
    ready: Ready,
    layout: Arc<Layout>,
    known: RefCell<Known>,
}

impl NativePolicy {
    fn new(policy: Arc<Policy>) -> Self {
        let layout = Arc::new(Layout::of(&policy));
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.retain(|_, same| {
            same.retain(|policy| policy.strong_count() > 0);
            !same.is_empty()
        });
        in_use.entry(policy.digest().to_owned()).or_default().push(Arc::downgrade(&policy));
        let ready = Ready::new(policy, |policy| Asking(RefCell::new(policy.classifier())));
        Self { ready, layout, known: RefCell::default() }
    }

    pub(crate) fn shared(&self) -> Arc<Policy> {
        Arc::clone(self.ready.borrow_owner())
    }

    fn policy(&self) -> &Policy {
        self.ready.borrow_owner()
    }

    fn decide_with(&self, decide: impl FnOnce(&mut Classifier<'_>) -> Option<Ruling>) -> Result<f64, Problem> {
        guarded(|| Ok(self.ready.with_dependent(|_, asking| code(decide(&mut asking.0.borrow_mut())))))
    }
}

/// A ruling as one number: the rule's place plus one, the severity's place in 16 bits, and whether a rule failed.
#[expect(clippy::cast_precision_loss, reason = "as many rules as memory holds fit into a float's 53 bits")]
fn code(ruling: Option<Ruling>) -> f64 {
    ruling.map_or(-1.0, |ruling| {
        let rule = ruling.rule.map_or(0, |rule| rule + 1);
        (((rule << 16 | ruling.severity) << 1) | usize::from(ruling.fault)) as f64
    })
}

/// What checking a policy found.
#[derive(Serialize)]
struct Checked {
    valid: bool,
    diagnostics: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Summary>,
}

/// Reads a policy's text.
fn load(name: &str, text: &str, read: Option<&ReadFile<'_>>) -> Result<Policy, PolicyError> {
    let read = reader(read);
    kentongan_ingest::load_policy(name, text, |beside| read(beside).ok())
}

#[napi]
impl NativePolicy {
    /// Reads a policy, YAML or JSON; `read` gives the files that it names beside itself.
    #[napi(factory)]
    pub fn load(
        name: String,
        text: String,
        #[napi(ts_arg_type = "((name: string) => Buffer | null) | undefined | null")] read: Option<ReadFile<'_>>,
    ) -> napi::Result<Self> {
        Ok(guarded(|| Ok(Self::new(Arc::new(load(&name, &text, read.as_ref())?))))?)
    }

    /// A policy as data, in JSON.
    #[napi(factory)]
    pub fn from_json(
        text: String,
        #[napi(ts_arg_type = "((name: string) => Buffer | null) | undefined | null")] read: Option<ReadFile<'_>>,
    ) -> napi::Result<Self> {
        Ok(guarded(|| {
            let value = serde_json::from_str(&text).map_err(|error| Problem::unreadable("a policy", &error))?;
            let read = reader(read.as_ref());
            let policy = kentongan_ingest::policy_from_value(&value, |beside| read(beside).ok())?;
            Ok(Self::new(Arc::new(policy)))
        })?)
    }

    /// A policy that comes with the library.
    #[napi(factory)]
    pub fn shipped(name: String) -> napi::Result<Self> {
        let shipped = kentongan_lab::shipped(&name).ok_or_else(|| {
            let names: Vec<&str> = kentongan_lab::SHIPPED.iter().map(|shipped| shipped.name).collect();
            Problem::new(
                "unknown_policy",
                format!("no policy is called `{name}`"),
                format!("known are `{}`", names.join("`, `")),
            )
        })?;
        Ok(guarded(|| Ok(Self::new(Arc::new(shipped.load()?))))?)
    }

    /// A policy that another thread of the process has compiled and still uses, by its digest.
    #[napi(factory)]
    pub fn in_use(digest: String) -> napi::Result<Self> {
        let found = self::in_use(&digest);
        let policy = found.ok_or_else(|| {
            let message = format!("no policy in use has the digest `{digest}`");
            Problem::new("unknown_policy", message, "keep the policy referenced in the thread that loaded it")
        })?;
        Ok(Self::new(policy))
    }

    /// What is wrong with a policy's text, and what it holds, as JSON.
    #[napi]
    pub fn check(
        name: String,
        text: String,
        #[napi(ts_arg_type = "((name: string) => Buffer | null) | undefined | null")] read: Option<ReadFile<'_>>,
    ) -> napi::Result<String> {
        Ok(guarded(|| {
            let checked = match load(&name, &text, read.as_ref()) {
                Ok(policy) => Checked {
                    valid: true,
                    diagnostics: serde_json::to_value(policy.warnings()).unwrap_or_default(),
                    summary: Some(Summary::of(&policy)),
                },
                Err(error) => Checked {
                    valid: false,
                    diagnostics: serde_json::to_value(error.diagnostics()).unwrap_or_default(),
                    summary: None,
                },
            };
            Ok(json(&checked))
        })?)
    }

    /// Its name.
    #[napi(getter)]
    #[must_use]
    pub fn name(&self) -> String {
        self.policy().name().to_owned()
    }

    /// Its digest.
    #[napi(getter)]
    #[must_use]
    pub fn digest(&self) -> String {
        self.policy().digest().to_owned()
    }

    /// The zone in which its people read dates and times.
    #[napi(getter)]
    #[must_use]
    pub fn zone(&self) -> String {
        self.policy().zone().name().to_owned()
    }

    /// The channels on which it may tell somebody something.
    #[napi]
    #[must_use]
    pub fn channels(&self) -> Vec<String> {
        self.policy().channels().into_iter().map(str::to_owned).collect()
    }

    /// The channels that it could name: those that need no declaration, and those that it declares.
    #[napi]
    #[must_use]
    pub fn known_channels(&self) -> Vec<String> {
        let declared = self.policy().document().channels.keys().cloned();
        BUILT_IN_CHANNELS.map(str::to_owned).into_iter().chain(declared).collect()
    }

    /// The names of its severities, the worst first.
    #[napi]
    #[must_use]
    pub fn severities(&self) -> Vec<String> {
        self.policy().severities().map(str::to_owned).collect()
    }

    /// The names of its rules, in order.
    #[napi]
    #[must_use]
    pub fn rules(&self) -> Vec<String> {
        self.policy().rules().map(str::to_owned).collect()
    }

    /// Its on-call roles.
    #[napi]
    #[must_use]
    pub fn on_call_roles(&self) -> Vec<String> {
        self.policy().on_call_roles().map(str::to_owned).collect()
    }

    /// The names of its schedules.
    #[napi]
    #[must_use]
    pub fn schedules(&self) -> Vec<String> {
        self.policy().schedules().map(Schedule::name).map(str::to_owned).collect()
    }

    /// The names of its calendars.
    #[napi]
    #[must_use]
    pub fn calendars(&self) -> Vec<String> {
        self.policy().document().calendars.keys().cloned().collect()
    }

    /// What people read for the id of a person.
    #[napi]
    pub fn named(&self, person: String) -> napi::Result<String> {
        Ok(guarded(|| Ok(kentongan::report::named(self.policy(), &person)))?)
    }

    /// What of it is over at an instant, in words.
    #[napi]
    pub fn over(&self, at: f64) -> napi::Result<Vec<String>> {
        let at = instant(at)?;
        Ok(guarded(|| Ok(kentongan_lab::over(self.policy(), at)))?)
    }

    /// The first release after an instant.
    #[napi]
    pub fn next_release(&self, after: f64) -> napi::Result<Option<f64>> {
        let after = instant(after)?;
        Ok(guarded(|| Ok(self.policy().releases().and_then(|releases| releases.next(after)).map(millis)))?)
    }

    /// The facts that its rules read, `labels.env`, in the order of a packed row.
    #[napi]
    #[must_use]
    pub fn facts(&self) -> Vec<String> {
        self.layout.names.clone()
    }

    /// Whether a rule takes the labels or values of an alert as a whole.
    #[napi]
    #[must_use]
    pub fn needs_whole_alerts(&self) -> bool {
        self.policy().needs_whole_alerts()
    }

    /// Its summary, as JSON.
    #[napi]
    pub fn summary(&self) -> napi::Result<String> {
        Ok(guarded(|| Ok(json(&Summary::of(self.policy()))))?)
    }

    /// What can be used but likely does not mean what its author thinks, as JSON.
    #[napi]
    #[must_use]
    pub fn warnings(&self) -> String {
        json(self.policy().warnings())
    }

    /// The document that it was compiled from, as JSON.
    #[napi]
    pub fn document(&self) -> napi::Result<String> {
        Ok(guarded(|| Ok(json(self.policy().document())))?)
    }

    /// Decides a packed row of facts; -1 where it is not one.
    #[napi]
    pub fn decide_packed(&self, row: String) -> napi::Result<f64> {
        Ok(self.decide_with(|classifier| decide_packed(classifier, &self.layout, &row))?)
    }

    /// Keeps a text of a fact, by the fact's place in a row, and gives the number that stands for it in rows; -1 where so
    /// many are kept that no more are.
    #[napi]
    #[must_use]
    pub fn keep_text(&self, place: u32, text: String) -> i32 {
        let number = self.known.borrow_mut().keep(place, text);
        number.and_then(|number| i32::try_from(number).ok()).unwrap_or(-1)
    }

    /// Decides a row of facts by numbers; -1 where it is not one.
    #[napi]
    pub fn decide_row(&self, row: &[f64]) -> napi::Result<f64> {
        let known = self.known.borrow();
        Ok(self.decide_with(|classifier| known.decide(classifier, &self.layout, row, None))?)
    }

    /// The same where some texts are not kept: those, separated.
    #[napi]
    pub fn decide_row_with(&self, row: &[f64], others: String) -> napi::Result<f64> {
        let known = self.known.borrow();
        Ok(self.decide_with(|classifier| known.decide(classifier, &self.layout, row, Some(&others)))?)
    }

    /// Decides an alert given as JSON.
    #[napi]
    pub fn decide(&self, alert: String) -> napi::Result<f64> {
        let alert = self::alert(&alert)?;
        Ok(self.decide_with(|classifier| Some(classifier.decide_alert(&alert)))?)
    }

    /// Classifies an alert given as JSON, with the reasons, as JSON.
    #[napi]
    pub fn classify(&self, alert: String) -> napi::Result<String> {
        Ok(guarded(|| Ok(json(&self.policy().classify(&self::alert(&alert)?))))?)
    }

    /// Classifies an alert given as JSON, with what every rule says of it: as JSON, and as people read it.
    #[napi]
    pub fn explain(&self, alert: String) -> napi::Result<Vec<String>> {
        Ok(guarded(|| {
            let explanation = self.policy().explain(&self::alert(&alert)?);
            Ok(vec![json(&explanation), explanation.to_string()])
        })?)
    }

    /// A batch of alerts, to be started.
    #[napi]
    #[must_use]
    pub fn batch(&self) -> NativeBatch {
        NativeBatch::new(self.shared(), Arc::clone(&self.layout))
    }

    /// Who is on call, as JSON.
    #[napi]
    pub fn who(&self, role: String, at: f64) -> napi::Result<String> {
        let at = instant(at)?;
        Ok(guarded(|| Ok(json(&self.policy().who(&role, at))))?)
    }

    /// When somebody else is on call.
    #[napi]
    pub fn next_change(&self, role: String, after: f64) -> napi::Result<Option<f64>> {
        let after = instant(after)?;
        Ok(guarded(|| Ok(self.policy().next_change(&role, after).map(millis)))?)
    }

    /// Who is on call between two instants, as JSON.
    #[napi]
    pub fn coverage(&self, role: String, from: f64, to: f64) -> napi::Result<String> {
        let (from, to) = (instant(from)?, instant(to)?);
        Ok(guarded(|| Ok(json(&self.policy().coverage(&role, from, to))))?)
    }
}

fn alert(text: &str) -> Result<Alert, Problem> {
    serde_json::from_str(text).map_err(|error| Problem::unreadable("an alert", &error))
}
