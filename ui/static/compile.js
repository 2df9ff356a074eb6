// Fetches and compiles the pages while the styles are still on their way; start.js, a module, waits for all of them.
window.slipwayPages = WebAssembly.compileStreaming(fetch("slipway-ui_bg.wasm"));
// What fails is told there.
window.slipwayPages.catch(() => {});
