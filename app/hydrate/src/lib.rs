//! The browser's half: wakes the islands that the server rendered.

use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by `boot.js` once the module is loaded; the islands follow one by one.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
