//! Work off JavaScript's thread, as a promise.

use napi::bindgen_prelude::{AsyncTask, Buffer, ToNapiValue, TypeName};
use napi::{Env, Result, Task};

use crate::problem::Problem;
use crate::shared::guarded;

type Work<R> = Box<dyn FnOnce() -> std::result::Result<R, Problem> + Send>;

/// Work that gives one value.
pub struct Job<R>(Option<Work<R>>);

impl<R: Send + 'static> Job<R> {
    pub(crate) fn start(work: impl FnOnce() -> std::result::Result<R, Problem> + Send + 'static) -> AsyncTask<Self>
    where
        Self: Task,
    {
        AsyncTask::new(Self(Some(Box::new(work))))
    }

    fn run(&mut self) -> Result<R> {
        let work = self.0.take().ok_or_else(|| napi::Error::from_reason("a job runs once"))?;
        Ok(guarded(work)?)
    }
}

impl<R: Send + ToNapiValue + TypeName + 'static> Task for Job<R> {
    type Output = R;
    type JsValue = R;

    fn compute(&mut self) -> Result<R> {
        self.run()
    }

    fn resolve(&mut self, _env: Env, output: R) -> Result<R> {
        Ok(output)
    }
}

/// Work that gives bytes, in parts that JavaScript can take one at a time without copying them first.
pub struct Pages(Job<Vec<Vec<u8>>>);

impl Pages {
    pub(crate) fn start(
        work: impl FnOnce() -> std::result::Result<Vec<Vec<u8>>, Problem> + Send + 'static,
    ) -> AsyncTask<Self> {
        AsyncTask::new(Self(Job(Some(Box::new(work)))))
    }
}

impl Task for Pages {
    type Output = Vec<Vec<u8>>;
    type JsValue = Vec<Buffer>;

    fn compute(&mut self) -> Result<Self::Output> {
        self.0.run()
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Vec<Buffer>> {
        Ok(output.into_iter().map(Buffer::from).collect())
    }
}

/// What JavaScript hands in by parts, as one. To be called off its thread: a hundred megabytes take long to copy.
pub(crate) fn joined(parts: &[Buffer]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        whole.extend_from_slice(part);
    }
    whole
}
