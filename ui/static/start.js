// Starts the compiled pages. It stands in a file of its own because the content security policy allows no inline
// script.
import init from "./slipway-ui.js";

try {
  await init({ module_or_path: window.slipwayPages });
} catch (error) {
  const page = document.getElementById("app");
  page.textContent = `Slipway's pages could not be started: ${error}. Install Slipway again, or build it with "cargo xtask run".`;
}
