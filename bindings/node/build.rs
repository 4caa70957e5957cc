//! Tells the linker what a Node add-on needs on each platform.

fn main() {
    napi_build::setup();
}
